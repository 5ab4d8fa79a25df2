"""When was this true, through the worker: as looking at every state says it, in slices, and in a terminal."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from auditor.core import exact_json
from auditor.core.condition import Condition, MistakeInCondition, Moment
from auditor.core.diff import ABSENT
from auditor.core.errors import Cancelled
from auditor.jobs import find_when, import_events, show_state, show_timeline
from auditor.jobs.session import Session
from auditor.stores.native_store import EventStore
from auditor.tasks.cancel import CancelToken
from auditor.tasks.context import TaskContext
from tests.helpers.command_line import answer, auditor
from tests.helpers.real_data import read_json
from tests.helpers.sessions import ORIGIN, open_session
from tests.helpers.small_stores import events_of, write_store

CONTEXT = TaskContext()
Ranges = tuple[tuple[int, int], ...]


def facts(seed: int, count: int) -> list[tuple[str, dict[str, Any]]]:
    """Fields come, go and come back."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        patch: dict[str, Any] = {"total": chance.choice([1, 2, 600, True, None])}
        if chance.random() < 0.5:
            patch["items"] = [{"sku": "A", "n": chance.randint(0, 3)}][: chance.randint(0, 1)]
        if chance.random() < 0.3:
            patch = {"status": chance.choice(["open", "paid", None])}
        made.append((chance.choice(["Set", "Paid"]), patch))
    return made


EXPRESSIONS = [
    'total > 500 and status = "paid"',
    "total = 1",
    "items grew or items shrank",
    'items[sku="A"].n >= 2',
    "missing status and exists total",
    "total changed",
    'changed by "bob"',
    'user != "ada" and event = "Paid"',
    "not (total < 500 or missing items)",
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "things.db"
    with EventStore(f"sqlite:///{path}") as made:
        for name, count in (("one", 40), ("two", 1), ("long", 700)):
            whole = events_of(name, facts(len(name), count))
            turns = [
                replace(one, metadata=replace(one.metadata, user_id=["ada", "bob"][n % 3 % 2]))
                for n, one in enumerate(whole)
            ]
            made.append(name, turns, 0)
    return path


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    with open_session(store) as opened:
        yield opened


def found(session: Session, expression: str, name: str = "one", **more: Any) -> find_when.WhenResult:
    request = find_when.WhenRequest(origin=ORIGIN, aggregate_id=name, expression=expression, **more)
    return find_when.run(session, request, CONTEXT)


def moments(session: Session, name: str, **more: Any) -> list[Moment]:
    """One for each version."""
    request = show_timeline.ShowTimelineRequest(origin=ORIGIN, aggregate_id=name)
    columns = show_timeline.run(session, request, CONTEXT)
    states: list[Any] = [ABSENT]
    for ordinal in range(1, columns.length + 1):
        asked = show_state.ShowStateRequest(origin=ORIGIN, aggregate_id=name, ordinal=ordinal, **more)
        states.append(exact_json.parse(show_state.run(session, asked, CONTEXT).state_text or "null"))
    types, users = columns.type_of, columns.user_of
    return [
        Moment(before, now, columns.types[types[at]], columns.users[users[at]])
        for at, (before, now) in enumerate(pairwise(states))
    ]


def by_looking_at_each(expression: str, known: list[Moment]) -> Ranges:
    holding = [ordinal for ordinal, moment in enumerate(known, 1) if Condition(expression).holds(moment)]
    return tuple(
        (ordinal, next(one for one in holding if one >= ordinal and one + 1 not in holding))
        for ordinal in holding
        if ordinal - 1 not in holding
    )


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_it_is_what_looking_at_every_version_says(session: Session, expression: str) -> None:
    for name in ("one", "two"):
        result = found(session, expression, name)
        assert result.ranges == by_looking_at_each(expression, moments(session, name))
        assert result.intervals == result.ranges  # versions count from 1 here
        assert (result.more, result.done, result.total) == (False, result.ordinal, result.ordinal)


def test_in_slices_it_comes_to_the_same(session: Session) -> None:
    for expression in EXPRESSIONS:
        whole, slices = found(session, expression, "long"), 1
        part = found(session, expression, "long", seconds=0.0)
        while part.more:
            assert whole.ranges[: max(len(part.ranges) - 1, 0)] == part.ranges[:-1]
            part, slices = found(session, expression, "long", seconds=0.0), slices + 1
        assert part.ranges == whole.ranges


def test_up_to_a_version(session: Session) -> None:
    whole, some = found(session, "total changed"), found(session, "total changed", version=20)
    assert some.total == 20
    assert some.ranges == tuple((first, min(last, 20)) for first, last in whole.ranges if first <= 20)
    assert found(session, "total changed", version=0).ranges == ()


def test_the_beginnings_of_ranges(session: Session) -> None:
    result = found(session, "total > 500", with_events=True)
    columns = show_timeline.run(
        session, show_timeline.ShowTimelineRequest(origin=ORIGIN, aggregate_id="one"), CONTEXT
    )
    assert len(result.ranges) > 3
    for (first, last), began in zip(result.ranges, result.began, strict=True):
        assert began.timestamp == columns.times[first - 1]
        assert began.ended == (columns.times[last] if last < 40 else None)
        assert began.event_type == columns.types[columns.type_of[first - 1]]
        assert began.user_id == columns.users[columns.user_of[first - 1]]


def test_events_that_are_appended_are_looked_at_too(store: Path, session: Session) -> None:
    before = found(session, 'event = "New" and user = "eve"')
    assert before.ranges == ()
    with EventStore(f"sqlite:///{store}") as made:
        [*_, last] = events_of("one", [*facts(3, 40), ("New", {"total": 7})], user="eve")
        made.append("one", [last], 40)
    assert found(session, 'event = "New" and user = "eve"').ranges == ((41, 41),)
    assert found(session, "total = 7").ranges == ((41, 41),)


def test_a_model_of_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "class Thing:\n"
        "    def __init__(self): self.total = 0; self.seen = []\n"
        "    def on_put(self, event): self.total += event.n; self.seen = [*self.seen, event.n]\n"
        "    def on_broken(self, event): self.total = -1; raise ValueError('no')\n"
    )
    (tmp_path / "auditor.toml").write_text('[models.Thing]\npython = "shop:Thing"\n')
    made = [("Put", {"n": n % 4}) for n in range(12)] + [("Broken", {}), ("Put", {"n": 9})]
    store = write_store(tmp_path / "things.db", {"one": made})
    refusal = auditor("when", store, "one", "total > 3")
    assert refusal.code == 4
    trust = ("--trust-code", next(line for line in refusal.err.splitlines() if len(line) == 64))
    result = answer("when", store, "one", "total >= 6 and total < 12 or total < 0", *trust)
    assert result["intervals"] == [[4, 7], [13, 14]]
    assert (result["complete"], result["unapplied"][0]["version"]) == (False, 13)
    assert answer("when", store, "one", "seen grew", *trust)["intervals"] == [[2, 12], [14, 14]]
    assert answer("when", store, "one", "length(/seen) = 3", *trust)["intervals"] == [[3, 3]]
    merged = answer("when", store, "one", "n = 3", "--model", "merge")["intervals"]
    assert merged == [[4, 4], [8, 8], [12, 13]]


