"""The verb that shows the window, and why there are places where it cannot."""

import argparse
import os
import socket
import sys
from pathlib import Path

from auditor.cli.diagnostics import ExitCode
from auditor.cli.passwords import warn_of_password
from auditor.cli.terminal import Terminal
from auditor.core.errors import StoreError
from auditor.core.text import tr

_DEBIAN = (
    "libgl1 libegl1 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0"
)


class NoWindow(StoreError):
    """A window cannot be shown here."""


def open_(options: argparse.Namespace, terminal: Terminal) -> ExitCode:
    workspace = None if options.workspace is None else Path(options.workspace)
    warn_of_password(options.store or "", terminal.diagnostics)
    return show(terminal, options.store, workspace)


def show(terminal: Terminal, store: str | None, workspace: Path | None = None) -> ExitCode:
    """Shows the window until the user closes it.

    Raises: NoWindow.
    """
    problem = why_no_window(terminal)
    if problem is not None:
        raise problem
    assert terminal.open_window  # noqa: S101 - else there is a problem
    try:
        return ExitCode(terminal.open_window(store, workspace))
    except ImportError as error:
        raise NoWindow(
            tr("Qt, which draws the window, could not be loaded: {why}.", why=error.msg),
            tr(
                "On Debian and Ubuntu: sudo apt-get install -y --no-install-recommends {packages}\n"
                "All other verbs work without it: `auditor --help`.",
                packages=_DEBIAN,
            ),
        ) from error


def why_no_window(terminal: Terminal) -> NoWindow | None:
    """What can be known before Qt is loaded, which ends the process where it finds no display."""
    hint = tr("All other verbs work without one: `auditor --help`.")
    if terminal.open_window is None:
        return NoWindow(tr("There is no window here."), hint)
    if not _needs_display():
        return None
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    if not wayland and not x11:
        return NoWindow(
            tr("There is no display, so no window can be shown: neither DISPLAY nor WAYLAND_DISPLAY is set."),
            hint,
        )
    if not wayland and x11 and not _answers(x11):
        return NoWindow(tr("The display {name} does not answer, so no window can be shown.", name=x11), hint)
    return None


def _needs_display() -> bool:
    return sys.platform.startswith("linux") and not os.environ.get("QT_QPA_PLATFORM")


def _answers(display: str) -> bool:
    """Whether a server listens there. A display on another machine is left for Qt to find."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if host not in ("", "unix") or not number.isdigit():
        return True
    place = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where every X server listens
    return any(_listens(one) for one in (f"\0{place}", place))


def _listens(place: str) -> bool:
    with socket.socket(socket.AF_UNIX) as attempt:
        attempt.settimeout(2)
        try:
            attempt.connect(place)
        except OSError:
            return False
    return True


COMMANDS = {"open": open_}
