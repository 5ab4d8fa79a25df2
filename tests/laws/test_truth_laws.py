"""Two folds are compared by fingerprints of their states: they differ just where the states do."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.guest.checks import fingerprints
from auditor.guest.fold_service import FoldedAggregate, FoldService
from tests.helpers.guest_code import history, trusted_code
from tests.helpers.modelled import COUNTING

LATER = COUNTING.replace('event["by"]', 'event.get("by", 0)')
EVENTS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(st.just("Added"), st.fixed_dictionaries({}, optional={"by": st.integers(-2, 2)})),
    st.tuples(
        st.just("Named"), st.fixed_dictionaries({}, optional={"name": st.sampled_from(["a", 1, 1.0, True])})
    ),
    st.tuples(st.sampled_from(["Seen", "Unheard"]), st.just({})),
)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FoldService, FoldService]]:
    folders = [tmp_path_factory.mktemp(name) for name in ("old", "new")]
    codes = [trusted_code(folder, source) for folder, source in zip(folders, (COUNTING, LATER), strict=True)]
    with FoldService(codes[0]) as one, FoldService(codes[1]) as other:
        yield one, other


def in_pieces(folded: FoldedAggregate, length: int, cuts: list[int]) -> list[str]:
    found: list[str] = []
    for last in sorted({*(cut for cut in cuts if 0 < cut < length), length}):
        found += fingerprints(folded, len(found) + 1, last).values
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(EVENTS, min_size=1, max_size=20), cuts=st.lists(st.integers(1, 20), max_size=3))
def test_fingerprints_differ_just_where_states_do(
    services: tuple[FoldService, FoldService], facts: list[Any], cuts: list[int]
) -> None:
    one, other = (service.open("t-1", [history(*facts)]) for service in services)
    try:
        prints = [in_pieces(folded, len(facts), cuts) for folded in (one, other)]
        states = [
            [folded.state_at(at).state_text for at in range(1, len(facts) + 1)] for folded in (one, other)
        ]
        assert [a == b for a, b in zip(*prints, strict=True)] == [
            a == b for a, b in zip(*states, strict=True)
        ]
        for told, texts in zip(prints, states, strict=True):
            assert [a == told[0] for a in told] == [text == texts[0] for text in texts]
    finally:
        one.close()
        other.close()
