"""Every view and dialog of a window, one after the other, for tests that look at all that can be seen."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QToolButton, QWidget

from auditor.gui.action_table import ActionId
from auditor.gui.cursor import Place
from tests.gui.acceptance.driving import User

A = ActionId
DIALOGS = (A.CONNECT, A.STORE_DETAILS, A.ABOUT, A.GO_TO_VERSION, A.AS_OF)
OVERLAYS = (A.PALETTE, A.COMMANDS, A.KEYS, A.GUIDE)


def scenes(user: User, aggregate_id: str) -> Iterator[tuple[str, QWidget]]:
    """Brings the open window to one scene after the other: its name and the widget that is in front."""
    window, desk = user.window, user.desk
    yield "nothing chosen", window
    desk.cursor.go_to(Place(aggregate_id, None, 3))
    user.until(lambda: desk.loader.fold is not None)
    user.rest()
    yield "history", window
    yield from _tabs(user)
    desk.actions[A.FIND].trigger()
    user.rest()
    yield "find in the state", window
    QTest.keyClick(user.focused(), Qt.Key.Key_Escape)
    desk.cursor.set_model("merge")
    user.rest()
    yield "generic merge", window
    desk.cursor.set_model(None)
    user.rest()
    yield from _conditions(user)
    yield from _comparisons(user, aggregate_id)
    for name in (*DIALOGS, *OVERLAYS):
        desk.actions[name].trigger()
        user.rest()
        front = _front(user)
        yield str(name), front
        _close(user, front)
    desk.actions[A.VIEW_PROJECTIONS].trigger()
    user.until(lambda: desk.actions[A.REBUILD].isEnabled())
    user.rest()
    yield "projections", window
    desk.actions[A.REBUILD].trigger()
    user.until(lambda: user.rebuild.is_over)
    user.rest()
    yield "a rebuild that has ended", window
    desk.actions[A.SHOW_ROWS].trigger()
    user.rest()
    yield "rows of the read model", window
    desk.actions[A.VIEW_HISTORY].trigger()


def _comparisons(user: User, aggregate_id: str) -> Iterator[tuple[str, QWidget]]:
    """Of two versions, of nothing with itself, and of two aggregates."""
    cursor = user.desk.cursor
    for other, name in (
        (1, "a comparison"),
        (3, "a comparison without a difference"),
        (None, "with the one before"),
    ):
        cursor.set_other(other)
        user.desk.actions[A.COMPARE].trigger()
        user.rest()
        yield name, user.window
    user.desk.actions[A.COMPARE_WITH].trigger()
    user.rest()
    front = _front(user)
    yield str(A.COMPARE_WITH), front
    user.find(QLineEdit, "compare.with.id").setText(aggregate_id)
    user.find(QWidget, "compare.with.compare").setFocus()
    QTest.keyClick(user.focused(), Qt.Key.Key_Space)
    user.rest()
    yield "a comparison of two aggregates", user.window
    user.desk.looking.compare_with(None)
    user.desk.actions[A.SHOW_STATE].trigger()
    user.rest()


def _conditions(user: User) -> Iterator[tuple[str, QWidget]]:
    """One that holds, and one that cannot be read."""
    user.desk.actions[A.WHEN].trigger()
    field = user.find(QLineEdit, "when.expression")
    for text, name in (("total > 1", "when"), ("total > x", "a mistake in a condition")):
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        user.rest()
        yield name, user.window
    QTest.keyClick(field, Qt.Key.Key_Escape)
    user.rest()


def _tabs(user: User) -> Iterator[tuple[str, QWidget]]:
    panel = user.find(QWidget, "event")
    if not panel.isVisible():
        user.find(QToolButton, "state.which.1").click()
        user.rest()
        yield "the event alone", user.window
    for number in (1, 2, 3, 0):
        button = user.find(QToolButton, f"event.tabs.{number}")
        if button.isVisible():
            button.click()
            user.rest()
            yield f"event tab {number}", user.window


def _front(user: User) -> QWidget:
    """The dialog, or the window with what lies over it."""
    modal = QApplication.activeModalWidget()
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not user.window]
    return modal or next(iter(shown), user.window)


def _close(user: User, front: QWidget) -> None:
    assert not isinstance(front, QFileDialog)
    if front is not user.window:
        front.close()
        user.until(
            lambda: not [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is front]
        )
    else:
        QTest.keyClick(user.focused(), Qt.Key.Key_Escape)
    user.rest()
