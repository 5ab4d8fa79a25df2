"""info, aggregates, events and state as child processes: JSON against the contract, exit codes, strange ids."""

import hashlib
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import PROGRAM, answer, auditor, environment
from tests.helpers.small_stores import write_store

STRANGE_IDS = (
    " ",
    "x" * 10_000,
    "a/b\\c",
    "line\nbreak",
    "tab\there",
    "../../etc/passwd",
    "%2F",
    'it\'s "quoted"',
    "=cmd|' /C calc'!A0",
    "-x",
    "--json",
    "\u202egnp.exe",
    "zero\u200bwidth",
    "e\u0301",
    "\u00e9",
    "c\u0430se",
    "\x1b[31mred\x1b]0;title\x07",
    "c1 \x9b2J",
    "日本",
)
UNTYPABLE = "nul\0inside"


def facts(count: int) -> list[tuple[str, dict[str, Any]]]:
    return [("Began" if number == 1 else "WentOn", {"n": number, "s": "é"}) for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("view") / "things.db"
    return write_store(path, {"one": facts(3), "two": facts(5)})


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("strange") / "ids.db"
    return write_store(path, {name: facts(1) for name in (*STRANGE_IDS, UNTYPABLE)})


@pytest.fixture(autouse=True)
def _stores_stay_as_they_are(store: Path, strange: Path) -> Iterator[None]:
    def found() -> list[tuple[str, str]]:
        return [
            (str(file), hashlib.sha256(file.read_bytes()).hexdigest())
            for path in (store, strange)
            for file in sorted(path.parent.iterdir())
        ]

    before = found()
    yield
    assert found() == before


def test_info(store: Path) -> None:
    info = answer("info", store)
    assert {
        "layout": "native",
        "events": 8,
        "aggregates": 2,
        "hidden": {"events": 0, "aggregates": 0},
        "types": {"Thing": 2},
        "head": 8,
        "warnings": [],
    }.items() <= info.items()
    assert info["store_id"]
    assert info["capabilities"]["commit_order"] is True
    assert "one writer in at a time" in info["capabilities"]["never_misses_events"]
    text = auditor("info", store)
    assert text.code == 0
    assert text.err == ""
    for said in (str(store), "native", info["store_id"], "8", "Thing", "a reader never misses an event"):
        assert said in text.out


def test_a_page_of_aggregates_says_when_there_is_more(store: Path) -> None:
    first = answer("aggregates", store, "--limit", "1")
    assert first["aggregates"] == [
        {
            "aggregate_id": "one",
            "aggregate_type": "Thing",
            "version": 3,
            "events": 3,
            "last_timestamp": "2026-03-01T12:03:00.000000Z",
        }
    ]
    assert first["more"] is True
    second = answer("aggregates", store, "--limit", "1", "--after", first["after"])
    assert [row["aggregate_id"] for row in second["aggregates"]] == ["two"]
    assert (second["more"], second["after"]) == (False, None)
    shown = auditor("aggregates", store, "--limit", "1")
    assert f"Showing 1 of more. Next page: --after {first['after']}" in shown.out
    assert answer("aggregates", store, "--type", "Other")["aggregates"] == []
    assert [row["aggregate_id"] for row in answer("aggregates", store, "--prefix", "tw")["aggregates"]] == [
        "two"
    ]


def test_a_page_of_events(store: Path) -> None:
    page = answer("events", store, "one", "--limit", "2")
    first = page["events"][0]
    assert {
        "position": 1,
        "aggregate_id": "one",
        "aggregate_type": "Thing",
        "event_type": "Began",
        "ordinal": 1,
        "version": 1,
        "timestamp": "2026-03-01T12:01:00.000000Z",
        "data": {"n": 1, "s": "é"},
    }.items() <= first.items()
    assert len(first["event_id"]) == 36
    assert first["metadata"]["user_id"] == "ada"
    assert "timestamp_original" not in first
    rest = answer("events", store, "one", "--after", page["after"])
    assert [event["version"] for event in rest["events"]] == [3]
    assert [event["position"] for event in answer("events", store, "--type", "Began")["events"]] == [1, 4]
    assert answer("events", store, "--user", "bob")["events"] == []
    since = answer("events", store, "--since", "2026-03-01T13:05:00+01:00")["events"]
    assert [event["position"] for event in since] == [8]


def test_a_state_in_the_contract_s_words(store: Path) -> None:
    state = answer("state", store, "one", "--version", "2")
    info = answer("info", store)
    assert state == {
        "aggregate_id": "one",
        "aggregate_type": "Thing",
        "ordinal": 2,
        "version": 2,
        "timestamp": "2026-03-01T12:02:00.000000Z",
        "model": {"name": "generic merge (approximation)", "kind": "merge", "module": None, "sha256": None},
        "complete": True,
        "unapplied": [],
        "missing_versions": [],
        "state": {"n": 2, "s": "é"},
        "notes": [],
        "store_id": info["store_id"],
        "head": 8,
    }
    assert answer("state", store, "one")["version"] == 3
    assert answer("state", store, "two", "--as-of", "2026-03-01T12:03:30Z")["version"] == 3
    assert answer("state", store, "two", "--at-position", "5")["version"] == 2


@pytest.mark.parametrize("moment", [("--as-of", "2026-03-01"), ("--at-position", "3"), ("--version", "0")])
def test_before_the_first_event_there_is_no_state(store: Path, moment: tuple[str, str]) -> None:
    state = answer("state", store, "two", *moment)
    assert (state["ordinal"], state["version"], state["timestamp"], state["state"]) == (0, None, None, None)
    assert state["complete"] is True
    assert "before the first event" in auditor("state", store, "two", *moment).out


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    path = write_store(tmp_path / "digits.db", {"one": facts(1)})
    exact = '{"price": 1.50, "big": 123456789012345678901234567890, "tiny": 1e-400}'
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE events SET data = ?", (exact,))
    connection.close()
    for arguments in (("state", path, "one"), ("events", path)):
        out = auditor(*arguments, "--json").out
        for digits in ("1.50", "123456789012345678901234567890", "1e-400"):
            assert f":{digits}" in out


def test_a_payload_that_is_no_json_is_listed_as_it_stands(tmp_path: Path) -> None:
    path = write_store(tmp_path / "broken.db", {"one": facts(2)})
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE events SET data = '{\"n\": NaN}' WHERE version = 2")
    connection.close()
    event = answer("events", path)["events"][1]
    assert event["data"] is None
    assert event["data_text"] == '{"n": NaN}'
    assert "NaN" in event["data_problem"]
    ended = auditor("state", path, "one", "--json")
    assert ended.code == 0
    assert (ended.json["complete"], ended.json["unapplied"][0]["version"]) == (False, 2)
    assert ended.json["state"] == {"n": 1, "s": "é"}
    assert "incomplete from version 2" in ended.err


# -- refusals ----------------------------------------------------------------------------------------------------


def test_unknown_ids_and_versions_are_wrong_requests(store: Path) -> None:
    nobody = auditor("state", store, "nobody", "--json")
    assert (nobody.code, nobody.out, nobody.error["exit_code"]) == (2, "", 2)
    assert "nobody" in nobody.err
    far = auditor("state", store, "one", "--version", "9")
    assert far.code == 2
    assert "from 1 to 3" in far.err
    for arguments in (
        ("events", store, "nobody"),
        ("state", store, "one", "--type", "Other"),
        ("state", store, "one", "--as-of", "yesterday"),
        ("state", store, "one", "--model", "Nothing"),
        ("state", store, "one", "--tenant", "x"),
        ("aggregates", store, "--after", "nonsense"),
        ("events", store, "--limit", "many"),
        ("opne", store),
        (),
    ):
        ended = auditor(*arguments)
        assert ended.code == (2 if arguments else 0), ended
        assert (ended.out == "") is bool(arguments)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    for verb in (["info"], ["aggregates"], ["events"], ["state"], ["copy"], ["import"], ["rebuild"]):
        more = {"state": ["x"], "copy": [str(tmp_path / "to.db")], "import": ["no.ndjson"], "rebuild": ["x"]}
        ended = auditor(verb[0], absent, *more.get(verb[0], []), "--json")
        assert ended.code == (2 if verb == ["import"] else 3), ended
        assert ended.out == ""
        assert ended.error["message"]
        assert ended.error["hint"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_store_has_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello " * 100)
    for wrong in (tmp_path, tmp_path / "text.db", "postgresql://user:secret@host/db"):
        ended = auditor("info", wrong)
        assert ended.code == 3, ended
        assert "secret" not in ended.err
        assert "Traceback" not in ended.err


# -- strange ids -------------------------------------------------------------------------------------------------


def test_an_id_that_cannot_be_typed_is_given_as_json(strange: Path) -> None:
    for name in (UNTYPABLE, "e\u0301"):
        state = answer("state", strange, "--id-json", json.dumps(name))
        assert state["aggregate_id"] == name


def test_strange_ids_go_in_and_come_out_byte_for_byte(strange: Path) -> None:
    for name in (
        "-x",
        "--json",
        " ",
        "line\nbreak",
        "x" * 10_000,
        "\u202egnp.exe",
        "\x1b[31mred\x1b]0;title\x07",
        "日本",
    ):
        ended = auditor("events", strange, "--json", "--", name)
        assert ended.code == 0, ended
        assert [event["aggregate_id"] for event in ended.json["events"]] == [name]


def test_lists_of_strange_ids_are_exact_in_json_and_tame_as_text(strange: Path) -> None:
    listed = answer("aggregates", strange, "--limit", "100")["aggregates"]
    assert sorted(row["aggregate_id"] for row in listed) == sorted((*STRANGE_IDS, UNTYPABLE))
    text = auditor("aggregates", strange, "--limit", "100").out
    assert len(text.splitlines()) == len(listed) + 1
    for character in "\x1b\x07\x00\u202e\u200b\x9b\t":
        assert character not in text
    for shown in ("‹U+202E›gnp.exe", "‹U+001B›[31mred", "nul‹U+0000›inside"):
        assert shown in text


# -- the terminal around us --------------------------------------------------------------------------------------


def test_utf_8_is_written_whatever_the_locale_says(store: Path, strange: Path) -> None:
    for env in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}):
        assert "é" in auditor("state", store, "one", env=env).out
        assert "日本" in auditor("aggregates", strange, "--limit", "100", env=env).out
    assert answer("state", strange, "日本", env={"LC_ALL": "C"})["aggregate_id"] == "日本"


