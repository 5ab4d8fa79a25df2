"""Rules of what is shipped to other interpreters: standard library only, Python 3.10, relative imports only."""

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch

from tests.helpers.house.tree import Module, Rule, dotted, imported

SHIPPED = ("auditor/core/*.py", "auditor/guest/worker*.py", "auditor/guest/wire.py")
# Rules are pure: they open, start and wait for nothing.
PURE_PARTS = ("urllib.parse",)
NOT_IN_CORE = frozenset(
    {"sqlite3", "subprocess", "threading", "socket", "multiprocessing", "asyncio", "urllib", "http"}
)
NEWER_THAN_3_10 = {
    "tomllib", "typing.Self", "typing.assert_never", "typing.override", "typing.LiteralString", "typing.Never",
    "typing.NotRequired", "typing.Required", "typing.Unpack", "typing.TypeVarTuple", "typing.reveal_type",
    "typing.assert_type", "typing.dataclass_transform", "datetime.UTC", "enum.StrEnum", "enum.verify",
    "enum.member", "enum.nonmember", "contextlib.chdir", "asyncio.timeout", "asyncio.TaskGroup",
    "itertools.batched", "hashlib.file_digest", "ExceptionGroup", "BaseExceptionGroup",
}  # fmt: skip


def _shipped(modules: list[Module]) -> Iterator[Module]:
    return (module for module in modules if any(fnmatch(module.path, one) for one in SHIPPED))


def foreign_imports(modules: list[Module]) -> Iterator[str]:
    for module in _shipped(modules):
        for node, name in imported(module):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names:
                yield module.at(
                    node, f"{name}: a guest interpreter has the standard library only; import relatively"
                )
            elif (
                module.path.startswith("auditor/core/")
                and top in NOT_IN_CORE
                and not name.startswith(PURE_PARTS)
            ):
                yield module.at(node, f"{name}: core is pure")


def newer_python(modules: list[Module]) -> Iterator[str]:
    for module in _shipped(modules):
        try:
            ast.parse(module.text, module.path, feature_version=(3, 10))
        except SyntaxError as error:
            yield f"{module.path}:{error.lineno}: not Python 3.10: {error.msg}"
        names = [*imported(module)]
        names += [
            (node, dotted(node)) for node in module.nodes() if isinstance(node, (ast.Attribute, ast.Name))
        ]
        for node, name in names:
            if name in NEWER_THAN_3_10:
                yield module.at(node, f"{name} is newer than Python 3.10")


_GROUPS = "try:\n    f()\nexcept* ValueError:\n    pass\n"

RULES = [
    Rule("guests need no package", foreign_imports, ("auditor/guest/worker_odd.py", "import orjson\n")),
    Rule(
        "the zip has no absolute imports",
        foreign_imports,
        ("auditor/core/odd.py", "import auditor.core.text\n"),
    ),
    Rule("core is pure", foreign_imports, ("auditor/core/odd.py", "def f():\n    import subprocess\n")),
    Rule("guests may have Python 3.10", newer_python, ("auditor/core/odd.py", _GROUPS)),
    Rule("and its library", newer_python, ("auditor/core/odd.py", "from datetime import UTC\n")),
]
