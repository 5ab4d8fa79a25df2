"""Marks of event types: spread, stable, and remembered."""

from auditor.core.type_marks import HUES, SHAPES, assign


def test_up_to_eight_types_share_no_hue_and_48_no_pair() -> None:
    for count in range(1, HUES + 1):
        assert len({mark.hue for mark in assign(f"Type{n}" for n in range(count)).values()}) == count
    marks = assign(f"Type{n}" for n in range(HUES * SHAPES))
    assert len(set(marks.values())) == HUES * SHAPES


def test_a_type_seen_later_recolours_none() -> None:
    first = assign(["OrderShipped", "OrderCreated"])
    later = assign(["Aaa", "OrderShipped", "Zzz"], first)
    assert {name: later[name] for name in first} == first
    assert later.keys() == {"OrderCreated", "OrderShipped", "Aaa", "Zzz"}


def test_order_of_asking_does_not_matter_and_any_name_is_taken() -> None:
    names = [f"Type{n}" for n in range(60)] + ["\ud800", ""]
    assert assign(names) == assign(reversed(names))
    assert len(assign(names)) == 62
