"""What this program is made of: versions and licences, for the about box."""

import platform
from dataclasses import dataclass
from importlib import metadata

from auditor.jobs.origin import Origin
from auditor.resources import resource
from auditor.tasks.context import TaskContext

PROGRAM = "auditor"
_FONTS = {"Inter": "fonts-inter.copyright.txt", "JetBrains Mono": "fonts-jetbrains-mono.copyright.txt"}
_BESIDE = ("shiboken6",)  # comes with a dependency and is named by users all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPartsRequest:
    """Of the program that runs."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`text` is the licence's text where the program itself carries it."""

    name: str
    version: str
    licence: str
    text: str = ""


def run(request: ListPartsRequest, context: TaskContext) -> tuple[Part, ...]:  # noqa: ARG001 - asks for nothing more
    """The program first, then Python, what it depends on by name, and its fonts. A frozen program names only what it
    has brought along."""
    context.token.raise_if_cancelled()
    python = Part(name="Python", version=platform.python_version(), licence="PSF-2.0")
    names = sorted({*_dependencies(), *_BESIDE}, key=str.casefold)
    packages = [part for name in names if (part := _package(name)) is not None]
    own = _package(PROGRAM)
    return (*([own] if own else []), python, *packages, *_fonts())


def _dependencies() -> set[str]:
    try:
        wanted = metadata.requires(PROGRAM) or []
    except metadata.PackageNotFoundError:
        return set()
    # `name>=1 ; marker`: what stands before the first sign that no name has
    return {"".join(_name_part(one)) for one in wanted if "extra ==" not in one}


def _name_part(requirement: str) -> list[str]:
    taken: list[str] = []
    for character in requirement:
        if not (character.isalnum() or character in "-_."):
            break
        taken.append(character)
    return taken


def _package(name: str) -> Part | None:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    about = found.metadata.json
    classifiers = about.get("classifier", [])
    classified = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    stated = str(about.get("license_expression") or about.get("license") or "")
    licence = (
        stated if stated and len(stated) < 80 else ", ".join(classified)
    )  # some put the whole text there
    return Part(name=str(about.get("name", name)), version=found.version, licence=licence.replace("\n", " "))


def _fonts() -> list[Part]:
    parts = []
    for name, file in _FONTS.items():
        try:
            text = resource("fonts", file).read_text(encoding="utf-8")
        except (FileNotFoundError, OSError):
            text = ""
        parts.append(Part(name=name, version="", licence="OFL-1.1", text=text))
    return parts