@pytest.mark.parametrize("columns", ["0", "1", "-1", "x"])
def test_a_terminal_without_width_changes_nothing(store: Path, columns: str) -> None:
    narrow = auditor("events", store, env={"COLUMNS": columns})
    assert narrow.code == 0
    assert narrow.out == auditor("events", store).out


def test_a_closed_stdout_ends_it_quietly(strange: Path) -> None:
    child = subprocess.Popen(
        [*PROGRAM, "aggregates", str(strange), "--limit", "100"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment({"PYTHONUNBUFFERED": ""}),  # what is still buffered at exit must go nowhere quietly
    )
    assert child.stdout
    assert child.stderr
    child.stdout.close()
    error = child.stderr.read()
    child.stderr.close()
    assert (child.wait(30), error) == (0, b"")


def test_the_output_is_never_the_store(store: Path) -> None:
    ended = auditor("copy", store, store)
    assert ended.code == 2
    assert "exists" in ended.err


def test_a_copy_has_the_same_bytes(store: Path, tmp_path: Path) -> None:
    report = answer("copy", store, tmp_path / "copy.db")
    digest = hashlib.sha256(store.read_bytes()).hexdigest()
    assert hashlib.sha256((tmp_path / "copy.db").read_bytes()).hexdigest() == digest
    assert [file["sha256_before"] for file in report["files"]] == [digest]
    assert answer("info", tmp_path / "copy.db")["store_id"] == answer("info", store)["store_id"]
