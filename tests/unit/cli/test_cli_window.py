"""The verb that shows the window, and what is said where there is none."""

import os
import socket
from pathlib import Path

import pytest

from auditor.cli.main import main
from tests.helpers.command_line import auditor

Opened = list[tuple[str | None, Path | None]]
PLACES = "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PLACES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ([], (None, None)),
        (["open"], (None, None)),
        (["open", "a.db"], ("a.db", None)),
        (["open", "a.db", "--workspace", "w.toml"], ("a.db", Path("w.toml"))),
        (["open", "--", "-a.db"], ("-a.db", None)),
    ],
    ids=["nothing", "open", "a store", "with its workspace", "after two dashes"],
)
@pytest.mark.usefixtures("display")
def test_opens_the_window(typed: list[str], wanted: tuple[str | None, Path | None]) -> None:
    opened: Opened = []

    def open_window(store: str | None, workspace: Path | None) -> int:
        opened.append((store, workspace))
        return 0

    assert main(typed, open_window) == 0
    assert opened == [wanted]


def test_without_a_display_open_says_so(tmp_path: Path) -> None:
    ended = auditor("open", tmp_path / "absent.db")
    assert (ended.code, ended.out) == (3, "")
    assert "no display" in ended.err
    assert "auditor --help" in ended.err


def test_without_a_display_nothing_typed_answers_with_the_verbs() -> None:
    ended = auditor()
    assert ended.code == 0
    assert "no display" in ended.err
    assert "\n  open " in ended.out


def test_a_display_that_does_not_answer_is_no_display(tmp_path: Path) -> None:
    free = next(number for number in range(77, 999) if not Path(f"/tmp/.X11-unix/X{number}").exists())  # noqa: S108
    ended = auditor("open", tmp_path / "absent.db", env={"DISPLAY": f":{free}"})
    assert ended.code == 3
    assert f"The display :{free} does not answer" in ended.err


def test_a_display_that_answers_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        number = 60_000 + os.getpid() % 5_000
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        monkeypatch.setenv("DISPLAY", f":{number}.0")
        assert main(["open"], lambda *_: 0) == 0


@pytest.mark.usefixtures("display")
def test_a_library_that_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    def open_window(store: str | None, workspace: Path | None) -> int:
        raise ImportError("libEGL.so.1: cannot open shared object file")

    assert main(["open"], open_window) == 3
    said = capsys.readouterr().err
    assert "libEGL.so.1" in said
    assert "apt-get install" in said


class TestDemo:
    @pytest.mark.usefixtures("display")
    def test_opens_the_window_on_the_store_that_it_made(self, tmp_path: Path) -> None:
        opened: Opened = []
        path = tmp_path / "demo.db"

        def open_window(store: str | None, workspace: Path | None) -> int:
            opened.append((store, workspace))
            return 0

        assert main(["demo", "--events", "20", "--to", str(path)], open_window) == 0
        assert opened == [(str(path), None)]

    @pytest.mark.parametrize("option", ["--terminal", "--json"])
    @pytest.mark.usefixtures("display")
    def test_opens_none_where_an_answer_in_the_terminal_is_asked(self, option: str, tmp_path: Path) -> None:
        opened: Opened = []

        def open_window(store: str | None, workspace: Path | None) -> int:
            opened.append((store, workspace))
            return 0

        assert main(["demo", "--events", "20", "--to", str(tmp_path / "demo.db"), option], open_window) == 0
        assert opened == []

    def test_without_a_display_says_so_in_one_line_and_does_the_tour(self, tmp_path: Path) -> None:
        ended = auditor("demo", "--events", "60", "--to", tmp_path / "demo.db")
        assert ended.code == 0
        assert [line for line in ended.err.splitlines() if "display" in line] == [
            "There is no display, so no window can be shown: neither DISPLAY nor WAYLAND_DISPLAY is set. "
            "The tour follows in this terminal."
        ]
        assert "A read model, rebuilt from the events" in ended.out
