"""Files made to keep a program busy: opening and looking end in time, also where only the file alone is hostile."""

import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from auditor.core.errors import Cancelled
from auditor.stores import foreign_log
from auditor.stores.reader import open_reader
from auditor.stores.sqlite_errors import TooLong
from auditor.tasks.cancel import CancelToken
from tests.helpers.native_files import create_tables, event_rows, insert

_ENDLESS = (
    "CREATE VIEW store_info AS WITH RECURSIVE t(name, value) AS "
    "(SELECT 'x', 'y' UNION ALL SELECT name, value FROM t) SELECT name, value FROM t"
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A sound store with its log; the file alone has an endless view as its `store_info`."""
    path = tmp_path / "made.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    create_tables(connection)
    insert(connection, event_rows(3, 3))
    connection.execute("ALTER TABLE store_info RENAME TO kept")
    connection.execute(_ENDLESS)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("DROP VIEW store_info")
    connection.execute("ALTER TABLE kept RENAME TO store_info")
    (tmp_path / "kept").mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", tmp_path / "kept" / f"store.db{suffix}")
    connection.close()
    return tmp_path / "kept" / "store.db"


def test_what_the_file_alone_holds_does_not_keep_opening_busy(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_log, "OPENING_SECONDS", 0.2)
    with pytest.raises(TooLong, match="took longer than it may"):
        open_reader(hostile)


def test_opening_it_can_be_cancelled(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class StopsSoon(CancelToken):
        """As a person who has waited a moment."""

        begun = time.monotonic()

        @property
        def cancelled(self) -> bool:
            return time.monotonic() > self.begun + 0.3

    monkeypatch.setattr(foreign_log, "OPENING_SECONDS", 3600)
    with pytest.raises(Cancelled):
        open_reader(hostile, token=StopsSoon())
