"""The guide that comes with the program: Markdown pages in the order in which they are read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.core.text import tr
from auditor.jobs.origin import Origin
from auditor.resources import resource
from auditor.tasks.context import TaskContext

FIRST = "index"
ORDER = (
    FIRST,
    "opening-a-store",
    "finding-an-aggregate",
    "timeline",
    "state-and-event",
    "then-and-now",
    "who-changed-the-price",
    "as-of",
    "when",
    "projections",
    "following",
    "trust-and-read-only",
    "workspace-file",
    "command-line",
    "keys",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGuideRequest:
    """Of the whole guide."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """`name` is what links say, without `.md`. `pictures` are PNG files by what the text calls them and the scheme,
    light or dark."""

    name: str
    title: str
    text: str
    pictures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)


def run(request: ReadGuideRequest, context: TaskContext) -> tuple[GuidePage, ...]:  # noqa: ARG001 - asks for nothing more
    """Raises: FileNotFoundError where the program was installed without its guide."""
    pages = []
    for name in ORDER:
        context.token.raise_if_cancelled()
        text = resource("help", f"{name}.md").read_text(encoding="utf-8")
        heading = text.partition("\n")[0].lstrip("# ")
        pages.append(GuidePage(name=name, title=heading or tr("Guide"), text=text, pictures=_pictures(text)))
    return tuple(pages)


_PICTURE = re.compile(r"!\[[^\]]*\]\((pictures/[a-z-]+)\.png\)")


def _pictures(text: str) -> dict[tuple[str, str], bytes]:
    """Each is there once for either scheme; the text names neither."""
    return {
        (f"{name}.png", scheme): resource("help", f"{name}-{scheme}.png").read_bytes()
        for name in _PICTURE.findall(text)
        for scheme in ("light", "dark")
    }
