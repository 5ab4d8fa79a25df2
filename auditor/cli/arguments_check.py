"""The verbs that check histories, models and snapshots, and their options."""

from typing import TYPE_CHECKING

from auditor.cli.options import add_aggregate, add_model, add_store, add_trust, add_type, add_verb
from auditor.cli.parser import whole
from auditor.core.text import tr

if TYPE_CHECKING:
    from auditor.cli.parser import Verbs


def add_check(verbs: "Verbs") -> None:
    made = add_verb(
        verbs, "check", tr("check an aggregate: versions, events not applied, snapshot, and its model")
    )
    add_store(made)
    add_aggregate(made, required=True)
    add_type(made)
    add_model(made)
    made.add_argument(
        "--quick", action="store_true", help=tr("do not fold the history twice more to compare the runs")
    )
    add_trust(made)


def add_snapshots(verbs: "Verbs") -> None:
    made = add_verb(verbs, "snapshots", tr("hold the application's snapshots against their events"))
    add_store(made)
    add_aggregate(made, required=False)
    add_type(made)
    add_model(made)
    add_trust(made)


def add_compare_models(verbs: "Verbs") -> None:
    made = add_verb(verbs, "compare-models", tr("what two models make of the same history"))
    add_store(made)
    add_aggregate(made, required=True)
    add_type(made)
    add_model(made)
    made.add_argument(
        "--with", dest="other", metavar="NAME", help=tr("the model to compare it with: `merge`, or a name")
    )
    made.add_argument(
        "--with-workspace",
        metavar="FILE",
        help=tr("the other model is of this workspace file, such as one beside newer code"),
    )
    made.add_argument(
        "--version",
        type=whole,
        metavar="N",
        help=tr("compare fields at this version (the first that differs)"),
    )
    add_trust(made)
    made.add_argument(
        "--trust-other-code", metavar="SHA256", help=tr("likewise for the code of --with-workspace")
    )
