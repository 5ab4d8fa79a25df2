"""The parser under the verbs: argparse that neither prints nor exits, and the numbers that can be typed."""

import argparse
from typing import TYPE_CHECKING, NoReturn

from auditor.core.errors import WrongRequest
from auditor.core.text import tr

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction["Parser"]  # noqa: SLF001 - argparse gives it no public name


class HelpAsked(Exception):
    """`--help` was among the arguments; the text is the answer."""


class _Formatter(argparse.HelpFormatter):
    """Verbs stand like options, without a line for their placeholder."""

    def _format_action(self, action: argparse.Action) -> str:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - it has no public name
            return "".join(map(self._format_action, action._get_subactions()))  # noqa: SLF001
        return super()._format_action(action)


class Parser(argparse.ArgumentParser):
    """argparse that neither prints nor exits: it raises what the front door handles."""

    def _get_formatter(self) -> argparse.HelpFormatter:
        return _Formatter(self.prog, max_help_position=26)

    def error(self, message: str) -> NoReturn:
        hint = tr("See `{program} --help`.", program=self.prog)
        if message.startswith("unrecognized arguments: -"):
            hint = tr("An id that begins with - stands after --. {see}", see=hint)
        raise WrongRequest(tr("{problem}.", problem=message[:1].upper() + message[1:]), hint)

    def print_help(self, file: object = None) -> NoReturn:
        del file
        raise HelpAsked(self.format_help())


def positive(text: str) -> int:
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(tr("{text!r} is not a number from 1 on", text=text))
    return number


def whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise argparse.ArgumentTypeError(
            tr("{text!r} is not a whole number from 0 on, of 18 digits at most", text=text)
        )
    return int(text)
