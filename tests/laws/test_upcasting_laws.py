"""Old events read by a chain of upcasters are as good as new ones, whatever the chain."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.aggregate import AggregateRoot
from auditor.core.class_model import model_from
from auditor.core.events import RecordedEvent
from auditor.core.projection import Projection, Projector
from auditor.core.rows import Rows, Table
from auditor.core.state_model import ModelInfo
from auditor.core.timeline import Timeline
from auditor.core.upcast_steps import Step
from auditor.core.upcasting import Retired, Split, Upcaster, UpcasterChain
from tests.helpers.guest_code import stored
from tests.helpers.new_events import new_event

Data = dict[str, Any]
Native = tuple[str, Data]
"""Type and data as the code writes them today."""


# -- a domain with a past ----------------------------------------------------------------------------------


def name_owner(data: Data) -> Data:
    data["owner"] = data.pop("name")  # a step may do with its data what it likes
    return data


def list_tags(data: Data) -> Data:
    return {"owner": data["owner"], "tags": [data["tag"]] if "tag" in data else []}


def one_by_one(data: Data) -> list[Native]:
    return [*(("ItemAdded", item) for item in data["items"]), ("Touched", {"by": data["by"]})]


def count_items(data: Data) -> Data:
    data.setdefault("count", 1)
    return data


STEPS: list[Step] = [
    Upcaster("Opened", 1, name_owner),
    Upcaster("Opened", 2, list_tags),
    Split("ItemsPut", 1, one_by_one, into={"ItemAdded": 1, "Touched": 1}),
    Upcaster("ItemAdded", 1, count_items),
    Upcaster("Relabelled", 1, lambda data: {"owner": data["to"]}, to_type="Renamed", to_version=1),
    Retired("Faxed"),
]
NEWEST = {"Opened": 3, "ItemAdded": 2, "Renamed": 1, "Touched": 1}


class Rules:
    """What the events do, to whom it may concern."""

    def __init__(self) -> None:
        self.owner = ""
        self.tags: list[str] = []
        self.items: list[list[Any]] = []
        self.touched: list[str] = []

    def on_opened(self, event: Any) -> None:
        self.owner, self.tags = event.owner, event.tags

    def on_item_added(self, event: Any) -> None:
        self.items.append([event.sku, event.count, *self.tags])

    def on_renamed(self, event: Any) -> None:
        self.owner = event.owner

    def on_touched(self, event: Any) -> None:
        self.touched.append(event.by)


class Basket(Rules, AggregateRoot):
    upcasters = UpcasterChain(STEPS)

    def __init__(self, aggregate_id: str) -> None:
        AggregateRoot.__init__(self, aggregate_id)
        Rules.__init__(self)


class PlainBasket(Rules):
    upcasters = UpcasterChain(STEPS)


class Baskets(Projection):
    name = "baskets"
    tables = (Table(name="baskets", columns={"id": "text", "state": "text"}),)
    upcasters = UpcasterChain(STEPS)

    def __init__(self) -> None:
        self.basket = Rules()

    def _put(self) -> None:
        self.rows.put("baskets", {"id": "a-1", "state": json.dumps(vars(self.basket))})

    def on_opened(self, event: Any) -> None:
        self.basket.on_opened(event)
        self._put()

    def on_item_added(self, event: Any) -> None:
        self.basket.on_item_added(event)
        self._put()

    def on_renamed(self, event: Any) -> None:
        self.basket.on_renamed(event)
        self._put()

    def on_touched(self, event: Any) -> None:
        self.basket.on_touched(event)
        self._put()


WORDS = st.text(max_size=4)
ITEMS = st.fixed_dictionaries({"sku": WORDS}, optional={"count": st.integers(0, 9)})


def opened(owner: str, tags: Sequence[str]) -> list[Native]:
    return [("Opened", {"owner": owner, "tags": list(tags)})]


def items_added(items: Sequence[Data]) -> list[Native]:
    return [("ItemAdded", {"sku": item["sku"], "count": item.get("count", 1)}) for item in items]


# (type, schema version or None where none is written, data), and what the code would write today instead
Told = tuple[str, "int | None", Data]
OLD_AND_NEW: st.SearchStrategy[tuple[Told, list[Native]]] = st.one_of(
    st.builds(
        lambda name, at: (("Opened", at, {"name": name}), opened(name, ())), WORDS, st.sampled_from([1, None])
    ),
    st.builds(
        lambda name, tag: (("Opened", 2, {"owner": name, "tag": tag}), opened(name, (tag,))), WORDS, WORDS
    ),
    st.builds(
        lambda name, tags: (("Opened", 3, {"owner": name, "tags": tags}), opened(name, tags)),
        WORDS,
        st.lists(WORDS),
    ),
    st.builds(
        lambda items, by: (
            ("ItemsPut", None, {"items": items, "by": by}),
            [*items_added(items), ("Touched", {"by": by})],
        ),
        st.lists(ITEMS, max_size=4),
        WORDS,
    ),
    st.builds(
        lambda item, at: (("ItemAdded", at, item), items_added([item])), ITEMS, st.sampled_from([1, None])
    ),
    st.builds(lambda to: (("Relabelled", 1, {"to": to}), [("Renamed", {"owner": to})]), WORDS),
    st.builds(lambda to: (("Renamed", 1, {"owner": to}), [("Renamed", {"owner": to})]), WORDS),
    st.builds(lambda at: (("Faxed", at, {"to": "x"}), []), st.sampled_from([None, 1, 7])),
)


def recorded_as(told: Sequence[Told]) -> list[RecordedEvent]:
    return [
        stored(version, event_type, data)._replace(
            metadata_text=json.dumps({} if schema is None else {"schema_version": schema})
        )
        for version, (event_type, schema, data) in enumerate(told, 1)
    ]


def folded_by_the_library(events: Sequence[RecordedEvent]) -> dict[str, Any]:
    basket = Basket("a-1")
    basket.load_from_history(events)
    assert basket.version == len(events)
    return {name: value for name, value in vars(basket).items() if not name.startswith("_")}


def folded_by_the_viewer(code: type, events: Sequence[RecordedEvent]) -> Any:
    timeline = Timeline(model_from(code, ModelInfo("Basket", "")), "a-1", lambda _: None, every=2)
    timeline.extend(events)
    state = timeline.state_at(len(events))
    assert not state.unapplied
    return json.loads(state.state_text)


def projected(events: Sequence[RecordedEvent]) -> Any:
    rows = Rows(Baskets.tables, lambda *_: None, empty=True)
    projector = Projector(Baskets(), rows)
    for event in events:
        projector.apply(event)
    return rows.take_changes()


@given(st.lists(OLD_AND_NEW, max_size=8))
def test_upcast_then_fold_is_the_fold_of_events_that_were_written_today(
    pairs: list[tuple[Told, list[Native]]],
) -> None:
    old = recorded_as([told for told, _ in pairs])
    new = recorded_as([(name, NEWEST[name], data) for _, natives in pairs for name, data in natives])
    expected = folded_by_the_library(new)
    assert folded_by_the_library(old) == expected
    for code in (Basket, PlainBasket):
        assert folded_by_the_viewer(code, old) == folded_by_the_viewer(code, new) == expected
    assert projected(old) == projected(new)


# -- any chain whatever ------------------------------------------------------------------------------------

TYPES = ["A", "B", "C", "D"]


def marking(mark: str) -> Any:
    """Changes what it is given, nested parts too."""

    def mark_it(data: Data) -> Data:
        data["way"].append(mark)
        return data

    return mark_it


def splitting(mark: str, into: Sequence[str]) -> Any:
    def split_it(data: Data) -> list[Native]:
        data["way"].append(mark)
        return [(name, {"way": [*data["way"], name]}) for name in into]

    return split_it


@st.composite
def chains(draw: st.DrawFn) -> list[Any]:
    """Steps that hold together: types lead to later ones only."""
    steps: list[Any] = []
    versions: dict[str, st.SearchStrategy[int]] = {}  # those that a step may lead to
    for at in reversed(range(len(TYPES))):
        name, later = TYPES[at], TYPES[at + 1 :]
        kind = draw(st.sampled_from(["plain", "retired", "steps"]))
        versions[name] = st.integers(1, 5)
        if kind == "retired":
            steps.append(Retired(name))
        if kind != "steps":
            continue
        first, count = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        stays = True
        for number in range(first, first + count):
            mark = f"{name}{number}"
            how = draw(st.sampled_from(["step", "rename", "split"] if later else ["step", "split"]))
            others = {one: draw(versions[one]) for one in later}
            stays = how == "step" or (how == "split" and draw(st.booleans() if later else st.just(True)))
            if how == "split":
                into = {**({name: number + 1} if stays else {}), **others}
                parts = draw(st.lists(st.sampled_from(sorted(into)), max_size=3))
                steps.append(Split(name, number, splitting(mark, parts), into))
            elif how == "rename":
                to_type = draw(st.sampled_from(later))
                steps.append(Upcaster(name, number, marking(mark), to_type, others[to_type]))
            else:
                steps.append(Upcaster(name, number, marking(mark)))
        versions[name] = st.integers(first, first + count - (not stays))
    return steps


@given(steps=chains(), order=st.randoms(use_true_random=False), data=st.data())
def test_the_order_of_steps_is_nothing_to_a_chain_and_upcasting_ends(
    steps: list[Any], order: Any, data: st.DataObject
) -> None:
    chain = UpcasterChain(steps)
    shuffled = list(steps)
    order.shuffle(shuffled)
    other = UpcasterChain(shuffled)
    starts = [(step.event_type, getattr(step, "from_version", 1)) for step in steps] or [("A", 1)]
    event_type, version = data.draw(st.sampled_from(starts))
    event = stored(1, event_type, {"way": []})._replace(metadata_text=json.dumps({"schema_version": version}))
    made = new_event("a-1", 1, event_type=event_type, data={"way": []}, metadata=event.metadata)
    reading = chain.read(event)
    assert other.read(event) == reading
    assert chain.read(event) == reading  # and again the same
    assert chain.read(made) == reading
    assert event.data == made.data == {"way": []}
    for one in reading.events:
        assert chain.upcast(*one) == (one,)
        assert one.event_type not in chain.retired
