"""A button with its name, text and act."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton


def push_button(name: str, text: str, act: Callable[[], object]) -> QPushButton:
    """`name` is the object name."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.clicked.connect(lambda _checked=False: act())
    return button
