"""The front door: one verb, its answer on stdout, everything else on stderr, an exit code."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

from auditor.cli.arguments import parse, wants_json
from auditor.cli.diagnostics import Diagnostics, ExitCode, abandon_stderr, standard_error
from auditor.cli.output import CannotWrite, Output, abandon_stdout, standard_output
from auditor.cli.parser import HelpAsked
from auditor.cli.terminal import OpenWindow, Terminal
from auditor.core.errors import AuditorError, Cancelled
from auditor.core.text import tr
from auditor.own_program import program_version
from auditor.tasks.cancel import CancelToken

# Looked up when a verb is run, so that `--help` imports none of what they need.
COMMANDS = {
    "open": "auditor.cli.commands_window",
    "info": "auditor.cli.commands_view",
    "aggregates": "auditor.cli.commands_view",
    "events": "auditor.cli.commands_events",
    "timeline": "auditor.cli.commands_events",
    "event": "auditor.cli.commands_events",
    "state": "auditor.cli.commands_state",
    "check": "auditor.cli.commands_check",
    "snapshots": "auditor.cli.commands_check",
    "compare-models": "auditor.cli.commands_check",
    "blame": "auditor.cli.commands_blame",
    "diff": "auditor.cli.commands_diff",
    "when": "auditor.cli.commands_when",
    "projections": "auditor.cli.commands_projections",
    "rows": "auditor.cli.commands_projections",
    "project": "auditor.cli.commands_project",
    "copy": "auditor.cli.commands_write",
    "import": "auditor.cli.commands_write",
    "rebuild": "auditor.cli.commands_write",
    "demo": "auditor.cli.commands_write",
}


def main(arguments: Sequence[str] | None = None, open_window: OpenWindow | None = None) -> int:
    """Runs one command line and returns its exit code. No argument at all means the window, where there is one."""
    arguments = sys.argv[1:] if arguments is None else arguments
    as_json, debug = wants_json(arguments), "--debug" in arguments
    terminal = Terminal(
        output=Output(standard_output(), as_json=as_json),
        diagnostics=Diagnostics(standard_error(), as_json=as_json, debug=debug, arguments=arguments),
        token=CancelToken(),
        open_window=open_window,
    )
    try:
        try:
            code = _run(arguments, terminal)
            terminal.output.flush()
        except BrokenPipeError:
            abandon_stdout()
            code = ExitCode.ANSWERED
        except CannotWrite as error:
            abandon_stdout()
            code = terminal.diagnostics.failed(error)
    except BrokenPipeError:  # the reader of stderr is gone too
        abandon_stderr()
        code = ExitCode.ANSWERED
    except CannotWrite:  # stderr takes nothing either
        abandon_stderr()
        code = ExitCode.USAGE
    return int(code)


def _run(arguments: Sequence[str], terminal: Terminal) -> ExitCode:
    diagnostics = terminal.diagnostics
    try:
        with _cancelled_by_signals(terminal.token):
            options = parse(arguments or _without_arguments(terminal))
            if options.verb is None:
                terminal.output.line(tr("auditor {version}", version=program_version()))
                return ExitCode.ANSWERED
            return _command(options.verb)(options, terminal)
    except HelpAsked as asked:
        terminal.output.block(str(asked).rstrip("\n"))
        return ExitCode.ANSWERED
    except CannotWrite:
        raise
    except AuditorError as error:
        if terminal.token.cancelled:  # Ctrl-C reaches children too; what fails for want of them is no finding
            return diagnostics.interrupted()
        return diagnostics.failed(error)
    except (Cancelled, KeyboardInterrupt):
        return diagnostics.interrupted()
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last place: every bug gets its report and its exit code
        return diagnostics.bug(error, arguments[0] if arguments else "open")


def _without_arguments(terminal: Terminal) -> list[str]:
    """The window; where there is none, why, and what can be typed."""
    from auditor.cli.commands_window import why_no_window

    problem = why_no_window(terminal)
    if problem is None:
        return ["open"]
    if terminal.open_window is not None:
        terminal.diagnostics.line(problem.message)
    return ["--help"]


Command = Callable[[argparse.Namespace, Terminal], ExitCode]


def _command(verb: str) -> Command:
    command: Command = import_module(COMMANDS[verb]).COMMANDS[verb]
    return command


def _stopping() -> list[signal.Signals]:
    hung_up = getattr(signal, "SIGHUP", None)  # not on every system; `nohup` has it ignored
    if hung_up is None or signal.getsignal(hung_up) is signal.SIG_IGN:
        return [signal.SIGINT, signal.SIGTERM]
    return [signal.SIGINT, signal.SIGTERM, hung_up]


@contextmanager
def _cancelled_by_signals(token: CancelToken) -> Iterator[None]:
    """The first Ctrl-C, SIGTERM or closing of the terminal asks the work to stop, the second one interrupts it where
    it stands: a rebuild that is ended from outside leaves no half written file either."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if token.cancelled:
            signal.default_int_handler(number, frame)
        token.cancel()

    before = {number: signal.signal(number, on_signal) for number in _stopping()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
