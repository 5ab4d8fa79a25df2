"""The source as the house rules read it, and what a rule is."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the root, with slashes."""

    path: str
    text: str
    tree: ast.Module

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes() if isinstance(node, ast.Call))

    def at(self, node: ast.AST, said: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {said}"


@dataclass(frozen=True)
class Rule:
    """`findings` names each place that breaks the rule; `planted` is a file, as path and text, that does."""

    name: str
    findings: Callable[[list[Module]], Iterable[str]]
    planted: tuple[str, str]


def modules(root: Path, folder: str = "auditor") -> list[Module]:
    return list(_modules(root, folder))


@lru_cache(maxsize=4)
def _modules(root: Path, folder: str) -> tuple[Module, ...]:
    paths = sorted((root / folder).rglob("*.py"))
    texts = [(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return tuple(Module(path, text, ast.parse(text, path)) for path, text in texts)


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or a chain of attributes; what is called or indexed on the way counts as `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def imported(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Each absolute import of the module as dotted name."""
    for node in module.nodes():
        if isinstance(node, ast.Import):
            yield from ((node, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node, f"{node.module}.{one.name}") for one in node.names)
