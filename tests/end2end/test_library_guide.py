"""Every example of `docs/library.md` runs as it stands there, on each database, and what it says of itself is so."""

import re
import sys
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

from auditor import eventsourcing
from auditor.eventsourcing import EventStore, ReadModel, StopSignal
from tests.helpers.house.tree import REPOSITORY
from tests.helpers.written_examples import WrongExample, examples_of, run_example

GUIDE = "docs/library.md"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """Where the examples put their names, in an empty folder."""
    made = ModuleType("library_guide")
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.chdir(tmp_path)
    return made


def end_all(module: ModuleType) -> None:
    """An example that failed leaves others undone that would end what was begun."""
    left = list(vars(module).values())
    for stop in (value for value in left if isinstance(value, StopSignal)):
        stop.stop()
    for thread in (value for value in left if isinstance(value, Thread) and value.is_alive()):
        thread.join()
    for opened in (value for value in left if isinstance(value, EventStore | ReadModel)):
        opened.close()


def test_the_guide_holds(store_url: str, module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    vars(module)["url"] = store_url
    try:
        checked = [run_example(one, module) for one in examples_of(GUIDE, (REPOSITORY / GUIDE).read_text())]
    finally:
        end_all(module)
    assert len(checked) > 15
    assert sum(checked) > 30
    assert capsys.readouterr().out == ""


def is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Exception) and not issubclass(value, Warning)


def test_the_table_of_errors_names_those_of_the_library() -> None:
    errors = {name for name in eventsourcing.__all__ if is_error(getattr(eventsourcing, name))}
    rows = re.findall(r"(?m)^\| (`\w+`(?:, `\w+`)*) \|", (REPOSITORY / GUIDE).read_text())
    named = {name for row in rows for name in re.findall(r"\w+", row)}
    assert named == errors - {"AuditorError"} | {"ValueError", "TypeError"}


# -- what the first test would say ---------------------------------------------------------------------------


def run_page(text: str, module: ModuleType) -> int:
    return sum(run_example(example, module) for example in examples_of("page.md", text))


def block(*lines: str) -> str:
    return "\n".join(("# A page", "", "```python", *lines, "```", ""))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("1 + 1  # → 3",), "page.md:4 (block 1): the page says\n  3\nand it is\n  2"),
        (("x = 1", "", "y + x", "# → 2"), "page.md:6 (block 1): NameError: name 'y' is not defined"),
        (("x = 1", "print(z)"), "page.md:5 (block 1): NameError"),
        (("1 + 1",), "page.md:4 (block 1): nothing says what 1 + 1 is"),
        (("x = 1  # → 1",), "page.md:4 (block 1): '# → 1' stands behind what has no value"),
        (("x = 1", "", "# → 1"), "page.md:6 (block 1): '# → 1' belongs to no statement"),
        (("def f():", "    return 1  # → 1"), "page.md:5 (block 1): '# → 1' belongs to no statement"),
        (("1 + 1  # -> 2",), "page.md:4 (block 1): '# -> 2' has no form that is checked"),
        (("1 + 1  #→ 2",), "has no form that is checked"),
        (("int('a')  # Raises ValueError",), "has no form that is checked"),
        (("int('a')  # raises TypeError",), "the page says\n  TypeError: None\nand it is\n  ValueError: inv"),
        (("int('a')  # raises ValueError: another text",), "and it is\n  ValueError: invalid literal"),
        (("int('1')  # raises ValueError",), "it raises ValueError, and it raises nothing"),
        (
            (
                "for x in ():",
                "    pass  # raises ValueError",
            ),
            "belongs to no statement",
        ),
        (("x = (",), "page.md:4 (block 1): no Python"),
        (
            (
                "def test_it():",
                "    assert 1 == 2",
            ),
            "page.md:4 (block 1): test_it failed",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(lines: tuple[str, ...], said: str, module: ModuleType) -> None:
    with pytest.raises(WrongExample) as caught:
        run_page(block(*lines), module)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "fence", ["```py", "```", "```python title", " ```python", "~~~python", "```Python", "```python3"]
)
def test_no_block_is_left_out_silently(fence: str) -> None:
    with pytest.raises(WrongExample, match=r"page\.md:2: "):
        examples_of("page.md", f"\n{fence}\n1  # → 2\n```\n")


def test_a_block_without_an_end_is_wrong() -> None:
    with pytest.raises(WrongExample, match=r"page\.md:1: this block has no end"):
        examples_of("page.md", "```python\nx = 1\n")


def test_examples_share_their_names_and_what_holds_passes(module: ModuleType) -> None:
    text = block("x = {'a': 1}", "x  # → {'a': 1}") + block(
        "x['a']", "# → 1", "x['b']  # raises KeyError: 'b'", "int('a')", "# raises ValueError: invalid …: 'a'"
    )
    assert run_page(text, module) == 4
