"""Texts that have not the room they need. `python -m tests.gui.acceptance.cut_texts STORE` looks through a window."""

import sys
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QToolButton, QWidget

from auditor.gui.parts.elided_label import ElidedLabel

SPARE = 1
"""Pixels that rounding may cost."""


def cut_texts(top: QWidget) -> Iterator[str]:
    """Visible labels and buttons whose text is wider or higher than they are; one that is elided must tell all of it
    in its tool tip."""
    for widget in [top, *top.findChildren(QWidget)]:
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, ElidedLabel):
            yield from _untold(widget)
        elif isinstance(widget, QLabel):
            yield from _cut_label(widget)
        elif isinstance(widget, QPushButton | QToolButton) and widget.text():
            yield from _cut_button(widget)


def _untold(label: ElidedLabel) -> Iterator[str]:
    needed = label.fontMetrics().horizontalAdvance(label.text())
    if needed > label.contentsRect().width() + SPARE and label.text() not in (label.toolTip() or ""):
        yield f"{_name(label)} {label.text()!r} is elided, and its tool tip is {label.toolTip()!r}"


def _cut_label(label: QLabel) -> Iterator[str]:
    if not label.text() or label.textFormat() == Qt.TextFormat.RichText:
        return
    room = label.contentsRect()
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height() + SPARE:
            yield f"{_name(label)} {label.text()!r} needs {needed} of {label.height()} pixels in height"
        return
    lines = label.text().split("\n")
    # What marks a key takes no room; only names of fields have one.
    lines = [line.replace("&", "") if label.buddy() is not None else line for line in lines]
    needed = max(label.fontMetrics().horizontalAdvance(line) for line in lines)
    if needed > room.width() + SPARE:
        yield f"{_name(label)} {label.text()!r} needs {needed} of {room.width()} pixels"
    if label.fontMetrics().height() * len(lines) > label.height() + 3:
        yield f"{_name(label)} {label.text()!r} is {label.height()} pixels high"


def _cut_button(button: QAbstractButton) -> Iterator[str]:
    if (
        isinstance(button, QToolButton)
        and button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        and (not button.icon().isNull())
    ):
        return
    needed = button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text()).width()
    if needed > button.width() + SPARE:
        yield f"{_name(button)} {button.text()!r} needs {needed} of {button.width()} pixels"


def _name(widget: QWidget) -> str:
    if widget.objectName():
        return widget.objectName()
    parent = widget.parentWidget()
    while parent is not None and not parent.objectName():
        parent = parent.parentWidget()
    return f"a {type(widget).__name__} in {parent.objectName() if parent is not None else 'nothing'}"


def main() -> int:
    """Prints what is cut; the exit code says whether something is."""
    from auditor.gui.app import make_appearance, make_application
    from auditor.gui.main_window import MainWindow
    from auditor.gui.settings import Settings
    from tests.gui.acceptance.driving import User
    from tests.gui.acceptance.walking import scenes

    appearance, settings = make_appearance(make_application(), Settings()), Settings()
    found: list[str] = []
    ratio = 0.0
    for size in ((960, 640), (1280, 800)):
        window = MainWindow(appearance, settings)
        window.resize(*size)
        window.show()
        window.activateWindow()
        window.open(sys.argv[1])
        user = User(window)
        user.until_open()
        for scene, front in scenes(user, "order-1036"):
            found += [f"{size[0]}x{size[1]}, {scene}: {problem}" for problem in cut_texts(front)]
        ratio = window.devicePixelRatioF()
        window.close()
    for line in dict.fromkeys(found):
        print(line)
    print(f"{len(found)} texts are cut at a ratio of {ratio}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
