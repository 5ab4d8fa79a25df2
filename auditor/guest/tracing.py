"""Questions about all states of an aggregate, answered in pieces by the worker that folds it."""

import time
from dataclasses import dataclass
from typing import Any

from auditor.core.ports import ReportProgress, StopToken
from auditor.core.text import tr
from auditor.guest.folded_aggregate import FoldedAggregate
from auditor.guest.served import Served, served_facts

_MS_AT_ONCE = 150  # between two looks at whether it is still wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedTrace(Served):
    """`ordinal` is the last state that can be shown, `done` the last one that was; `answer` is of those."""

    done: int
    answer: dict[str, Any]

    @property
    def more(self) -> bool:
        """Whether asking again would go on."""
        return self.done < self.ordinal


def trace(
    folded: FoldedAggregate,
    kind: str,
    asked: dict[str, Any],
    *,
    ordinal: int,
    last: int | None = None,
    seconds: float | None = None,
    progress: ReportProgress | None = None,
    token: StopToken | None = None,
) -> ServedTrace:
    """Shows the states 0 to `ordinal` to a question of `core.questions`. The worker keeps what it found for a while:
    the same question goes on where it was. Stops after about so many seconds. `last`: of `values` no more are told.

    Raises: as the questions to a `FoldedAggregate`.
    """
    question = {"kind": kind, **asked}
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        left = _MS_AT_ONCE if end is None else max(1, round((end - time.monotonic()) * 1000))
        ms = None if folded.is_folded_afresh else min(_MS_AT_ONCE, left)
        is_last = end is not None and left <= _MS_AT_ONCE
        asking = {"question": question, "ms": ms, "wanted": is_last, "last": last}
        served, answer = folded.ask("trace", ordinal, token, lambda _: 0, even_at_0=True, **asking)
        assert answer is not None  # noqa: S101 - asked for even at 0
        done, found = answer.values["done"], answer.values["answer"]
        if progress is not None:
            progress(done, served.ordinal, tr("events"))
        if found is not None and (is_last or done >= served.ordinal):
            if folded.is_folded_afresh:  # that process folded for the question alone, and has noted nothing
                served = folded.remarks_at(served.ordinal, token)
            return ServedTrace(**served_facts(served), done=done, answer=found)
