"""Rules of size and of names: what is too long to be read is too long to be right."""

import ast
import re
from collections.abc import Iterator

from tests.helpers.house.tree import Module, Rule

LONGEST_MODULE = 350
LONGEST_TEST_MODULE = 450  # one subject each: cases are read one at a time
LONGEST_FUNCTION = 50
MOST_PUBLIC_METHODS = 15
_VAGUE_FILE = re.compile(r"(^|_)(utils?|helpers?|misc|common|managers?|stuff)$")


def long_modules(modules: list[Module], longest: int = LONGEST_MODULE) -> Iterator[str]:
    for module in modules:
        length = module.text.count("\n")
        if length > longest:
            yield f"{module.path}: {length} lines, at most {longest}"


def long_functions(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        for node in module.nodes():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield module.at(node, f"{node.name} has {length} lines, at most {LONGEST_FUNCTION}")


def wide_classes(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        for node in module.nodes():
            if isinstance(node, ast.ClassDef):
                count = sum(map(_is_public_method, node.body))
                if count > MOST_PUBLIC_METHODS:
                    yield module.at(
                        node, f"{node.name} has {count} public methods, at most {MOST_PUBLIC_METHODS}"
                    )


def _is_public_method(node: ast.stmt) -> bool:
    """What callers may call: no property, and no handler of an event."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.name.startswith(("_", "on_")):
        return False
    return not any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)


def vague_names(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        parts = module.path.removesuffix(".py").split("/")
        if any(_VAGUE_FILE.search(part) for part in parts):
            yield f"{module.path}: the name says nothing; name it for what it does"
        for node in module.nodes():
            if isinstance(node, ast.ClassDef) and re.search(r"Manager|Helper|Utils?$", node.name):
                yield module.at(node, f"class {node.name}: a class that needs this word needs another design")


RULES = [
    Rule("modules are short", long_modules, ("auditor/core/long.py", "x = 1\n" * (LONGEST_MODULE + 1))),
    Rule(
        "functions are short",
        long_functions,
        ("auditor/core/long.py", "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    ),
    Rule(
        "classes have few public methods",
        wide_classes,
        ("auditor/core/wide.py", "class Wide:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(16))),
    ),
    Rule("names say what a thing does", vague_names, ("auditor/core/store_utils.py", "")),
    Rule("no class is a manager", vague_names, ("auditor/core/stores.py", "class StoreManager: ...\n")),
]
