"""What is said beside the answer, and the one table of exit codes."""

import io
import json
from pathlib import Path

import pytest

from auditor.cli.diagnostics import Diagnostics, ExitCode, exit_code_of
from auditor.core import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.WrongRequest("m"), 2),
        (errors.AggregateNotFound("x"), 2),
        (errors.AmbiguousAggregate("m"), 2),
        (errors.StoreError("m"), 3),
        (errors.StoreBusy("m"), 3),
        (errors.StoreDamaged("m"), 3),
        (errors.ModelError("m"), 4),
        (errors.ProjectionFailed("m"), 4),
        (errors.NotTrusted("m"), 4),
        (errors.ImportStopped("m"), 1),
    ],
)
def test_exit_codes(error: errors.AuditorError, code: int) -> None:
    assert exit_code_of(error) == code


def test_what_happened_then_what_to_do() -> None:
    stream = io.StringIO()
    code = Diagnostics(stream).failed(errors.StoreError("There is no file x.", "Check the path."))
    assert code == ExitCode.STORE
    assert stream.getvalue() == "Error: There is no file x.\nCheck the path.\n"


def test_with_json_the_last_line_is_one_object() -> None:
    stream = io.StringIO()
    Diagnostics(stream, as_json=True).failed(errors.StoreError("Gone.", "Look."))
    *_, last = stream.getvalue().splitlines()
    assert json.loads(last) == {
        "error": {"kind": "StoreError", "exit_code": 3, "message": "Gone.", "hint": "Look."}
    }


def test_a_traceback_only_when_asked_for() -> None:
    for debug in (False, True):
        stream = io.StringIO()
        with pytest.raises(errors.ModelError) as raised:
            raise errors.ModelError("Broken.")
        Diagnostics(stream, debug=debug).failed(raised.value)
        assert ("Traceback" in stream.getvalue()) is debug


def test_a_bug_is_called_ours_and_leaves_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_HOME", str(tmp_path))
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError) as raised:
        raise ZeroDivisionError("\x1b[31m")
    assert Diagnostics(stream).bug(raised.value, "state") == ExitCode.BUG
    (report,) = (tmp_path / "state" / "reports").iterdir()
    assert "bug of ours (ZeroDivisionError)" in stream.getvalue()
    assert str(report) in stream.getvalue()
    assert "Traceback" not in stream.getvalue()
    assert "ZeroDivisionError: ‹U+001B›[31m" in report.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_no_second_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AUDITOR_HOME", str(tmp_path / "file"))
    stream = io.StringIO()
    assert Diagnostics(stream).bug(ValueError("x"), "info") == ExitCode.BUG
    assert "--debug" in stream.getvalue()
