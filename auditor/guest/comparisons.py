"""Two states against each other, as the worker that has them answers. The rules are in `core.compare`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from auditor.core.compare import Counts
from auditor.core.compared_rows import ComparedRow, Side
from auditor.core.ports import StopToken
from auditor.guest.folded_aggregate import FoldedAggregate
from auditor.guest.process import Answer
from auditor.guest.served import Served
from auditor.guest.worker_compare import answered_without_b


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPair:
    """Of which states the answer is, and what each lacks."""

    a: Served
    b: Served


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedComparison(ServedPair):
    """What is open of the comparison; `counts` and `matched` are of the whole of it."""

    rows: tuple[ComparedRow, ...]
    counts: Counts
    matched: tuple[tuple[str, str | None], ...]


class ServedDifference(NamedTuple):
    """As `core.compare.Difference`, with exact JSON texts."""

    kind: str
    pointer_a: str | None
    pointer_b: str | None
    text_a: str | None
    text_b: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDifferences(ServedPair):
    """The first of `total`, in display order."""

    differences: tuple[ServedDifference, ...]
    total: int
    matched: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPatch(ServedPair):
    """The patch as JSON text."""

    patch_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedWays(ServedPair):
    """One for each place: a logical path as the wire has it, None where the state has no such field."""

    ways: tuple[list[Any] | None, ...]


class StatePair:
    """The states after `a` and after `b` events of `folded`, or its state after `b` events and one that was served by
    another aggregate, as exact JSON (None where it has no state)."""

    def __init__(
        self,
        folded: FoldedAggregate,
        a: int | None,
        b: int,
        served_a: Served | None = None,
        text_a: str | None = None,
    ) -> None:
        self._folded = folded
        self._a, self._b = a, b
        self._served_a, self._text_a = served_a, text_a

    # -- asking: each raises as the questions to a `FoldedAggregate` do

    def compared(
        self,
        *,
        open: Mapping[str, int],  # noqa: A002 - the word of the wire
        token: StopToken | None = None,
    ) -> ServedComparison:
        """The rows of what differs, and of what is in `open` by `core.compared_rows`."""
        a, b, values = self._ask("compare", token, open=dict(open))
        return ServedComparison(
            a=a,
            b=b,
            rows=tuple(_row(row) for row in values.get("rows", ())),
            counts=Counts(*values.get("counts", (0, 0, 0, 0, 0))),
            matched=_matched(values),
        )

    def differences(self, *, most: int, token: StopToken | None = None) -> ServedDifferences:
        """Flat, the first `most`."""
        a, b, values = self._ask("differences", token, most=most)
        return ServedDifferences(
            a=a,
            b=b,
            differences=tuple(ServedDifference(*one) for one in values.get("differences", ())),
            total=values.get("total", 0),
            matched=_matched(values),
        )

    def patch(self, *, token: StopToken | None = None) -> ServedPatch:
        """What makes B of A."""
        a, b, values = self._ask("patch", token)
        return ServedPatch(a=a, b=b, patch_text=values.get("patch", "[]"))

    def ways(self, places: Sequence[str], *, token: StopToken | None = None) -> ServedWays:
        """Where the fields of rows are, for a question about the whole history; `places` as in the rows."""
        a, b, values = self._ask("ways", token, places=list(places))
        return ServedWays(a=a, b=b, ways=tuple(values.get("ways", [None] * len(places))))

    def _ask(self, op: str, token: StopToken | None, **values: Any) -> tuple[Served, Served, dict[str, Any]]:
        if self._a is None:
            return self._ask_with_text(op, token, values)
        first, last = sorted((self._a, self._b))
        values["turned"] = self._b < self._a
        served_last, answer = self._folded.ask(op, last, token, lambda served: min(first, served), **values)
        served_first = self._folded.remarks_at(first, token) if first < last else served_last
        if values["turned"]:
            return served_last, served_first, _values(answer)
        return served_first, served_last, _values(answer)

    def _ask_with_text(
        self, op: str, token: StopToken | None, values: dict[str, Any]
    ) -> tuple[Served, Served, dict[str, Any]]:
        assert self._served_a is not None  # noqa: S101 - one of the two is given
        served, answer = self._folded.ask(op, self._b, token, other=self._text_a, **values)
        if answer is None:
            return self._served_a, served, answered_without_b(op, self._text_a, values)
        return self._served_a, served, _values(answer)


def _values(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {}
    return {**answer.values, "patch": answer.texts[0]} if answer.texts else answer.values


def _row(values: list[Any]) -> ComparedRow:
    row = ComparedRow(*values)
    return row._replace(a=row.a and Side(*row.a), b=row.b and Side(*row.b))


def _matched(values: dict[str, Any]) -> tuple[tuple[str, str | None], ...]:
    return tuple((pointer, field) for pointer, field in values.get("matched", ()))
