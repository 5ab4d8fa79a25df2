"""The trap that some versions of PySide6 set below Python 3.12: a reference of None is lost with every void call."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

CALLS = 1000
NOISE = 20  # what the interpreter itself takes and gives back meanwhile


def naming() -> Callable[[], None]:
    named = QObject()
    return lambda: named.setObjectName("name")


def updating() -> Callable[[], None]:
    widget = QWidget()
    return widget.update


def stopping() -> Callable[[], None]:
    timer = QTimer()
    return timer.stop


def painting() -> Callable[[], None]:
    picture = QPixmap(4, 4)

    def paint() -> None:
        painter = QPainter(picture)
        painter.drawPoint(1, 1)
        painter.end()

    return paint


@pytest.mark.parametrize("kind", [naming, updating, stopping, painting])
def test_void_calls_leave_none_where_it_was(
    qapp: QApplication, kind: Callable[[], Callable[[], None]]
) -> None:
    call = kind()
    call()
    before = sys.getrefcount(None)

    for _ in range(CALLS):
        call()

    assert abs(sys.getrefcount(None) - before) <= NOISE
