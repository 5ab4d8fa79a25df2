"""What can be typed, and what it comes to."""

import subprocess
import sys

import pytest

from auditor.cli.arguments import aggregate_id, parse, wants_json
from auditor.cli.parser import HelpAsked
from auditor.core.errors import WrongRequest


@pytest.mark.parametrize(
    "typed",
    [
        ["state", "S", "--version", "3", "ID"],
        ["state", "--version", "3", "S", "ID"],
        ["state", "S", "ID", "--version", "3"],
        ["state", "S", "--version", "3", "--", "ID"],
        ["state", "--version", "3", "--", "S", "ID"],
    ],
)
def test_options_and_operands_stand_in_any_order(typed: list[str]) -> None:
    options = parse(typed)
    assert (options.store, aggregate_id(options), options.version) == ("S", "ID", 3)


@pytest.mark.parametrize("strange", ["-x", "--json", "--", "", " ", "-- --", "a\nb"])
def test_after_two_dashes_everything_is_an_id(strange: str) -> None:
    options = parse(["events", "S", "--limit", "5", "--", strange])
    assert aggregate_id(options) == strange
    assert options.limit == 5
    assert not options.json


def test_who_forgets_the_two_dashes_is_told_of_them() -> None:
    with pytest.raises(WrongRequest) as raised:
        parse(["state", "S", "-x"])
    assert raised.value.hint == "An id that begins with - stands after --. See `auditor state --help`."


def test_an_id_that_cannot_be_typed_is_given_as_json() -> None:
    assert aggregate_id(parse(["state", "S", "--id-json", '"a\\u0000b"'])) == "a\0b"
    for wrong in ("a", "1", "[]"):
        with pytest.raises(WrongRequest):
            aggregate_id(parse(["state", "S", "--id-json", wrong]))
    with pytest.raises(WrongRequest, match="twice"):
        aggregate_id(parse(["state", "S", "ID", "--id-json", '"a"']))


def test_a_state_needs_an_id_and_events_do_not() -> None:
    with pytest.raises(WrongRequest, match="No aggregate"):
        aggregate_id(parse(["state", "S"]))
    assert aggregate_id(parse(["events", "S"])) is None


@pytest.mark.parametrize(
    "wrong",
    [
        ["nothing"],
        ["open", "S", "T"],
        ["state"],
        ["info"],
        ["info", "S", "too much"],
        ["state", "S", "ID", "--version", "x"],
        ["state", "S", "ID", "--version", "1" * 40],
        ["state", "S", "ID", "--version", "٣"],
        ["state", "S", "ID", "--version", "1", "--as-of", "2026-01-01"],
        ["aggregates", "S", "--limit", "0"],
        ["aggregates", "S", "--lim", "3"],
        ["rebuild", "S"],
        ["project", "S"],
        ["project", "S", "one", "two"],
    ],
)
def test_what_cannot_be_understood_is_wrong_usage(wrong: list[str]) -> None:
    with pytest.raises(WrongRequest) as raised:
        parse(wrong)
    assert "--help" in raised.value.hint


def test_bare_and_help_answer_with_the_verbs() -> None:
    for asked in ([], ["--help"], ["-h"]):
        with pytest.raises(HelpAsked) as help_text:
            parse(asked)
        for verb in (
            "open",
            "info",
            "aggregates",
            "events",
            "timeline",
            "event",
            "state",
            "copy",
            "import",
            "project",
            "rebuild",
            "demo",
        ):
            assert f"\n  {verb} " in str(help_text.value)
        assert max(map(len, str(help_text.value).splitlines())) <= 80


def test_json_is_wanted_also_when_nothing_else_can_be_understood() -> None:
    assert wants_json(["state", "--json"])
    assert not wants_json(["state", "S", "--", "--json"])


def test_help_and_version_import_nothing_slow() -> None:
    script = (
        "import sys\nfrom auditor.cli.main import main\n"
        "assert main(['--help']) == 0 and main(['state', '--help']) == 0\n"
        "slow = {'sqlalchemy', 'rich', 'orjson', 'platformdirs', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(', '.join(slow) if slow else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
