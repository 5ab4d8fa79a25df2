"""Without a display the demo leaves pictures of the real window; without a Qt that can start it says so."""

from pathlib import Path

from PySide6.QtGui import QImage

from tests.helpers.command_line import auditor


def test_the_tour_leaves_pictures_in_the_users_cache_and_nothing_beside_the_store(
    auditor_home: Path, tmp_path: Path
) -> None:
    store = tmp_path / "shop" / "orders.db"
    store.parent.mkdir()
    ended = auditor("demo", "--events", "500", "--to", store, "--terminal")
    assert (ended.code, ended.err) == (0, "")
    folders = [Path(line) for line in ended.out.splitlines() if line.startswith(str(auditor_home / "cache"))]
    assert len(folders) == 1
    pictures = sorted(folders[0].iterdir())
    assert [path.name for path in pictures] == [
        "history-dark.png",
        "history-light.png",
        "projections-light.png",
    ]
    for path in pictures:
        image = QImage(str(path))
        assert (image.width(), image.height()) == (1440, 900)
        shown = {image.pixel(x, y) for x in range(0, 1440, 9) for y in range(0, 900, 7)}
        assert len(shown) > 20, path
    assert {path.name for path in store.parent.iterdir()} == {"orders.db", "orders.readmodels.db"}
    assert not (auditor_home / "state" / "window.json").exists()


def test_qt_that_cannot_start_is_a_line_and_no_failure(tmp_path: Path) -> None:
    hidden = tmp_path / "instead" / "PySide6"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    broken = {"PYTHONPATH": str(hidden.parent)}
    ended = auditor("demo", "--events", "500", "--to", tmp_path / "orders.db", "--terminal", env=broken)
    assert ended.code == 0
    assert "No pictures: Qt could not draw the window (ImportError: libGL.so.1" in ended.out
    assert ".png" not in ended.out
