"""Text as the bytes it is stored as, and bytes as lines that can be read."""

from collections.abc import Iterator


def stored_bytes(text: str) -> bytes:
    """The bytes of a text column: UTF-8, and the very bytes where what was stored is none."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte
        return text.encode("utf-8", "surrogatepass")


def hex_lines(data: bytes, offset: int, a_line: int) -> Iterator[str]:
    """Offset, bytes and characters, `a_line` bytes to the line; `offset` is that of the first one.

    `00000010  7b 22 61 22 3a 20 31 7d  {"a": 1}`; a dot stands for what is no visible ASCII.
    """
    width = 3 * a_line - 1
    for begin in range(0, len(data), a_line):
        part = data[begin : begin + a_line]
        seen = "".join(chr(one) if 0x20 <= one < 0x7F else "·" for one in part)
        yield f"{offset + begin:08x}  {part.hex(' '):<{width}}  {seen}"
