"""What can be typed: verbs, their options and the help. Imports nothing that is slow."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.cli.arguments_check import add_check, add_compare_models, add_snapshots
from auditor.cli.arguments_past import add_blame, add_diff, add_state, add_when
from auditor.cli.options import (
    add_aggregate,
    add_page,
    add_progress,
    add_store,
    add_trust,
    add_verb,
)
from auditor.cli.parser import Parser, positive, whole
from auditor.core.errors import WrongRequest
from auditor.core.text import tr

if TYPE_CHECKING:
    from auditor.cli.parser import Verbs


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Options and operands may stand in any order; what follows `--` is never an option.

    Raises: WrongRequest, HelpAsked.
    """
    top, verbs = _parsers()
    if not arguments:
        top.print_help()
    made = verbs.choices.get(arguments[0])
    if made is None:
        return top.parse_args(arguments)
    at = arguments.index("--") if "--" in arguments else len(arguments)
    literal = arguments[at + 1 :]
    # argparse treats `--` in several ways, depending on Python's version; NUL cannot stand in an argument
    places = [f"\x00{number}" for number in range(len(literal))]
    options = made.parse_intermixed_args([*arguments[1:at], *places])
    values = dict(zip(places, literal, strict=True))
    for name, value in vars(options).items():
        if isinstance(value, list):
            setattr(options, name, [values.get(one, one) for one in value])
        elif isinstance(value, str):
            setattr(options, name, values.get(value, value))
    options.verb = arguments[0]
    return options


def _parsers() -> "tuple[Parser, Verbs]":
    top = Parser(
        prog="auditor",
        description=tr("Open an event store, see what was true at any version, rebuild read models."),
        epilog=tr("`auditor demo` makes a store to try things on. `auditor VERB --help` explains a verb."),
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help=tr("say which version this is"))
    verbs = top.add_subparsers(dest="verb", metavar=tr("VERB"), title=tr("verbs"), parser_class=Parser)
    looking = (
        _open,
        _info,
        _aggregates,
        _events,
        _timeline,
        _event,
        add_state,
        add_diff,
        add_blame,
        add_when,
        add_check,
        add_snapshots,
        add_compare_models,
        _projections,
        _rows,
    )
    for add in (*looking, _copy, _import, _project, _rebuild, _demo):
        add(verbs)
    return top, verbs


def _open(verbs: "Verbs") -> None:
    made = add_verb(verbs, "open", tr("show the window, on this store or without one"), answers=False)
    add_store(made, nargs="?")


def _info(verbs: "Verbs") -> None:
    made = add_verb(verbs, "info", tr("what a store is and how much is in it"))
    add_store(made)
    made.add_argument("--estimate", action="store_true", help=tr("a quick hint instead of exact counts"))


def _aggregates(verbs: "Verbs") -> None:
    made = add_verb(verbs, "aggregates", tr("list aggregates, a page at a time"))
    add_store(made)
    made.add_argument("--type", metavar="T", help=tr("only aggregates of this type"))
    made.add_argument("--prefix", metavar="P", help=tr("only ids that begin with this text"))
    made.add_argument(
        "--sort",
        choices=("id", "last"),
        default="id",
        help=tr("by id (the default) or by the last event, newest first"),
    )
    add_page(made)
    made.add_argument("--before", metavar="TOKEN", help=tr("the page in front of the one that named this"))


def _events(verbs: "Verbs") -> None:
    made = add_verb(verbs, "events", tr("list events in order, a page at a time"))
    add_store(made)
    add_aggregate(made, required=False)
    made.add_argument("--type", metavar="T", help=tr("only events of this type"))
    made.add_argument("--user", metavar="U", help=tr("only events that this user caused"))
    made.add_argument("--since", metavar="TIME", help=tr("only events at or after this time"))
    made.add_argument("--until", metavar="TIME", help=tr("only events before this time"))
    add_page(made)
    made.set_defaults(limit=None)  # without --limit, following has no end
    made.add_argument(
        "--follow",
        action="store_true",
        help=tr("show events as they are appended, after TOKEN or from now on, until Ctrl-C or N are shown"),
    )


def _timeline(verbs: "Verbs") -> None:
    made = add_verb(verbs, "timeline", tr("what happened to an aggregate: its events by type, time and user"))
    add_store(made)
    add_aggregate(made, required=True)
    made.add_argument(
        "--type", metavar="T", help=tr("the aggregate's type, where the id alone is not unique")
    )
    made.add_argument(
        "--after", type=whole, default=0, metavar="N", help=tr("only events beyond the aggregate's first N")
    )


