"""The beginning of a test: what has happened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from auditor.core.aggregate import AggregateRoot, Stamp
from auditor.core.commands import CommandHandler
from auditor.core.projection import Projection
from auditor.core.repository import Repository
from auditor.testing.applied import Applied, applied
from auditor.testing.decided import Decided
from auditor.testing.facts import History, Subject, subject_of
from auditor.testing.failure_text import command_text
from auditor.testing.memory_store import MemoryStore
from auditor.testing.projected import Projected


def given(*facts: Any, stamp: Stamp | None = None) -> "Given":
    """What has happened: an aggregate's class and id, then its events in order; or whole events alone.

    Events are typed payloads, `DomainEvent`s, `RecordedEvent`s or `Stored`. The class may be the type's name where
    nothing but rows is tested. Payloads get the next version, and from `stamp` their time, user and ids; without one
    these are the same in every run, the times a minute apart.

    Raises: TypeError for what is no event.
    """
    return Given(_history=History()).and_given(*facts, stamp=stamp)


@dataclass(frozen=True)
class Given:
    """A history, and who decides on it. Each method gives another one; `when` and `project` end it."""

    _history: History
    _subject: Subject | None = None
    _handler: Callable[[Any], Any] | None = None
    _stamp: Stamp | None = None

    def and_given(self, *facts: Any, stamp: Stamp | None = None) -> "Given":
        """More events, of the same aggregate or of another one that is named first as in `given`."""
        subject, events = subject_of(facts)
        subject = subject or self._subject
        history = self._history.copy()
        history.add(subject, events, stamp)
        return replace(self, _history=history, _subject=subject)

    def handled_by(self, handler: Callable[[Any], Any]) -> "Given":
        """Who runs commands: called with the store, it gives an object with `handle(command[, stamp])`, or a function
        of the command. A class derived from `CommandHandler` is called with a repository, as it wants to be."""
        return replace(self, _handler=handler)

    def stamped(self, stamp: Stamp) -> "Given":
        """The time, ids and user of what the command makes happen."""
        return replace(self, _stamp=stamp)

    def when(self, command: Any, *args: Any, **kwargs: Any) -> Decided:
        """Runs a command: with `handled_by` whatever its handler takes, else a method of the aggregate's class and its
        arguments (`when(Order.ship, "T-1", "DHL")`) or a function of the aggregate.

        The aggregate is loaded from the events; without any it is new. Raises: TypeError where nobody can run it.
        """
        __tracebackhide__ = True
        store = MemoryStore()
        for event in self._history.events:
            store.append(event.aggregate_id, [event], event.version - 1)
        run = self._run(store, command, args, kwargs)
        result, error = None, None
        try:
            result = run()
        except Exception as raised:  # noqa: BLE001 - whatever it is, the test may expect it
            error = raised
        return Decided(
            given=tuple(self._history.events),
            command=command_text(command, args, kwargs),
            subject=None if self._subject is None else self._subject.aggregate_id,
            events=tuple(store.read_all())[len(self._history.events) :],
            returned=result,
            error=error,
        )

    def when_applied(self, event: Any, *, to: Any) -> Applied:
        """Applies one more event, given as in `given`, to a state model: an aggregate's class, any other class with
        handlers, or a function `fold(state, event)`. The state begins with the events of that aggregate alone.

        Raises: TypeError for what is no event; ModelError for what is no model.
        """
        __tracebackhide__ = True
        history = self._history.copy()
        history.add(self._subject, [event], None)
        events = history.events
        last = events[-1]
        return applied([one for one in events[:-1] if one.aggregate_id == last.aggregate_id], last, to)

    def project(self, projection: Projection | type[Projection], *, twice: bool = False) -> Projected:
        """Runs the events through a projection, in the order in which they were given; with `twice` each of them
        twice, which must give the same rows."""
        return Projected(tuple(self._history.events), projection, twice=twice)

    def _run(
        self, store: MemoryStore, command: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Callable[[], Any]:
        __tracebackhide__ = True
        if self._handler is not None:
            if args or kwargs:
                raise TypeError("a handler takes the command alone; its arguments stand in the command")
            return self._handled(store, self._handler, command)
        if not callable(command):
            raise TypeError(
                f"nobody is said to run a {type(command).__name__}: "
                "given(…).handled_by(OrderCommandHandler).when(command)"
            )
        if self._subject is None or self._subject.factory is None:
            raise TypeError(
                "a function needs an aggregate to run on: given(Order, 'order-1', …).when(Order.confirm)"
            )
        repository = Repository(store, self._subject.factory)
        return self._decided(repository, self._loaded(store, repository), command, args, kwargs)

    def _loaded(self, store: MemoryStore, repository: Repository[Any]) -> AggregateRoot:
        """Not part of the command: what these events do to the class is the test's own mistake."""
        aggregate_id = self._subject.aggregate_id if self._subject else ""
        exists = store.version_of(aggregate_id) > 0
        loaded: AggregateRoot = repository.get(aggregate_id) if exists else repository.new(aggregate_id)
        return loaded

    def _decided(
        self,
        repository: Repository[Any],
        aggregate: AggregateRoot,
        command: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Callable[[], Any]:
        if self._stamp is not None:
            aggregate.stamp_with(self._stamp)

        def run() -> Any:
            __tracebackhide__ = True
            result = command(aggregate, *args, **kwargs)
            repository.save(aggregate)
            return result

        return run

    def _handled(self, store: MemoryStore, handler: Callable[[Any], Any], command: Any) -> Callable[[], Any]:
        wants: Any = store
        if isinstance(handler, type) and issubclass(handler, CommandHandler):
            if self._subject is None or self._subject.factory is None:
                raise TypeError(f"{handler.__name__} needs an aggregate class: given(Order, 'order-1', …)")
            wants = Repository(store, self._subject.factory)
        made = handler(wants)
        handle = getattr(made, "handle", made)
        return partial(handle, command, *(() if self._stamp is None else (self._stamp,)))
