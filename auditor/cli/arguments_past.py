"""The verbs that look into an aggregate's past, and their options."""

from typing import TYPE_CHECKING

from auditor.cli.moments import add_moment
from auditor.cli.options import add_aggregate, add_model, add_store, add_trust, add_type, add_verb
from auditor.core.text import tr

if TYPE_CHECKING:
    from auditor.cli.parser import Verbs


def add_state(verbs: "Verbs") -> None:
    made = add_verb(verbs, "state", tr("show the state of an aggregate at one moment"))
    add_store(made)
    add_aggregate(made, required=True)
    add_type(made)
    add_moment(made)
    add_model(made)
    part = made.add_mutually_exclusive_group()
    part.add_argument(
        "--field", metavar="POINTER", help=tr("only this field, by its JSON Pointer: /lines/0/price")
    )
    part.add_argument("--find", metavar="TEXT", help=tr("only where this text stands in a name or value"))
    part.add_argument("--changes", action="store_true", help=tr("only what its last event changed"))
    add_trust(made)


def add_blame(verbs: "Verbs") -> None:
    made = add_verb(verbs, "blame", tr("which event set a field, and every value that it had"))
    add_store(made)
    add_aggregate(made, required=True)
    made.add_argument(
        "pointer",
        metavar="POINTER",
        nargs="?",
        help=tr(
            "the field, by its JSON Pointer: /total, /lines/0/price; without one, every field's last change"
        ),
    )
    add_type(made)
    add_moment(made)
    add_model(made)
    add_trust(made)


def add_diff(verbs: "Verbs") -> None:
    made = add_verb(verbs, "diff", tr("what differs between two versions, and which events made it so"))
    add_store(made)
    add_aggregate(made, required=True)
    made.add_argument("a", metavar="A", nargs="?", help=tr("a version; 0 is before the first event"))
    made.add_argument(
        "b",
        metavar="B",
        nargs="?",
        help=tr("another one; if it is earlier, what would undo the changes is shown"),
    )
    made.add_argument(
        "--with",
        dest="other",
        metavar="OTHER_ID",
        help=tr("compare with another aggregate of the type: B is one of its versions"),
    )
    made.add_argument("--exit-code", action="store_true", help=tr("exit with 1 if there is any difference"))
    made.add_argument(
        "--patch", action="store_true", help=tr("print only the JSON Patch (RFC 6902) that makes B of A")
    )
    add_type(made)
    add_model(made)
    add_trust(made)


def add_when(verbs: "Verbs") -> None:
    made = add_verb(verbs, "when", tr("at which versions a condition held"))
    add_store(made)
    add_aggregate(made, required=True)
    made.add_argument(
        "expression",
        metavar="EXPR",
        nargs="?",
        help=tr("the condition, in quotes: 'total > 500 and status = \"paid\"'; the guide has the language"),
    )
    add_type(made)
    add_model(made)
    add_trust(made)