def test_a_mistake_is_told_before_anything_is_read(session: Session) -> None:
    with pytest.raises(MistakeInCondition):
        found(session, "total >", "nobody")


def test_it_can_be_cancelled(session: Session) -> None:
    token = CancelToken()
    token.cancel()
    request = find_when.WhenRequest(origin=ORIGIN, aggregate_id="long", expression="total > 1")
    with pytest.raises(Cancelled):
        find_when.run(session, request, TaskContext(token=token))


def test_in_a_terminal(store: Path) -> None:
    result = answer("when", store, "one", "total > 500")
    assert result["expression"] == "total > 500"
    assert len(result["began"]) == len(result["intervals"])
    assert list(result["began"][0]) == ["event_type", "user_id", "timestamp", "until"]
    with open_session(store) as session:
        assert tuple(map(tuple, result["intervals"])) == by_looking_at_each(
            "total > 500", moments(session, "one")
        )
    shown = auditor("when", store, "one", "total > 500")
    assert shown.code == 0
    first, last = result["intervals"][0]
    lines = shown.out.split("\n\n")[1].splitlines()
    assert lines[0].split()[0] == "versions"
    assert lines[1].split()[0] == (f"{first}" if first == last else f"{first}–{last}")
    assert f"{len(result['intervals'])} ranges" in shown.out
    assert "It never held, at none of 40 versions." in auditor("when", store, "one", "total > 5000").out
    assert answer("when", store, "--id-json", '"one"', "total > 500")["intervals"] == result["intervals"]


def test_a_mistake_in_a_terminal_stands_under_its_character(store: Path) -> None:
    for where in (store, store.parent / "nowhere.db"):
        ended = auditor("when", where, "one", "total > 500 and status = paid")
        assert (ended.code, ended.out) == (2, "")
        assert "character 26: a text stands in quotes" in ended.err
        assert "  total > 500 and status = paid\n" + " " * 27 + "^~~~\n" in ended.err
    assert auditor("when", store, "one").code == 2
    assert auditor("when", store, "nobody", "total > 1").code == 2


@pytest.mark.parametrize("log", ["orders", "receipt"])
def test_on_a_real_log(tmp_path: Path, real_data: Path, log: str) -> None:
    store = tmp_path / "s.db"
    request = import_events.ImportRequest(
        store=str(store), file=real_data / log / f"{log}.ndjson.gz", origin=ORIGIN, create=True
    )
    import_events.run(request, CONTEXT)
    aggregates = read_json(f"{log}/folds.json")["aggregates"]
    name = max(aggregates, key=lambda one: len(str(aggregates[one])))
    with open_session(store) as session:
        columns = show_timeline.run(
            session, show_timeline.ShowTimelineRequest(origin=ORIGIN, aggregate_id=name), CONTEXT
        )
        text = show_state.run(
            session, show_state.ShowStateRequest(origin=ORIGIN, aggregate_id=name, model="merge"), CONTEXT
        ).state_text
        assert text is not None
        fields = [key for key in exact_json.parse(text) if key.isidentifier()][:3]
        assert fields
        user = next((one for one in columns.users if one), "nobody")
        tried = [f'"{field}" changed' for field in fields] + [f'exists "{field}"' for field in fields]
        known_moments = moments(session, name, model="merge")
        for expression in [*tried, f'event = "{columns.types[-1]}"', f'changed by "{user}"']:
            ranges = found(session, expression, name, model="merge").ranges
            assert ranges == by_looking_at_each(expression, known_moments), expression
