"""Children are runs of this program: heard to the end, or killed with what they were for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from auditor.gui import child_process, store_counts
from auditor.gui.child_process import ChildEnd, ChildProcess
from auditor.gui.main_window import MainWindow
from tests.gui.navigator.conftest import Shown, write_aggregates


def ended(qtbot: QtBot, child: ChildProcess, *arguments: str, lines: bool = False) -> ChildEnd:
    with qtbot.waitSignal(child.ended, timeout=30_000) as waited:
        child.start(*arguments, lines=lines)
    end = waited.args[0]
    assert isinstance(end, ChildEnd)
    return end


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_document_is_heard_whole(qapp: object, qtbot: QtBot, demo_store: Path) -> None:
    end = ended(qtbot, ChildProcess(), "info", str(demo_store), "--json")
    assert end.code == 0
    assert '"events":2000' in end.output


def test_lines_are_told_one_by_one(qapp: object, qtbot: QtBot, demo_store: Path) -> None:
    child, heard = ChildProcess(), list[str]()
    child.line.connect(heard.append)
    end = ended(qtbot, child, "events", str(demo_store), "--json", "--limit", "20", lines=True)
    assert (end.code, end.output) == (0, "")
    assert len(heard) >= 1
    assert not any("\n" in line for line in heard)


def test_a_failure_has_its_code_and_last_words(qapp: object, qtbot: QtBot, tmp_path: Path) -> None:
    end = ended(qtbot, ChildProcess(), "info", str(tmp_path / "none.db"))
    assert end.code not in (0, None)
    assert "none.db" in end.last_words


def test_a_program_that_is_not_there_is_told(
    qapp: object, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "own_program", lambda *arguments: ["/nowhere/auditor", *arguments])
    end = ended(qtbot, ChildProcess(), "info")
    assert end.code is None
    assert end.last_words


def test_a_killed_one_is_gone_and_says_nothing(qapp: object, qtbot: QtBot, demo_store: Path) -> None:
    child = ChildProcess()
    with qtbot.assertNotEmitted(child.ended):
        child.start("events", str(demo_store), "--follow")
        qtbot.waitUntil(lambda: child.pid > 0)
        pid = child.pid
        assert is_alive(pid)
        child.kill()
        assert not is_alive(pid)
        assert not child.is_running


def test_a_large_store_is_counted_by_a_child(
    show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_counts, "COUNTED_HERE", 2)
    path = tmp_path / "-large @ü.db"
    write_aggregates(path, ["a", "b", "c"], "Thing")
    window, navigator = show(path)
    qtbot.waitUntil(lambda: window.desk.counts.events == 3, timeout=20_000)
    assert window.desk.counts.types == {"Thing": 3}
    assert navigator.types.model().index(0, 1).data() == "3"


@pytest.mark.parametrize("end", ["close the store", "close the window"])
def test_counting_ends_with_the_store_and_the_window(
    end: str,
    make_window: Callable[..., MainWindow],
    demo_store: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_counts, "COUNTED_HERE", 2)
    window = make_window(demo_store)
    child = window.desk.counts.child
    qtbot.waitUntil(lambda: child.pid > 0)
    pid = child.pid
    if end == "close the store":
        window.desk.store.close()
    else:
        window.close()
    assert not is_alive(pid)


def test_a_count_that_fails_is_told(
    show: Callable[..., Shown], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_counts, "COUNTED_HERE", 2)
    monkeypatch.setattr(
        store_counts, "_info_command", lambda _: ["info", str(tmp_path / "none.db"), "--json"]
    )
    path = tmp_path / "large.db"
    write_aggregates(path, ["a", "b", "c"], "Thing")
    window, _ = show(path)
    qtbot.waitUntil(lambda: "none.db" in window.desk.counts.problem, timeout=20_000)
    assert window.desk.counts.sentence == "events not counted · head 3"
