"""Rules of places: what only one module may do, so that one module answers for it."""

import ast
from collections.abc import Callable, Iterator
from fnmatch import fnmatch

from tests.helpers.house.tree import Module, Rule, dotted, imported

STDOUT = ("auditor/cli/output.py",)
STDERR = ("auditor/cli/diagnostics.py",)
# The worker answers its parent over a copy of fd 1; it is no place where people read.
WORKER = ("auditor/guest/worker*.py",)
DIALECTS = ("auditor/stores/dialects/*.py",)
OPENING = (*DIALECTS, "auditor/stores/readonly.py", "auditor/stores/read_model_file.py")
BROAD_EXCEPT = (
    "auditor/cli/main.py",  # a bug becomes a report and exit code 5
    "auditor/core/class_model.py",  # the user's upcasters
    "auditor/core/handlers.py",  # the user's annotations
    "auditor/core/model_fingerprint.py",  # the user's objects when they are looked at
    "auditor/core/newest_form.py",  # the user's upcasters
    "auditor/core/projecting_here.py",  # the user's handlers
    "auditor/core/repository.py",  # the events are stored, whatever becomes of their snapshot
    "auditor/core/snapshot_check.py",  # the user's handlers
    "auditor/core/snapshots.py",  # the user's from_state
    "auditor/core/state_codec.py",  # the user's classes
    "auditor/core/state_copies.py",  # the user's objects while they are copied
    "auditor/core/state_text.py",  # the user's __repr__ and __str__
    "auditor/core/state_types.py",  # the user's annotations
    "auditor/core/state_value.py",  # the user's to_state
    "auditor/core/timeline.py",  # the user's handlers
    "auditor/core/trace.py",  # the user's handlers
    "auditor/core/upcast_steps.py",  # the user's upcasters
    "auditor/guest/worker*.py",  # the user's modules while they are imported
    "auditor/tasks/heartbeat.py",  # handed over to the thread that waits
    "auditor/testing/applied.py",  # the user's handlers
    "auditor/testing/given.py",  # what a command raises, a test may expect
    "auditor/testing/projected.py",  # the user's handlers
    "auditor/testing/replaying.py",  # the user's handlers
    "auditor/tasks/runner.py",  # a failed job becomes its asker's message
)
LOADING = {
    "auditor/core/state_copies.py": {"pickle"},  # keyframes, made and read within one worker
    "auditor/guest/bundle.py": {"compile", "marshal"},  # our own source, written into the zip
    "auditor/guest/worker_loading.py": {"compile"},  # the bytes whose hash the user trusted
}
_DIALECT_NAMES = frozenset({"sqlite", "postgresql", "postgres", "mysql", "mariadb", "oracle", "mssql"})


def _outside(module: Module, *places: tuple[str, ...]) -> bool:
    return not any(fnmatch(module.path, one) for place in places for one in place)


