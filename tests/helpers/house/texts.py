"""Rules of texts: no bare string reaches a user past `tr()`.

A text reaches a user in an exception of ours, in a warning, in what the command line prints or in its help.
"""

import ast
import string
from collections.abc import Callable, Iterator

from tests.helpers.house.tree import Module, Rule, dotted

# Methods whose arguments are shown, by name, and the parameters of argparse that are.
_SHOWING = frozenset({"warn", "on_warning", "warning", "line", "block", "confirms", "bar"})
_SHOWN_KEYWORDS = frozenset({"help", "description", "epilog", "hint", "title"})
_WRAPPERS = frozenset({"Span", "Column"})


def bare_texts_in_errors(modules: list[Module]) -> Iterator[str]:
    ours = _exception_classes(modules)
    for module in modules:
        for call in module.calls():
            if dotted(call.func).rpartition(".")[2] in ours:
                arguments = [*call.args, *(one.value for one in call.keywords)]
                yield from _bare(module, call, arguments, _is_sentence)


def _exception_classes(modules: list[Module]) -> set[str]:
    """Our classes that descend from an exception, by name."""
    classes = [node for module in modules for node in module.nodes() if isinstance(node, ast.ClassDef)]
    found = {"AuditorError"}
    while True:
        more = {
            node.name
            for node in classes
            for base in map(dotted, node.bases)
            if base in found or base.endswith(("Exception", "Error"))
        }
        if more <= found:
            return found
        found |= more


def bare_texts_shown(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        is_cli = module.path.startswith(("auditor/cli/", "auditor/gui/"))
        for call in module.calls():
            name = dotted(call.func)
            last = name.rpartition(".")[2]
            if ("." in name and last in _SHOWING and (is_cli or "warn" in last)) or (
                is_cli and last in _WRAPPERS
            ):
                yield from _bare(module, call, call.args, _has_word)
            if is_cli:
                shown = [one.value for one in call.keywords if one.arg in _SHOWN_KEYWORDS]
                yield from _bare(module, call, shown, _has_word)


def _bare(
    module: Module, call: ast.Call, arguments: list[ast.expr], shows: Callable[[str], bool]
) -> Iterator[str]:
    for argument in arguments:
        if any(map(shows, _literals(argument))):
            said = ast.unparse(argument)
            yield module.at(
                call, f"{dotted(call.func)}({said:.60}) shows a text that did not pass through tr()"
            )


def _literals(node: ast.expr) -> Iterator[str]:
    """The literal, also one put together with f"", + or % or chosen by a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "{}".join(_text(part) for part in node.values)
    elif isinstance(node, ast.BinOp):
        yield from (*_literals(node.left), *_literals(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.Starred):
        yield from _literals(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _literals(node.func.value)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _words(text: str) -> list[str]:
    letters = "".join(character if character.isalpha() else " " for character in text)
    return [word for word in letters.split() if len(word) > 1]


def _has_word(text: str) -> bool:
    return bool(_words(text))


def _is_sentence(text: str) -> bool:
    """Errors also carry names and codes, which are one token."""
    return " " in text and _has_word(text)


def wrong_placeholders(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        for call in module.calls():
            if dotted(call.func) == "tr":
                yield from _placeholders(module, call)


def _placeholders(module: Module, call: ast.Call) -> Iterator[str]:
    text = call.args[0] if len(call.args) == 1 else None
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        yield module.at(call, "tr() takes one literal text: a catalogue can hold nothing else")
        return
    given = {one.arg for one in call.keywords}
    if None in given or not given:  # `**values` cannot be known here; without values nothing is filled
        return
    named = {name for _, name, _, _ in string.Formatter().parse(text.value) if name is not None}
    names = {name.split(".")[0].split("[")[0] for name in named}
    if names != given:
        yield module.at(call, f"the text names {sorted(names)} and the call gives {sorted(map(str, given))}")


_RAISES = "class Odd(Exception): ...\n\ndef f(n):\n    raise Odd({})\n"

RULES = [
    Rule(
        "errors pass through tr()",
        bare_texts_in_errors,
        ("auditor/core/odd.py", _RAISES.format('f"There are {n} of them."')),
    ),
    Rule(
        "hints pass through tr()",
        bare_texts_in_errors,
        ("auditor/core/odd.py", _RAISES.format('tr("No."), hint="Try again."')),
    ),
    Rule(
        "warnings pass through tr()",
        bare_texts_shown,
        ("auditor/jobs/odd.py", 'def run(context):\n    context.warn("Something was left out.")\n'),
    ),
    Rule(
        "what the command line prints passes through tr()",
        bare_texts_shown,
        ("auditor/cli/odd.py", 'def show(out):\n    out.line("All is well.")\n'),
    ),
    Rule(
        "help passes through tr()",
        bare_texts_shown,
        (
            "auditor/cli/odd.py",
            'def declare(parser):\n    parser.add_argument("--all", help="show all of it")\n',
        ),
    ),
    Rule(
        "placeholders have values",
        wrong_placeholders,
        ("auditor/core/odd.py", 'def f(n):\n    return tr("{count} of them", number=n)\n'),
    ),
    Rule(
        "texts to translate are literals",
        wrong_placeholders,
        ("auditor/core/odd.py", 'def f(n):\n    return tr(f"{n} of them")\n'),
    ),
]
