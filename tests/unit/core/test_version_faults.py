"""Versions that are missing, stand twice, or came out of order."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.version_faults import (
    NO_FAULTS,
    Hole,
    RepeatedVersion,
    VersionFaults,
    notes_on,
    version_faults,
)


def faults(versions: list[int], positions: list[int] | None = None) -> VersionFaults:
    return version_faults(array("q", versions), array("q", positions or range(1, len(versions) + 1)))


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([], NO_FAULTS),
        ([1, 2, 3], NO_FAULTS),
        ([1, 2, 4, 8], VersionFaults(holes=(Hole(2, 3, 3), Hole(3, 5, 7)))),
        ([3, 4], VersionFaults(holes=(Hole(0, 1, 2),))),
        ([1, 2, 2, 2, 3], VersionFaults(repeated=(RepeatedVersion(3, 2), RepeatedVersion(4, 2)))),
        ([1, 0, 2], NO_FAULTS),  # a version that could not be read
        ([0, 1], NO_FAULTS),
    ],
)
def test_faults_are_told_by_ordinal(versions: list[int], expected: VersionFaults) -> None:
    assert faults(versions) == expected


def test_events_that_stand_before_lower_versions_are_strays() -> None:
    assert faults([1, 2, 3, 4, 5], [1, 9, 5, 7, 10]) == VersionFaults(strays=(3, 4))


@given(
    st.lists(st.integers(1, 9), max_size=12).map(sorted),
    st.permutations(range(12)),
    st.integers(0, 12),
)
def test_faults_of_two_parts_are_those_of_the_whole(versions: list[int], places: list[int], cut: int) -> None:
    positions = [place + 1 for place in places[: len(versions)]]
    cut = min(cut, len(versions))
    before = (versions[cut - 1], max(positions[:cut])) if cut else None
    tail = version_faults(
        array("q", versions[cut:]), array("q", positions[cut:]), first_ordinal=cut + 1, before=before
    )
    assert faults(versions[:cut], positions[:cut]).followed_by(tail) == faults(versions, positions)


@given(st.sets(st.integers(1, 30), min_size=1))
def test_holes_are_just_the_versions_that_are_not_there(there: set[int]) -> None:
    missing = {
        version for hole in faults(sorted(there)).holes for version in range(hole.first, hole.last + 1)
    }
    assert missing == set(range(1, max(there) + 1)) - there


def test_the_first_of_each_kind_are_said_and_how_many_more() -> None:
    found = faults([2, 4, 7, 7, 9, 11], [1, 2, 3, 4, 9, 8])
    assert notes_on(found) == [
        "Version 1 is not in the store.",
        "Version 3 is not in the store.",
        "Versions 5 to 6 are not in the store.",
        "2 more versions are not there.",
        "Version 7 stands twice: event 4 has it too.",
        "1 events stand in the store before events of lower versions, the first is event 6.",
    ]
