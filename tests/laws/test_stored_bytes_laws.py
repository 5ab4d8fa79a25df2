"""Bytes are shown as they are, and the parts of a long text are all of it."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.core.presenter import display
from auditor.core.stored_bytes import hex_lines, stored_bytes
from auditor.gui.event.text_parts import HEX_PART, PART, HexParts, Spot, TextParts

texts = st.text(st.characters(), max_size=60) | st.sampled_from(["\ud800", "\udc80x", "é\n\u202e", "😀a😀"])


@given(st.binary(max_size=80), st.integers(0, 2**33), st.sampled_from([8, 16]))
def test_lines_say_every_byte_at_its_offset(data: bytes, offset: int, a_line: int) -> None:
    found = b""
    for line in hex_lines(data, offset, a_line):
        place, _, rest = line.partition("  ")
        assert int(place, 16) == offset + len(found)
        part = bytes.fromhex(rest[: 3 * a_line - 1])
        assert rest[3 * a_line - 1 + 2 :] == "".join(chr(one) if 32 <= one < 127 else "·" for one in part)
        found += part
    assert found == data


@given(st.binary(max_size=40))
def test_what_was_no_utf8_is_the_very_bytes_again(data: bytes) -> None:
    assert stored_bytes(data.decode("utf-8", "surrogateescape")) == data


@given(texts, st.integers(0, 3), st.booleans(), st.data())
def test_every_run_of_a_long_text_is_found_in_its_part(
    text: str, times: int, has_lines: bool, data: st.DataObject
) -> None:
    filling = ("y" * 99 + ("\n" if has_lines else "z")) * (times * PART // 150)
    whole = filling + text + filling + text
    parts = TextParts(whole)
    shown = [parts.part(number, 8) for number in range(parts.count)]
    assert sum(map(len, shown)) == len("\n".join(map(display, whole.split("\n"))))
    at = data.draw(st.integers(0, max(len(whole) - 1, 0)))
    length = data.draw(st.integers(1, 5))
    spot = parts.spot(at, length, 8)
    units = shown[spot.part].encode("utf-16-le", "surrogatepass")
    seen = units[2 * spot.begin : 2 * (spot.begin + spot.length)].decode("utf-16-le", "surrogatepass")
    wanted = "\n".join(map(display, whole[at : at + length].split("\n")))
    assert wanted.startswith(seen)
    assert seen or not wanted


def test_places_are_counted_as_qt_counts_them() -> None:
    parts = TextParts("\U0001f600a\U0001f600b\x00c")
    assert parts.spot(3, 1, 8) == Spot(0, 5, 1)
    assert parts.spot(2, 1, 8) == Spot(0, 3, 2)
    assert parts.spot(4, 2, 8) == Spot(0, 6, 9)


@given(st.integers(0, 3 * HEX_PART), st.sampled_from([8, 16]))
def test_every_byte_is_found_in_its_part(at: int, width: int) -> None:
    text = "0123456789abcdef" * (HEX_PART // 5)
    at = min(at, len(text) - 3)
    parts = HexParts(text)
    spot = parts.spot(at, 3, width)
    seen = parts.part(spot.part, width)[spot.begin : spot.begin + spot.length]
    assert text.encode()[at : at + 3].startswith(bytes.fromhex(seen))
    assert seen
