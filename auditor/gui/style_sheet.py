"""One style sheet for all widgets, made from the tokens and the sizes."""

from string import Template

from auditor.gui.text_size import Sizes
from auditor.gui.theme import Theme
from auditor.resources import resource


def style_sheet(theme: Theme, sizes: Sizes, mono_family: str) -> str:
    """The style sheet of the whole program."""
    template = Template(resource("window.qss").read_text(encoding="utf-8"))
    return template.substitute(
        theme.tokens,
        body=sizes.body,
        small=sizes.small,
        caption=sizes.caption,
        title=sizes.title,
        page=sizes.page,
        control=sizes(28) - 8,
        tool=sizes(28) - 8,
        segment=sizes(24) - 4,
        mono=mono_family,
    )
