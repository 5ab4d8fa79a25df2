"""What several verbs have in common: how a verb is made, and the options for its store, aggregate, page and code."""

import argparse
from typing import TYPE_CHECKING

from auditor.cli.parser import Parser, positive
from auditor.core.text import tr

if TYPE_CHECKING:
    from auditor.cli.parser import Verbs

DEFAULT_LIMIT = 20


def add_verb(verbs: "Verbs", name: str, text: str, *, answers: bool = True) -> Parser:
    made = verbs.add_parser(
        name, help=text, description=text[:1].upper() + text[1:] + ".", allow_abbrev=False
    )
    if answers:
        made.add_argument("--json", action="store_true", help=tr("print one JSON document and nothing else"))
    made.add_argument("--debug", action="store_true", help=tr("show the traceback of an error"))
    return made


def add_store(made: Parser, *, nargs: str | None = None) -> None:
    made.add_argument(
        "store", metavar="STORE", nargs=nargs, help=tr("a path, a SQLAlchemy URL or a workspace file (.toml)")
    )
    made.add_argument(
        "--workspace", metavar="FILE", help=tr("the workspace file; else auditor.toml beside the store")
    )


def add_aggregate(made: Parser, *, required: bool) -> None:
    made.add_argument(
        "id", metavar="ID", nargs="?", help=tr("the aggregate's id; put -- before one that begins with -")
    )
    made.add_argument(
        "--id-json", metavar="TEXT", help=tr("the id as a JSON text, for characters that cannot be typed")
    )
    made.add_argument("--section", help=argparse.SUPPRESS)  # no layout that is read so far has any
    made.add_argument("--tenant", help=argparse.SUPPRESS)
    made.set_defaults(id_required=required)


def add_page(made: Parser) -> None:
    made.add_argument(
        "--limit",
        type=positive,
        default=DEFAULT_LIMIT,
        metavar="N",
        help=tr("how many at most ({default} if not given)", default=DEFAULT_LIMIT),
    )
    made.add_argument("--after", metavar="TOKEN", help=tr("go on where the page before ended"))


def add_trust(made: Parser) -> None:
    made.add_argument(
        "--trust-code", metavar="SHA256", help=tr("trust the workspace's code if its files have this hash")
    )


def add_progress(made: Parser) -> None:
    made.add_argument(
        "--progress",
        choices=("auto", "plain", "ndjson"),
        default="auto",
        help=tr("how progress is told: a bar or lines, lines, or one JSON object a line on stdout"),
    )


def add_type(made: Parser) -> None:
    made.add_argument(
        "--type", metavar="T", help=tr("the aggregate's type, where the id alone is not unique")
    )


def add_model(made: Parser) -> None:
    made.add_argument(
        "--model",
        metavar="NAME",
        help=tr("`merge` for the generic merge, or the name of one of the workspace's models"),
    )