def _event(verbs: "Verbs") -> None:
    made = add_verb(verbs, "event", tr("show one event whole, with what caused it and what it caused"))
    add_store(made)
    add_aggregate(made, required=False)
    made.add_argument("version", metavar="VERSION", nargs="?", help=tr("which one of the aggregate's events"))
    made.add_argument(
        "--type", metavar="T", help=tr("the aggregate's type, where the id alone is not unique")
    )
    made.add_argument("--id", dest="event_id", metavar="EVENT_ID", help=tr("the event's own id instead"))
    what = made.add_mutually_exclusive_group()
    what.add_argument(
        "--upcast",
        action="store_true",
        help=tr("also as the model reads it: what its upcasters make of the event, step by step"),
    )
    what.add_argument(
        "--links",
        action="store_true",
        help=tr("causes up to the first, effects as a tree, and what else has its correlation"),
    )
    what.add_argument(
        "--as",
        dest="form",
        choices=("json", "python", "pytest"),
        help=tr("alone: as JSON, as a DomainEvent, or as a test of the model with what was before it"),
    )
    made.add_argument(
        "--model", metavar="NAME", help=tr("with --upcast and --as pytest: the model of this name")
    )
    made.add_argument(
        "--depth", type=whole, metavar="N", help=tr("with --links: levels of effects (20; at most 100)")
    )
    made.add_argument("--limit", type=whole, metavar="N", help=tr("with --links: effects in all (1,000)"))
    made.add_argument(
        "--after", type=whole, metavar="P", help=tr("with --links: only its own effects beyond this position")
    )
    made.add_argument(
        "--correlated-after",
        type=whole,
        metavar="P",
        help=tr("with --links: of its correlation only events beyond this position"),
    )
    add_trust(made)


def _projections(verbs: "Verbs") -> None:
    made = add_verb(
        verbs, "projections", tr("how each projection stands: its rows, and how far they have come")
    )
    add_store(made)


def _rows(verbs: "Verbs") -> None:
    made = add_verb(verbs, "rows", tr("list the rows that a projection has made, a page at a time"))
    add_store(made)
    made.add_argument("name", metavar="NAME", help=tr("a projection's name"))
    made.add_argument("--table", metavar="T", help=tr("one of its tables (the first if not given)"))
    made.add_argument("--prefix", metavar="P", help=tr("only rows whose key begins with this text"))
    add_page(made)


def _copy(verbs: "Verbs") -> None:
    made = add_verb(verbs, "copy", tr("copy a store's files to work on, hashed before and after"))
    made.add_argument("store", metavar="STORE", help=tr("the path of the store"))
    made.add_argument("to", metavar="TO", help=tr("the path of the copy; must not exist yet"))


def _import(verbs: "Verbs") -> None:
    made = add_verb(verbs, "import", tr("import events from newline-delimited JSON, plain or .gz"))
    made.add_argument("store", metavar="STORE", help=tr("the path or SQLAlchemy URL of the store"))
    made.add_argument("file", metavar="FILE", help=tr("the file of events"))
    made.add_argument("--create", action="store_true", help=tr("make the store if there is none"))
    made.add_argument(
        "--continue-on-error",
        action="store_true",
        help=tr("set bad lines aside instead of stopping at the first"),
    )


def _project(verbs: "Verbs") -> None:
    made = add_verb(
        verbs, "project", tr("catch a projection up with its store, from where its rows are true")
    )
    add_store(made)
    made.add_argument("name", metavar="NAME", help=tr("a projection's name"))
    made.add_argument("--follow", action="store_true", help=tr("go on with what is appended, until Ctrl-C"))
    add_progress(made)
    add_trust(made)


def _rebuild(verbs: "Verbs") -> None:
    made = add_verb(
        verbs, "rebuild", tr("run projections from the beginning and put the new tables in place")
    )
    add_store(made)
    made.add_argument("names", metavar="NAME", nargs="+", help=tr("a projection's name"))
    made.add_argument(
        "--swap", action="store_true", help=tr("put the new tables in place at the end (the default)")
    )
    add_progress(made)
    add_trust(made)


def _demo(verbs: "Verbs") -> None:
    made = add_verb(
        verbs, "demo", tr("make a store of a small shop's orders and show what can be seen in it")
    )
    made.add_argument(
        "--events", type=positive, default=20_000, metavar="N", help=tr("how many events (20,000)")
    )
    made.add_argument(
        "--seed", type=whole, default=1, metavar="S", help=tr("another number, another shop (1)")
    )
    made.add_argument(
        "--to", metavar="PATH", help=tr("where; must not exist yet. Else in your data folder, reused")
    )
    made.add_argument("--terminal", action="store_true", help=tr("the tour in this terminal"))


def whole_number(text: str) -> int:
    """Of an operand that may stand after `--`. Raises: WrongRequest."""
    try:
        return whole(text)
    except argparse.ArgumentTypeError as error:
        raise WrongRequest(
            tr("{problem}.", problem=error), tr("Give a version as the lists show it.")
        ) from None


def take_operand(options: argparse.Namespace, name: str) -> None:
    """With --id-json the one operand behind the store is no id, but what usually stands behind the id."""
    if options.id_json is not None and getattr(options, name) is None:
        setattr(options, name, options.id)
        options.id = None


def aggregate_id(options: argparse.Namespace) -> str | None:
    """The id that was named in either way.

    Raises: WrongRequest.
    """
    if options.section is not None or options.tenant is not None:
        raise WrongRequest(
            tr("This store's ids have neither section nor tenant."),
            tr("Leave --section and --tenant away."),
        )
    if options.id is not None and options.id_json is not None:
        raise WrongRequest(tr("An id is given twice."), tr("Give either ID or --id-json."))
    if options.id_json is not None:
        return _json_text(options.id_json)
    if options.id is None and options.id_required:
        raise WrongRequest(tr("No aggregate is named."), tr("Give its id: `auditor state STORE ID`."))
    named: str | None = options.id
    return named


def _json_text(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise WrongRequest(
            tr("{text} is not a JSON text.", text=text), tr("Write it with quotes, as `--json` prints ids.")
        )
    return value


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` stands among the options, also of a command line that cannot be parsed."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options
