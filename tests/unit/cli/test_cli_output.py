"""What reaches stdout: aligned, calm, and never a command to the terminal."""

import io
import json
from typing import Any

import pytest

from auditor.cli.output import Column, Output, Span, Tone, cell_width, padded
from auditor.core import exact_json


class Screen(io.StringIO):
    """A terminal that keeps what it is shown."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO) -> str:
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _a_capable_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_numbers_stand_at_the_right_edge_and_nothing_is_cut() -> None:
    stream = io.StringIO()
    long_id = "x" * 120
    Output(stream).table(
        [Column(title="aggregate"), Column(title="events", right=True)], [["a", "7"], [long_id, "12,345"]]
    )
    title, short, long = shown(stream).splitlines()
    assert title == "aggregate".ljust(120) + "  events"
    assert short == "a".ljust(120) + "       7"
    assert long == long_id + "  12,345"


def test_one_id_of_thousands_of_characters_does_not_move_the_others_off_the_screen() -> None:
    stream = io.StringIO()
    long_id = "x" * 3000
    Output(stream).table([Column(title="id"), Column(title="n", right=True)], [["a", "7"], [long_id, "8"]])
    assert shown(stream).splitlines() == ["id  n", "a   7", long_id + "  8"]


def test_wide_characters_keep_columns_aligned() -> None:
    stream = io.StringIO()
    Output(stream).table([Column(title="id"), Column(title="n", right=True)], [["注文", "1"], ["ab", "2"]])
    assert [cell_width(line) for line in shown(stream).splitlines()] == [7, 7, 7]


@pytest.mark.parametrize("hostile", ["\x1b[31mred", "a\rb", "\u202egnp", "\x9b2J", "a\nb", "\ud800", "\x07"])
def test_no_text_of_a_store_reaches_the_terminal_as_a_command(hostile: str) -> None:
    for stream in (io.StringIO(), Screen()):
        output = Output(stream)
        output.line(hostile)
        output.facts([("name", hostile)])
        output.table([Column(title="id")], [[hostile]])
        output.block(json.dumps({"k": hostile.replace("\n", "")}, ensure_ascii=False))
        text = shown(stream).replace("\x1b[2m", "").replace("\x1b[0m", "")
        for character in hostile:
            if not character.isprintable():
                assert character == "\n" or character not in text
        assert "‹U+" in text


def test_json_is_exact_and_still_no_command_on_a_terminal() -> None:
    value: Any = {"id": "\x9b2J\u202eab", "price": exact_json.parse("1.50"), "big": 10**30, "lone": "\ud800"}
    piped, screen = io.StringIO(), Screen()
    Output(piped).document(value)
    Output(screen).document(value)
    assert "\x9b" not in shown(screen)
    assert "\u202e" not in shown(screen)
    for stream in (piped, screen):
        assert exact_json.parse(shown(stream)) == value
        shown(stream).encode("utf-8")
    assert shown(piped).count("\n") == 1


def test_colour_is_only_the_second_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    def painted() -> str:
        stream = Screen()
        Output(stream).line(Span("no: incomplete", Tone.BAD), " plain")
        return shown(stream)

    assert painted() == "\x1b[31mno: incomplete\x1b[0m plain\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert painted() == "no: incomplete plain\n"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert painted() == "no: incomplete plain\n"


def test_a_file_gets_no_colour() -> None:
    stream = io.StringIO()
    Output(stream).line(Span("good", Tone.GOOD))
    assert shown(stream) == "good\n"


def test_padding_never_cuts() -> None:
    assert padded("abc", 2) == "abc"
    assert padded("a", 3, right=True) == "  a"
