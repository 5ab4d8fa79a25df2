"""The options that say at which moment: those of every verb that shows what was true."""

import argparse
from typing import Any

from auditor.cli.parser import Parser, whole
from auditor.core.errors import WrongRequest
from auditor.core.text import tr


def add_moment(made: Parser) -> None:
    """Adds them; at most one can be given, without any the last event is meant."""
    moment = made.add_mutually_exclusive_group()
    moment.add_argument("--version", type=whole, metavar="N", help=tr("after this version"))
    moment.add_argument(
        "--as-of",
        metavar="TIME",
        help=tr('as it was at this time: 2026-03-01T12:00:00Z, or "2026-03-01 13:00 Europe/Amsterdam"'),
    )
    moment.add_argument(
        "--at-position", type=whole, metavar="P", help=tr("as it was at this place in the store")
    )
    moment.add_argument(
        "--at-event",
        metavar="EVENT_ID",
        help=tr("as it was right after the event of this id, of any aggregate"),
    )
    made.add_argument(
        "--by",
        choices=("recorded", "effective"),
        default="recorded",
        help=tr(
            "with --as-of: which time of an event (recorded); the workspace names where effective ones are"
        ),
    )


def asked_moment_of(options: argparse.Namespace) -> dict[str, Any]:
    """The fields of a `StateRequest` that say it. Raises: WrongRequest."""
    if options.by != "recorded" and options.as_of is None:
        raise WrongRequest(
            tr("--by says which time --as-of means."), tr("Give --as-of TIME, or leave --by away.")
        )
    return {
        "version": options.version,
        "as_of": options.as_of,
        "by": options.by,
        "position": options.at_position,
        "event_id": options.at_event,
    }
