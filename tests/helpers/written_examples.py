"""The python blocks of a page, run as they stand there, and what their comments say held against what happens.

Of a statement that stands by itself, a comment at its end or on the line behind it may say
`# → 42`: the value has this `repr`, or `# raises StoreBusy: … is locked …`: it raises this error with this text, in
which `…` stands for any; without a text any will do. An expression that is no call must say its value. Functions
`test_…` are called. Every fence on the page is such a block, and whatever else looks like one of these forms is wrong.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Final, NamedTuple

_ARROW: Final = "# → "
_RAISES: Final = re.compile(r"# raises ([A-Z]\w+)(?:: (.+))?")
_LOOKS_ALIKE: Final = re.compile(r"#+\s*(?:→|[-=]+>|⇒|>>>|==|[Rr]ais)")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_SIMPLE: Final = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Import, ast.ImportFrom)


class WrongExample(AssertionError):
    """The page says something else than what happens; the message begins with page and line."""


class Example(NamedTuple):
    """One block. Its code stands behind as many empty lines as lines stand before it on the page."""

    page: str
    number: int
    code: str

    def wrong(self, line: int, what: str) -> WrongExample:
        return WrongExample(f"{self.page}:{line} (block {self.number}): {what}")


class Said(NamedTuple):
    """What a comment says of the statement before it: a value, or an error."""

    line: int
    value: str | None = None
    error: str | None = None
    text: str | None = None


def examples_of(page: str, text: str) -> list[Example]:
    """Raises: WrongExample for a fence that is no python block from the first column on, or that is left open."""
    found: list[Example] = []
    code: list[str] | None = None
    begun = 0
    for number, line in enumerate(text.splitlines(), 1):
        if code is not None and line == "```":
            found.append(Example(page, len(found) + 1, "\n" * begun + "\n".join(code) + "\n"))
            code = None
        elif _FENCE.match(line):
            if code is not None or line != "```python":
                raise WrongExample(f"{page}:{number}: {line!r} is no fence of an example")
            code, begun = [], number
        elif code is not None:
            code.append(line)
    if code is not None:
        raise WrongExample(f"{page}:{begun}: this block has no end")
    return found


def run_example(example: Example, module: ModuleType) -> int:
    """Runs it in the module's names and returns how many comments were held against what happened.

    Raises: WrongExample.
    """
    before = set(vars(module))
    try:
        tree = ast.parse(example.code)
    except SyntaxError as error:
        raise example.wrong(error.lineno or 1, f"no Python: {error.msg}") from None
    said = _said(example, tree)
    for statement in tree.body:
        _run(example, statement, said.get(statement), module)
    for name in sorted(vars(module).keys() - before):
        if name.startswith("test_"):
            _call(example, tree, name, module)
    return len(said)


def _run(example: Example, statement: ast.stmt, said: Said | None, module: ModuleType) -> None:
    if said is not None and said.error is not None:
        _require_error(example, statement, said, module)
    elif said is not None and isinstance(statement, ast.Expr):
        try:
            shown = repr(eval(_value(example, statement), vars(module)))  # noqa: S307 - the page is ours
        except Exception as error:
            raise _unexpected(example, statement, error) from error
        if shown != said.value:
            raise example.wrong(said.line, f"the page says\n  {said.value}\nand it is\n  {shown}")
    else:
        try:
            exec(_code(example, statement), vars(module))  # noqa: S102 - the page is ours
        except Exception as error:
            raise _unexpected(example, statement, error) from error


def _require_error(example: Example, statement: ast.stmt, said: Said, module: ModuleType) -> None:
    try:
        exec(_code(example, statement), vars(module))  # noqa: S102 - the page is ours
    except Exception as error:
        pattern = ".*" if said.text is None else ".*".join(map(re.escape, said.text.split("…")))
        if type(error).__name__ != said.error or not re.fullmatch(pattern, str(error), re.DOTALL):
            raise example.wrong(
                said.line,
                f"the page says\n  {said.error}: {said.text}\nand it is\n  {_named(error)}",
            ) from error
    else:
        raise example.wrong(said.line, f"the page says that it raises {said.error}, and it raises nothing")


def _call(example: Example, tree: ast.Module, name: str, module: ModuleType) -> None:
    line = next((one.lineno for one in tree.body if getattr(one, "name", None) == name), 1)
    try:
        vars(module)[name]()
    except Exception as error:
        raise example.wrong(line, f"{name} failed: {_named(error)}") from error


def _unexpected(example: Example, statement: ast.stmt, error: Exception) -> WrongExample:
    return example.wrong(statement.lineno, _named(error))


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# -- what the comments say -----------------------------------------------------------------------------------


def _said(example: Example, tree: ast.Module) -> dict[ast.stmt, Said]:
    ends = {statement.end_lineno: statement for statement in tree.body}
    found: dict[ast.stmt, Said] = {}
    for line, stands_alone, comment in _comments(example.code):
        said = _read(example, line, comment)
        if said is None:
            continue
        statement = ends.get(line - 1 if stands_alone else line)
        if not isinstance(statement, _SIMPLE) or statement in found:
            raise example.wrong(line, f"{comment!r} belongs to no statement")
        if said.value is not None and not isinstance(statement, ast.Expr):
            raise example.wrong(line, f"{comment!r} stands behind what has no value")
        found[statement] = said
    for statement in tree.body:
        is_value = isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Call)
        if is_value and statement not in found:
            raise example.wrong(statement.lineno, f"nothing says what {ast.unparse(statement)} is")
    return found


def _comments(code: str) -> Iterator[tuple[int, bool, str]]:
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], not token.line[: token.start[1]].strip(), token.string


def _read(example: Example, line: int, comment: str) -> Said | None:
    if comment.startswith(_ARROW) and comment != _ARROW:
        return Said(line, value=comment.removeprefix(_ARROW))
    raised = _RAISES.fullmatch(comment)
    if raised is not None:
        return Said(line, error=raised[1], text=raised[2])
    if _LOOKS_ALIKE.match(comment):
        raise example.wrong(line, f"{comment!r} has no form that is checked")
    return None


def _value(example: Example, statement: ast.Expr) -> CodeType:
    return compile(ast.Expression(statement.value), example.page, "eval")


def _code(example: Example, statement: ast.stmt) -> CodeType:
    return compile(ast.Module([statement], type_ignores=[]), example.page, "exec")
