"""Stores on a PostgreSQL server from the command line: opened like files, every failure a sentence."""

import json
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url

from tests.helpers.command_line import answer, auditor
from tests.helpers.postgres_server import PostgresServer, as_text, drop_database, new_database
from tests.helpers.secret_server import PASSWORD, SecretStore


def line(number: int) -> str:
    event = {
        "event_id": f"0199e000-0000-7000-8000-{number:012}",
        "aggregate_id": "order-1",
        "aggregate_type": "Order",
        "event_type": "Counted",
        "version": number,
        "timestamp": "2026-03-01T12:00:00Z",
        "data": {"n": number},
        "metadata": {"correlation_id": "c", "schema_version": 1},
    }
    return json.dumps(event) + "\n"


class TestViewing:
    def test_a_store_on_a_server_answers_like_a_file(self, secret_store: SecretStore) -> None:
        info = answer("info", secret_store.reading)
        assert (info["layout"], info["events"], info["types"]) == ("native", 3, {"Thing": 1})
        assert answer("info", secret_store.reading.replace("postgresql:", "postgres:")) == info
        state = answer("state", secret_store.reading, "thing-1", "--model", "merge")
        assert (state["version"], state["state"]) == (3, {"n": 2})
        ended = auditor("info", secret_store.reading)
        assert "may not change the store's tables" in ended.out
        assert "PostgreSQL 1" in ended.out
        assert info["product"] in ended.out
        assert secret_store.database in ended.out

    def test_a_workspace_names_it_without_a_password(self, secret_store: SecretStore, tmp_path: Path) -> None:
        workspace = tmp_path / "auditor.toml"
        workspace.write_text(f"[store]\nurl = {json.dumps(secret_store.asked)}\n")
        assert answer("info", workspace, env={"PGPASSWORD": PASSWORD})["events"] == 3
        workspace.write_text(f"[store]\nurl = {json.dumps(secret_store.asked_with_password)}\n")
        ended = auditor("info", workspace)
        assert ended.code == 2
        assert "must not hold a password" in ended.err
        assert "canary" not in ended.err

    def test_where_projections_are_named_is_said(self, secret_store: SecretStore) -> None:
        assert "--workspace FILE" in auditor("projections", secret_store.reading).out
        hint = auditor("rows", secret_store.reading, "no_such", "--json").error["hint"]
        assert "--workspace FILE" in hint
        assert "beside" not in hint

    def test_a_role_that_could_write_is_told(self, secret_store: SecretStore) -> None:
        ended = auditor("info", secret_store.owner)
        assert ended.code == 0
        assert "This role could write" in ended.err


class TestImport:
    def test_makes_a_store_only_when_asked(self, postgres_url: str, tmp_path: Path) -> None:
        log = tmp_path / "log.ndjson"
        log.write_text(line(1) + line(2))
        refused = auditor("import", postgres_url, log)
        assert refused.code == 3
        assert "There is no event store in" in refused.err
        assert "--create" in refused.err
        assert auditor("info", postgres_url).code == 3

        first = answer("import", postgres_url, log, "--create")
        assert (first["created"], first["stored"], first["known"]) == (True, 2, 0)
        again = answer("import", postgres_url, log, "--create")
        assert (again["created"], again["stored"], again["known"]) == (False, 0, 2)
        log.write_text(line(1) + line(2) + line(3))
        assert answer("import", postgres_url, log)["stored"] == 1
        assert answer("info", postgres_url)["events"] == 3

    def test_a_file_whose_first_line_is_bad_makes_no_store(self, postgres_url: str, tmp_path: Path) -> None:
        log = tmp_path / "log.ndjson"
        log.write_text("no json\n")
        assert auditor("import", postgres_url, log, "--create").code == 1
        with psycopg.connect(postgres_url) as connection:
            assert connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone() == (0,)

    def test_takes_a_password_too(self, secret_store: SecretStore, tmp_path: Path) -> None:
        log = tmp_path / "log.ndjson"
        log.write_text(line(1))
        assert auditor("import", secret_store.asked, log).code == 3
        assert answer("import", secret_store.asked, log, env={"PGPASSWORD": PASSWORD})["stored"] == 1


class TestWhatServersCannotDo:
    def test_a_copy_is_refused_with_what_to_do_instead(
        self, secret_store: SecretStore, tmp_path: Path
    ) -> None:
        ended = auditor("copy", secret_store.reading, tmp_path / "copy.db")
        assert ended.code == 3
        assert "has no file that could be copied" in ended.err
        assert "pg_dump" in ended.err
        assert not (tmp_path / "copy.db").exists()

    def test_the_demo_is_made_as_a_file(self) -> None:
        ended = auditor("demo", "--terminal", "--to", "postgresql://u:canary@h/d")
        assert ended.code == 2
        assert "made as a file" in ended.err


