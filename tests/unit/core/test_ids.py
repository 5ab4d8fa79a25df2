from uuid import RFC_4122

from auditor.core.ids import IdSource


def test_an_id_is_a_version_7_uuid_with_its_time_in_front() -> None:
    made = IdSource(milliseconds=lambda: 0x0123456789AB, random_bits=lambda count: (1 << count) - 1)()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert str(made) == "01234567-89ab-77ff-bfff-ffffffffffff"


def test_ids_rise_within_a_millisecond_beyond_the_counter_and_over_a_clock_that_steps_back() -> None:
    clock = iter([5_000] * 10_000 + [4_000] * 10_000 + [6_000])
    source = IdSource(milliseconds=lambda: next(clock))
    made = [source() for _ in range(20_001)]
    assert made == sorted(made)
    assert [str(one) for one in made] == sorted({str(one) for one in made})
    assert made[-1].int >> 80 == 6_000


def test_ids_follow_the_real_clock() -> None:
    import time

    before, made, after = time.time_ns() // 1_000_000, IdSource()(), time.time_ns() // 1_000_000
    assert before <= made.int >> 80 <= after


def test_two_sources_make_different_ids() -> None:
    one, other = (IdSource(milliseconds=lambda: 1) for _ in range(2))
    assert not {one() for _ in range(100)} & {other() for _ in range(100)}
