"""Who sees nothing, or uses no mouse, meets every part of the window: names, roles and values in the accessibility
tree, the order of Tab, and texts that are not cut when they are large."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QSlider,
    QWidget,
)

from tests.gui.acceptance.cut_texts import cut_texts
from tests.gui.acceptance.driving import User
from tests.gui.acceptance.walking import scenes

AGGREGATE = "order-1036"
Role = QAccessible.Role
ROLES: tuple[tuple[type[QWidget], frozenset[QAccessible.Role]], ...] = (
    (QSlider, frozenset({Role.Slider})),
    (QLineEdit, frozenset({Role.EditableText})),
    (QAbstractItemView, frozenset({Role.Table, Role.Tree, Role.List})),
    (
        QAbstractButton,
        frozenset(
            {
                Role.Button,
                Role.CheckBox,
                Role.RadioButton,
                Role.PushButton,
                Role.ButtonMenu,
                Role.ButtonDropDown,
            }
        ),
    ),
    (QProgressBar, frozenset({Role.ProgressBar})),
)
QT_OWN = ("qt_",)
PAINTED = "timeline.lanes"
"""What paints itself can be given no role; it says in words what it shows, and the slider beside it has its value."""


@pytest.mark.timeout(180)
def test_everything_that_can_be_used_has_a_name_a_role_and_a_value(
    user_of: Callable[..., User], demo_store: Path
) -> None:
    problems: list[str] = []
    start = user_of()
    problems += [f"start: {problem}" for problem in _problems(start.window)]
    user = user_of(demo_store)
    for scene, front in scenes(user, AGGREGATE):
        problems += [f"{scene}: {problem}" for problem in _problems(front)]
    assert not problems, "\n".join(dict.fromkeys(problems))


def _problems(top: QWidget) -> Iterator[str]:
    for widget in [top, *top.findChildren(QWidget)]:
        if not widget.isVisible() or widget.objectName().startswith(QT_OWN) or isinstance(widget, QScrollBar):
            continue
        is_used = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) or isinstance(
            widget, QAbstractButton | QProgressBar
        )
        if not is_used or isinstance(widget.parent(), QLineEdit):
            continue
        name = f"{widget.objectName() or 'nameless'} ({type(widget).__name__})"
        seen = QAccessible.queryAccessibleInterface(widget)
        if seen is None or not seen.isValid():
            yield f"{name} is not in the accessibility tree"
            continue
        if not seen.text(QAccessible.Text.Name).strip():
            yield f"{name} has no name"
        yield from _wrong_role(name, widget, seen)
        if isinstance(widget, QSlider | QProgressBar) and seen.valueInterface() is None:
            yield f"{name} has no value"
        if isinstance(widget, QSlider) and not seen.text(QAccessible.Text.Description):
            yield f"{name} does not say what its value means"


def _wrong_role(name: str, widget: QWidget, seen: QAccessibleInterface) -> Iterator[str]:
    for kind, roles in ROLES:
        if isinstance(widget, kind):
            if seen.role() not in roles:
                yield f"{name} has the role {seen.role()}"
            return
    if isinstance(widget, QScrollArea):
        return  # it is there to be scrolled, and has no role of its own in Qt
    if widget.objectName() == PAINTED:
        if not seen.text(QAccessible.Text.Description).strip():
            yield f"{name} does not say where A stands"
    elif seen.role() in (Role.NoRole, Role.Client):
        yield f"{name} has the role {seen.role()}"


ORDER = (
    "toolbar",
    "navigator.filter",
    "navigator.types",
    "navigator.list",
    "timeline",
    "state",
    "event",
    "status",
)
"""Of the focus, by the names of the parts; `looks.md` has it."""


def test_tab_goes_through_the_window_in_the_order_of_its_parts(
    user_of: Callable[..., User], demo_store: Path
) -> None:
    user = user_of(demo_store)
    next(stopped for stopped in scenes(user, AGGREGATE) if stopped[0] == "history")
    met = tab_round(user)
    names = [name for widget in met if (name := _part(user, widget)) is not None]
    parts = list(dict.fromkeys(names))
    begin = parts.index(ORDER[0])
    assert tuple(parts[begin:] + parts[:begin]) == ORDER, [widget.objectName() for widget in met]
    without_gaps = [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]
    assert len(without_gaps) <= len(ORDER) + 1, without_gaps


@pytest.mark.parametrize("size", [(1440, 900), (960, 640)])
def test_all_that_can_be_used_is_reached_by_tab(
    size: tuple[int, int], user_of: Callable[..., User], demo_store: Path
) -> None:
    user = user_of(demo_store, size)
    next(stopped for stopped in scenes(user, AGGREGATE) if stopped[0] == "history")
    met = set(tab_round(user))
    missed = [
        widget.objectName() or type(widget).__name__
        for widget in user.window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QAbstractItemView | QLineEdit | QSlider)
        and widget.isVisible()
        and widget.isEnabled()
        and widget not in met
        and not isinstance(widget.parent(), QLineEdit)
        and not isinstance(widget, QHeaderView)
        and not _is_reached_by_arrows(widget, met)
        and not widget.objectName().startswith(QT_OWN)
    ]
    assert not missed


def tab_round(user: User) -> list[QWidget]:
    """Every widget that Tab comes to, once, from the first one on."""
    user.window.activateWindow()
    met: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(user.focused(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in met:
            break
        met.append(focused)
    return met


def _part(user: User, widget: QWidget) -> str | None:
    for name in ORDER:
        part = user.find(QWidget, name)
        if part is widget or part.isAncestorOf(widget):
            return name
    return None


def _is_reached_by_arrows(widget: QWidget, met: set[QWidget]) -> bool:
    """One of a row of choices: the arrows go on from the one that has the focus."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and any(one in met for one in group.buttons())


# -- large texts -----------------------------------------------------------------------------------------------------


@pytest.mark.timeout(180)
@pytest.mark.parametrize("size", [(960, 640), (1280, 800)])
def test_large_text_is_not_cut(size: tuple[int, int], user_of: Callable[..., User], demo_store: Path) -> None:
    user = user_of(demo_store, size)
    user.desk.appearance.set(text_size=17)
    problems = [
        f"{scene}: {problem}" for scene, front in scenes(user, AGGREGATE) for problem in cut_texts(front)
    ]
    user.desk.appearance.set(text_size=13)
    assert not problems, "\n".join(dict.fromkeys(problems))


@pytest.mark.timeout(180)
def test_at_twice_the_size_nothing_is_cut(demo_store: Path) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.acceptance.cut_texts", str(demo_store)],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "0 texts are cut at a ratio of 2.0"
