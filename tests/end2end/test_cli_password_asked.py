"""A password that is typed at a terminal: asked for when the server wants one, up to three times, never shown."""

import sys

import pytest

from tests.helpers.at_a_terminal import TerminalRun, run_at_terminal
from tests.helpers.secret_server import PASSWORD, SecretStore

QUESTION = "(it is not shown): "

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


def asked(store: SecretStore, *answers: str, address: str = "") -> TerminalRun:
    arguments = ("info", address or store.asked, "--json")
    return run_at_terminal(*arguments, question=QUESTION, answers=answers, env={"LC_ALL": "C.UTF-8"})


def test_it_is_asked_until_it_is_right(secret_store: SecretStore) -> None:
    run = asked(secret_store, "canary wrong\n", f"{PASSWORD}\n")
    assert run.code == 0, run
    assert '"events":3' in run.out
    assert run.screen.count(QUESTION) == 2
    assert "wants a password" in run.screen
    assert "password authentication failed" in run.screen
    assert "canary" not in run.out + run.screen


def test_after_three_wrong_ones_it_gives_up(secret_store: SecretStore) -> None:
    run = asked(secret_store, *["canary wrong\n"] * 5)
    assert (run.code, run.screen.count(QUESTION)) == (3, 3)
    assert '"kind":"PasswordNeeded"' in run.screen
    assert "canary" not in run.screen


def test_an_empty_answer_is_a_no(secret_store: SecretStore) -> None:
    run = asked(secret_store, "\n")
    assert (run.code, run.screen.count(QUESTION)) == (3, 1)


def test_a_wrong_one_in_the_address_is_asked_for_anew(secret_store: SecretStore) -> None:
    wrong = secret_store.asked.replace("secret_role@", "secret_role:canary@")
    run = asked(secret_store, f"{PASSWORD}\n", address=wrong)
    assert (run.code, run.screen.count(QUESTION)) == (0, 1)
    assert "canary" not in run.out + run.screen


def test_ctrl_c_ends_the_question(secret_store: SecretStore) -> None:
    run = asked(secret_store, "\x03")
    assert (run.code, run.screen.count(QUESTION)) == (130, 1)
