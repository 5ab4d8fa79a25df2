"""How a page of the guide is set: the types of the design instead of Qt's own for Markdown."""

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFragment,
    QTextFrame,
    QTextLength,
    QTextTable,
)

from auditor.gui.appearance import Appearance

_PERCENT = 135


def typeset(document: QTextDocument, appearance: Appearance) -> None:
    """Changes headings, text, code, links and tables of the whole document."""
    document.setDocumentMargin(appearance.sizes(28))
    document.setIndentWidth(appearance.sizes(20))
    block = document.begin()
    while block.isValid():
        _set_block(block, appearance)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _set_table(frame, appearance)


def _set_block(block: QTextBlock, appearance: Appearance) -> None:
    sizes = appearance.sizes
    level = block.blockFormat().headingLevel()
    cursor = QTextCursor(block)
    fragments = _fragments(block)
    layout = QTextBlockFormat()
    has_picture = any(fragment.charFormat().isImageFormat() for fragment in fragments)
    layout.setLineHeight(
        100 if has_picture else _PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    )
    if not _is_in_table(cursor):
        first = block.position() == 0
        layout.setTopMargin(0 if first else sizes(22) if level else sizes(4))
        layout.setBottomMargin(sizes(16 if has_picture else 4))
    cursor.mergeBlockFormat(layout)
    for fragment in fragments:
        if fragment.charFormat().isImageFormat():
            continue
        cursor.setPosition(fragment.position())
        cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(_letters(fragment.charFormat(), level, appearance))


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    found = []
    walk = block.begin()
    while not walk.atEnd():
        found.append(walk.fragment())
        walk += 1
    return found


def _letters(given: QTextCharFormat, level: int, appearance: Appearance) -> QTextCharFormat:
    theme, sizes = appearance.theme, appearance.sizes
    is_code = given.fontFixedPitch()
    if level:
        font = appearance.body({1: sizes.page, 2: sizes.title}.get(level, sizes.body), 600)
    elif is_code:
        font = appearance.mono()
    else:
        weight = 600 if given.fontWeight() > QFont.Weight.Medium else 500 if given.fontItalic() else 400
        font = appearance.body(weight=weight)
    letters = QTextCharFormat()
    letters.setFont(font)
    letters.setForeground(theme.color("text" if level or is_code or font.weight() > 400 else "text2"))
    if given.isAnchor():
        letters.setAnchor(True)
        letters.setAnchorHref(given.anchorHref())
        letters.setForeground(theme.color("accent"))
    return letters


def _is_in_table(cursor: QTextCursor) -> bool:
    return cursor.currentTable() is not None


def _set_table(table: QTextFrame, appearance: Appearance) -> None:
    assert isinstance(table, QTextTable)  # noqa: S101 - chosen by that
    layout = table.format()
    layout.setBorder(0)
    layout.setCellSpacing(0)
    layout.setCellPadding(appearance.sizes(4))
    layout.setTopMargin(appearance.sizes(8))
    layout.setBottomMargin(appearance.sizes(8))
    layout.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(layout)