class TestFailures:
    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("postgresql://ada@no-such-host.invalid/shop", "cannot be reached"),
            ("postgresql://ada@127.0.0.1:1/shop", "Connection refused"),
            ("postgresql://ada@127.0.0.1:70000/shop", "from 1 to 65535"),
            ("postgresql://ada@127.0.0.1:5x/shop", "The port is a number"),
            ("postgresql://[::1/shop", "no URL that can be understood"),
            ("postgresql://ada@h/d?host=a:1&port=2", "a field of its own"),
            ("postgresql:///shop?host=/nowhere/at/all", "No such file or directory"),
            ("postgresql://ada@127.0.0.1:1/shop?sslmode=odd", "sslmode"),
            ("postgresql://ada@127.0.0.1:1/shop?no_such_option=1", "no_such_option"),
            ("mysql://ada@h/d", "only SQLite files and PostgreSQL"),
        ],
    )
    def test_no_way_to_the_server(self, address: str, said: str) -> None:
        ended = auditor("info", address, "--json")
        assert ended.code == 3, ended
        assert said in ended.error["message"] + ended.error["hint"]
        assert ended.error["hint"]
        assert "Traceback" not in ended.err

    def test_no_such_database_and_role(self, postgres_server: PostgresServer) -> None:
        for url in (
            postgres_server.url.set(database="no_such_db"),
            postgres_server.url.set(username="no_such_role"),
        ):
            ended = auditor("info", as_text(url), "--json")
            assert ended.code == 3
            assert "does not exist" in ended.error["message"]

    def test_no_event_store(self, postgres_server: PostgresServer) -> None:
        url = new_database(postgres_server.url)
        try:
            ended = auditor("info", as_text(url), "--json")
        finally:
            drop_database(url)
        assert ended.code == 3
        assert str(url.database) in ended.error["message"]

    def test_a_wrong_password_and_none(self, secret_store: SecretStore) -> None:
        none = auditor("info", secret_store.asked, "--json")
        assert (none.code, none.error["kind"]) == (3, "PasswordNeeded")
        assert "wants a password" in none.error["message"]
        assert "PGPASSWORD" in none.error["hint"]
        wrong = auditor("info", secret_store.asked, "--json", env={"PGPASSWORD": "wrong"})
        assert (wrong.code, wrong.error["kind"]) == (3, "PasswordNeeded")
        assert "password authentication failed" in wrong.error["message"]


class TestSecrecy:
    def test_a_password_from_the_variable_and_from_the_file(
        self, secret_store: SecretStore, tmp_path: Path
    ) -> None:
        ended = auditor("info", secret_store.asked, env={"PGPASSWORD": PASSWORD})
        assert ended.code == 0
        assert "stands in the command" not in ended.err
        file = tmp_path / "pgpass"
        file.write_text("*:*:*:*:" + PASSWORD.replace("\\", "\\\\").replace(":", "\\:") + "\n")
        file.chmod(0o600)
        assert auditor("info", secret_store.asked, env={"PGPASSFILE": str(file)}).code == 0

    def test_one_in_the_address_works_and_is_warned_of(self, secret_store: SecretStore) -> None:
        ended = auditor("info", secret_store.asked_with_password)
        assert ended.code == 0
        assert ended.err.count("The password stands in the command") == 1

    def test_a_password_in_a_command_is_nowhere_else(
        self, secret_store: SecretStore, auditor_home: Path, tmp_path: Path
    ) -> None:
        log = tmp_path / "log.ndjson"
        log.write_text(line(1))
        works = secret_store.asked_with_password
        url = make_url(works)
        refused = as_text(url.set(password="canary wrong"))  # noqa: S106 - made up
        gone = as_text(url.set(database="canary_free", password="canary"))  # noqa: S106 - made up
        odd = "postgresql://ada:ca/nary?ca#nary@canary@127.0.0.1:1/shop"
        below = f"{secret_store.asked}&password={quote(PASSWORD)}"
        runs = [
            (verb, *rest)
            for address in (works, refused)
            for verb, *rest in (
                ("info", address),
                ("events", address, "--debug"),
                ("state", address, "thing-1", "--model", "merge"),
                ("rebuild", address, "nothing"),
                ("import", address, str(log)),
                ("copy", address, str(tmp_path / "copy.db")),
            )
        ]
        runs += [
            ("info", address, "--json", "--debug") for address in (gone, odd, below, "mysql://a:canary@h/d")
        ]
        runs += [
            ("import", "x.db", works),
            ("copy", "x.db", works),
            ("demo", "--to", works),
            ("info", "x.db", works),
            ("info", "x.db", "--workspace", works),
            (works,),
            ("info", f"{works}\n", "--debug", "--nonsense"),
            ("open", works),
        ]
        for run in runs:
            ended = auditor(*run, cwd=tmp_path)
            without_names = (ended.out + ended.err).replace("canary_free", "")
            assert "canary" not in without_names, (run, ended)
            assert "nary@" not in without_names, (run, ended)
            assert ended.code != 5, (run, ended)
        kept = [path for folder in (auditor_home, tmp_path) for path in folder.rglob("*") if path.is_file()]
        assert not any(b"canary" in path.read_bytes() for path in kept)
