"""Tool tips with text of a store: Qt takes them for HTML where they look like it."""

from PySide6.QtGui import Qt as QtText


def plain_tip(text: str) -> str:
    """Seen as that text and nothing else."""
    return QtText.convertFromPlainText(text) if QtText.mightBeRichText(text) else text
