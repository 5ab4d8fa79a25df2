"""The end of a test of a projection: its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.core.events import RecordedEvent
from auditor.core.handlers import NoHandler
from auditor.core.projection import Projection, Projector, declared_tables
from auditor.core.rows import Row, Rows, Table
from auditor.core.text import tr
from auditor.testing.failure_text import Shown, error_text, given_text, shown_fields, side_by_side, value_text

_ALL = 2**62


class Projected:
    """The rows that a projection makes of a history."""

    def __init__(
        self, given: tuple[RecordedEvent, ...], projection: Projection | type[Projection], *, twice: bool
    ) -> None:
        made = projection() if isinstance(projection, type) else projection
        self._given, self._name, self._twice = given, type(made).__name__, twice
        self._tables = {table.name: table for table in declared_tables(type(made))}
        self.unknown: dict[str, int] = {}
        """How many events were of each type that the projection neither handles nor ignores."""
        self.error: Exception | None = None
        self._at = 0
        changing = self._new_rows()
        self._run(Projector(made, changing))
        self._rows: dict[str, list[Row]] = {name: [] for name in self._tables}
        self._rows |= _taken(changing, self._tables)

    @property
    def rows(self) -> dict[str, list[Row]]:
        """By table, ordered by key. Raises: AssertionError for events that no handler knows or that made one raise."""
        __tracebackhide__ = True
        self._require_projected()
        return self._rows

    def then(self, expected: Mapping[str, Sequence[Mapping[str, Any]]]) -> "Projected":
        """Exactly these rows in each table that is named; others are not looked at. Rows are found by key, in
        whatever order; columns that are not named are null.

        Raises: AssertionError that shows both side by side, also for events that no handler knows or that made one
        raise; WrongRow for rows that the table cannot have.
        """
        __tracebackhide__ = True
        self._require_projected()
        for name, wanted in expected.items():
            table = self._declared(name)
            want, have = _by_key(table, self._fitted(table, wanted)), _by_key(table, self._rows[name])
            if want != have:
                raise AssertionError(self._difference(name, want, have))
        return self

    def then_raises(self, expected: type[Exception]) -> "Projected":
        """A handler raised an error of this class. Raises: AssertionError."""
        __tracebackhide__ = True
        if isinstance(self.error, expected):
            return self
        got = tr("no error") if self.error is None else f"{error_text(self.error)} ({self._where()})"
        comparison = "\n".join([tr("expected"), f"  {error_text(expected)}", tr("got"), f"  {got}"])
        raise AssertionError(
            self._told(tr("The projection did not raise what was expected."), comparison)
        ) from self.error

    def _run(self, projector: Projector) -> None:
        __tracebackhide__ = True
        for number, event in enumerate(self._given, 1):
            for _ in range(1 + self._twice):
                try:
                    projector.apply(event)
                except NoHandler:
                    self.unknown[event.event_type] = self.unknown.get(event.event_type, 0) + 1
                    break
                except Exception as error:  # noqa: BLE001 - whatever the handler does, the test may expect it
                    self.error, self._at = error, number
                    return

    def _require_projected(self) -> None:
        __tracebackhide__ = True
        if self.error is not None:
            what = tr("A handler raised at {event}.", event=self._where())
            text = self._told(what, "\n".join([tr("got"), f"  {error_text(self.error)}"]))
            raise AssertionError(text) from self.error
        if self.unknown:
            types = ", ".join(f"{event_type} ({count})" for event_type, count in sorted(self.unknown.items()))
            what = tr(
                "{projection} neither handles nor ignores events of these types: {types}.",
                projection=self._name,
                types=types,
            )
            raise AssertionError(self._told(what, tr("Add handlers, or list the types in `ignores`.")))

    def _where(self) -> str:
        event = self._given[self._at - 1]
        return tr(
            "{type}, version {version} of {id!r}",
            type=event.event_type,
            version=event.version,
            id=event.aggregate_id,
        )

    def _new_rows(self) -> Rows:
        return Rows(self._tables.values(), _not_stored, empty=True, most=_ALL)

    def _declared(self, name: str) -> Table:
        __tracebackhide__ = True
        if name not in self._tables:
            raise AssertionError(
                tr(
                    "{projection} has no table {name!r}, only {tables}.",
                    projection=self._name,
                    name=name,
                    tables=", ".join(self._tables),
                )
            )
        return self._tables[name]

    def _fitted(self, table: Table, expected: Sequence[Mapping[str, Any]]) -> list[Row]:
        """As a database would give them back: times as text, missing columns null."""
        rows = self._new_rows()
        for row in expected:
            key = tuple(row.get(column) for column in table.key)
            if rows.get(table.name, *key) is not None:
                raise ValueError(f"two of the expected rows of {table.name} have the key {key!r}")
            rows.put(table.name, dict(row))
        return _taken(rows, {table.name: table}).get(table.name, [])

    def _difference(self, name: str, want: dict[str, Shown], have: dict[str, Shown]) -> str:
        keys = sorted(key for key in {**want, **have} if want.get(key) != have.get(key))
        alike = len({**want, **have}) - len(keys)
        comparison = side_by_side([want.get(key) for key in keys], [have.get(key) for key in keys], keys)
        also = [tr("rows as expected: {count:,}", count=alike)] if alike else []
        what = tr("The rows of {table} are not those that were expected.", table=name)
        return self._told(what, "\n".join([comparison, *also]))

    def _told(self, what: str, comparison: str) -> str:
        times = tr("each event twice by {projection}", projection=self._name)
        once = tr("by {projection}", projection=self._name)
        projected = [tr("projected"), f"  {times if self._twice else once}"]
        return "\n".join([what, "", given_text(self._given), *projected, comparison])


def _not_stored(_table: str, _key: tuple[Any, ...]) -> None:
    """All rows are in memory."""


def _taken(rows: Rows, tables: Mapping[str, Table]) -> dict[str, list[Row]]:
    return {
        name: sorted(
            (dict(zip(tables[name].columns, row, strict=True)) for row in changes.put),
            key=lambda row: _key_text(tables[name], row),
        )
        for name, changes in rows.take_changes().items()
    }


def _key_text(table: Table, row: Mapping[str, Any]) -> str:
    return ", ".join(value_text(row[column]) for column in table.key)


def _by_key(table: Table, rows: Sequence[Row]) -> dict[str, Shown]:
    return {_key_text(table, row): Shown(table.name, shown_fields(row)) for row in rows}
