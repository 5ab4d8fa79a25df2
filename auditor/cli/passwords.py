"""Passwords of servers: asked for on the terminal when a server wants one, never printed, kept for one run."""

from collections.abc import Callable
from typing import TypeVar

from auditor.cli.diagnostics import Diagnostics, can_ask
from auditor.core.errors import PasswordNeeded
from auditor.core.server_address import without_its_password
from auditor.core.text import tr

Result = TypeVar("Result")

MOST_TRIES = 3


def with_password(store: str, diagnostics: Diagnostics, act: Callable[[str | None], Result]) -> Result:
    """What `act` gives, called without a password first; if the server wants one, with what the user types.

    Raises: PasswordNeeded where nobody can be asked, or after `MOST_TRIES` wrong ones; what `act` raises.
    """
    warn_of_password(store, diagnostics)
    password: str | None = None
    for tries_left in range(MOST_TRIES, -1, -1):
        try:
            return act(password)
        except PasswordNeeded as error:
            if not tries_left or not can_ask():
                raise
            diagnostics.line(error.message)
            password = diagnostics.asks_secret(tr("Password (it is not shown): "))
            if not password:
                raise
    raise AssertionError


def warn_of_password(store: str, diagnostics: Diagnostics) -> None:
    """Says so where one was typed into the command."""
    if without_its_password(store)[1] is not None:
        diagnostics.warning(
            tr(
                "The password stands in the command, where the shell's history keeps it and other users can read "
                "it. Without it, it is asked for, or taken from PGPASSWORD or ~/.pgpass."
            )
        )
