"""Buttons with an icon."""

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from auditor.gui.parts.push_button import push_button


def icon_button(name: str, text: str, act: Callable[[], object]) -> QPushButton:
    """`name` is the object name. Whoever makes it sets the icon, in the colours of the moment."""
    button = push_button(name, "", act)
    name_button(button, text)
    return button


def name_button(button: QPushButton, text: str) -> None:
    """A blank keeps icon and text apart; Qt sets them too close."""
    button.setText(f" {text}")
    button.setAccessibleName(text)