def writing_to_stdout(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if _outside(module, STDOUT, WORKER):
            yield from _uses(module, {"sys.stdout", "sys.__stdout__"}, "stdout is written in cli/output.py")
            for call in module.calls():
                to_stdout = not any(one.arg == "file" for one in call.keywords)
                if dotted(call.func) == "print" and to_stdout:
                    yield module.at(call, "print(): stdout is written in cli/output.py")


def writing_to_stderr(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if _outside(module, STDERR, WORKER):
            yield from _uses(
                module, {"sys.stderr", "sys.__stderr__"}, "stderr is written in cli/diagnostics.py"
            )


def exiting(modules: list[Module]) -> Iterator[str]:
    names = {"sys.exit", "os._exit", "exit", "quit", "SystemExit"}
    for module in modules:
        if _outside(module, STDERR, WORKER, ("auditor/__main__.py",)):
            for call in module.calls():
                if dotted(call.func) in names:
                    yield module.at(call, f"{dotted(call.func)}: exit codes are known to cli/diagnostics.py")


def _uses(module: Module, names: set[str], said: str) -> Iterator[str]:
    for node in module.nodes():
        if isinstance(node, ast.Attribute) and dotted(node) in names:
            yield module.at(node, f"{dotted(node)}: {said}")


def opening_databases(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if _outside(module, OPENING):
            for call in module.calls():
                name = dotted(call.func)
                if name.rpartition(".")[2] == "create_engine" or name in (
                    "sqlite3.connect",
                    "sqlite3.Connection",
                ):
                    yield module.at(call, f"{name}: databases are opened in {', '.join(OPENING)}")


def database_libraries(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if not module.path.startswith("auditor/stores/"):
            for node, name in imported(module):
                if name.split(".")[0] in ("sqlite3", "sqlalchemy", "psycopg"):
                    yield module.at(node, f"{name}: databases stay in auditor/stores")


def asking_for_a_dialect(modules: list[Module]) -> Iterator[str]:
    """Comparing with a dialect's name, in whatever way."""
    for module in modules:
        if not _outside(module, DIALECTS):
            continue
        for node in module.nodes():
            compared: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                compared = [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in (
                "startswith",
                "endswith",
            ):
                compared = node.args
            elif isinstance(node, ast.MatchValue):
                compared = [node.value]
            if any(_names_a_dialect(one) for one in compared):
                yield module.at(
                    node, "asks which database it is: dialects are told apart in stores/dialects.py"
                )


def _names_a_dialect(node: ast.expr) -> bool:
    words = (
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )
    return any(word.rstrip(":/").partition("+")[0] in _DIALECT_NAMES for word in words)


def broad_excepts(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if _outside(module, BROAD_EXCEPT):
            for node in module.nodes():
                if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises_again(node):
                    yield module.at(node, "catches everything: that hides bugs")


def _is_broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or any(
        isinstance(one, ast.Name) and one.id in ("Exception", "BaseException") for one in ast.walk(node.type)
    )


def _raises_again(node: ast.ExceptHandler) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def unsafe_loading(modules: list[Module]) -> Iterator[str]:
    runs = {"eval", "exec", "compile", "os.system", "os.popen"}
    loads = {"pickle", "marshal", "shelve", "dill", "yaml"}
    for module in modules:
        found: list[tuple[ast.AST, str]] = []
        found += [(call, dotted(call.func)) for call in module.calls() if dotted(call.func) in runs]
        found += [
            (call, "shell=") for call in module.calls() if any(one.arg == "shell" for one in call.keywords)
        ]
        found += [(node, top) for node, name in imported(module) if (top := name.split(".")[0]) in loads]
        for node, name in found:
            if name not in LOADING.get(module.path, ()):
                yield module.at(node, f"{name}: runs what it reads as code")


def _in(path: str, statement: str) -> tuple[str, str]:
    return path, f"import os, sys\n\ndef f(x):\n    {statement}\n"


_Find = Callable[[list[Module]], Iterator[str]]
_WATCHED: list[tuple[str, _Find, str, str]] = [
    ("stdout has one place", writing_to_stdout, "auditor/jobs/odd.py", "sys.stdout.write(x)"),
    ("nothing is printed past it", writing_to_stdout, "auditor/cli/odd.py", "print(x)"),
    ("stderr has one place", writing_to_stderr, "auditor/cli/odd.py", "sys.stderr.write(x)"),
    ("exit codes have one place", exiting, "auditor/cli/odd.py", "sys.exit(3)"),
    ("databases are opened in few places", opening_databases, "auditor/stores/odd.py", "sqlite3.connect(x)"),
    ("SQLAlchemy's too", opening_databases, "auditor/stores/odd.py", "sqlalchemy.create_engine(x)"),
    ("databases stay in stores", database_libraries, "auditor/jobs/odd.py", "import sqlalchemy.engine"),
    ("dialects have one place", asking_for_a_dialect, "auditor/stores/odd.py", "return x.name == 'sqlite'"),
    ("URLs are not asked either", asking_for_a_dialect, "auditor/jobs/odd.py", "x.startswith('sqlite:///')"),
    (
        "nothing else is caught blindly",
        broad_excepts,
        "auditor/jobs/odd.py",
        "try: x()\n    except Exception: pass",
    ),
    ("texts are never run as code", unsafe_loading, "auditor/jobs/odd.py", "eval(x)"),
    ("nothing is unpickled", unsafe_loading, "auditor/guest/odd.py", "import pickle"),
]
RULES = [Rule(name, find, _in(path, statement)) for name, find, path, statement in _WATCHED]
