"""Read models on a PostgreSQL server through the program, in child processes, against those in a file."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from auditor.demo import OrderReadModel
from auditor.stores.native_store import EventStore
from auditor.stores.read_model_file import default_path
from tests.helpers.command_line import answer, auditor
from tests.helpers.demo_on_server import moved
from tests.helpers.guest_code import write_module
from tests.helpers.read_model_places import tables_on_server
from tests.helpers.rebuilding import Tables, tables_of

EVENTS = 600
NAME = "order_summaries"
SOURCE = """
    class Totals:
        name = "totals"
        tables = ({"name": "totals", "columns": {"id": "text", "customer": "text", "first": "boolean"}},)

        def on_order_created(self, event, envelope):
            row = {"id": envelope.aggregate_id, "customer": event.customer_id, "first": envelope.version == 1}
            self.rows.put("totals", row)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "orders.db"
    answer("demo", "--events", str(EVENTS), "--to", path)
    return path


@pytest.fixture(scope="module")
def in_a_file(demo: Path) -> Tables:
    answer("rebuild", demo, NAME)
    return tables_of(default_path(demo))


@pytest.fixture
def shop(demo: Path, postgres_url: str) -> str:
    moved(demo, postgres_url)
    return postgres_url


def with_target(folder: Path, target: str) -> tuple[str, ...]:
    """The options that name a workspace with this target, and trust it."""
    folder.mkdir(exist_ok=True)
    write_module(folder, SOURCE, "shop")
    workspace = folder / "auditor.toml"
    workspace.write_text(f'[projections.totals]\npython = "shop:Totals"\ntarget = "{target}"\n')
    with EventStore(str(folder / "none.db")):
        refused = auditor("rebuild", folder / "none.db", "totals", "--workspace", workspace)
    (sha256,) = [line for line in refused.err.splitlines() if len(line) == 64]
    return ("--workspace", str(workspace), "--trust-code", sha256)


def schemas(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace").fetchall()}


def test_a_rebuild_on_the_server_has_the_rows_of_one_in_a_file(shop: str, in_a_file: Tables) -> None:
    (before,) = answer("projections", shop)["projections"]
    assert (before["state"], before["lag"]) == ("never run", EVENTS)
    assert "public_readmodels" not in schemas(shop)
    rebuilt = answer("rebuild", shop, NAME)["projections"][0]
    assert tables_on_server(shop, "public_readmodels") == in_a_file
    assert rebuilt["tables"] == {name: len(rows) for name, rows in in_a_file.items()}
    (row,) = answer("projections", shop)["projections"]
    assert (row["state"], row["lag"], row["problem"], row["at_work"]) == ("up to date", 0, None, False)
    assert row["target"] == rebuilt["target"]
    assert "search_path=public_readmodels" in row["target"]
    assert row["tables"] == rebuilt["tables"]
    assert answer("rebuild", shop, NAME)["projections"][0]["tables"] == rebuilt["tables"]
    assert tables_on_server(shop, "public_readmodels") == in_a_file


def test_rows_are_paged_as_those_of_a_file(shop: str, demo: Path, in_a_file: Tables) -> None:
    answer("rebuild", shop, NAME)
    for table in in_a_file:
        after: list[str] = []
        rows: list[Any] = []
        while True:
            page = answer("rows", shop, NAME, "--table", table, "--limit", "150", *after)
            same = answer("rows", demo, NAME, "--table", table, "--limit", "150", *after)
            assert {**page, "store_id": 0, "built_from": 0} == {**same, "store_id": 0, "built_from": 0}
            rows += page["rows"]
            if not page["more"]:
                break
            after = ["--after", page["after"]]
        assert len(rows) == len(in_a_file[table])


def test_the_read_model_of_orders_answers_from_the_server(shop: str, demo: Path, in_a_file: Tables) -> None:
    answer("rebuild", shop, NAME)
    order = in_a_file[NAME][7]
    with OrderReadModel.beside(shop) as there, OrderReadModel.beside(demo) as here:
        assert there.order_summary(order[0]) == here.order_summary(order[0])
        assert there.customer_orders(order[1]) == here.customer_orders(order[1])
        assert there.position == here.position == EVENTS
        assert there.order_summary("no such") is None
        assert there.order_summary("a\0b") is None


def test_catching_up_goes_on_in_the_live_tables(demo: Path, postgres_url: str, in_a_file: Tables) -> None:
    moved(demo, postgres_url, up_to=100)
    first = answer("project", postgres_url, NAME)
    assert (first["made"], first["position"]) == (True, 100)
    moved(demo, postgres_url)
    second = answer("project", postgres_url, NAME)
    assert (second["made"], second["from"], second["position"]) == (False, 100, EVENTS)
    assert tables_on_server(postgres_url, "public_readmodels") == in_a_file


def test_a_file_and_a_server_may_be_each_others_target(shop: str, demo: Path, tmp_path: Path) -> None:
    into_schema = with_target(tmp_path / "one", f"{shop}&options=-csearch_path%3Dtotals")
    into_file = with_target(tmp_path / "two", "totals.db")
    there = answer("rebuild", demo, "totals", *into_schema)["projections"][0]
    here = answer("rebuild", shop, "totals", *into_file)["projections"][0]
    assert "search_path=totals" in there["target"]
    assert here["target"] == str(tmp_path / "two" / "totals.db")
    assert here["tables"]["totals"] > 50
    assert tables_on_server(shop, "totals") == tables_of(tmp_path / "two" / "totals.db")
    for store, options in ((demo, into_schema), (shop, into_file)):
        assert len(answer("rows", store, "totals", *options[:2], "--limit", "3")["rows"]) == 3


def test_the_schema_of_a_store_is_no_target(shop: str, tmp_path: Path) -> None:
    options = with_target(tmp_path, f"{shop}&options=-csearch_path%3Dpublic")
    refused = auditor("rebuild", shop, "totals", *options)
    assert refused.code == 3
    assert "an event store stands" in refused.err
    with psycopg.connect(shop) as connection:
        found = connection.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'auditor%'").fetchone()
    assert found == (0,)


def test_a_target_that_cannot_be_reached_is_told_in_its_row(demo: Path, tmp_path: Path) -> None:
    options = with_target(tmp_path, "totals.db")
    workspace = tmp_path / "auditor.toml"
    workspace.write_text(
        workspace.read_text().replace("totals.db", f"postgresql://nobody@/db?host={tmp_path}")
    )
    rows = {row["name"]: row for row in answer("projections", demo, *options[:2])["projections"]}
    assert rows["totals"]["state"] == "unreadable"
    assert "cannot be reached" in rows["totals"]["problem"]
    assert rows["totals"]["target"] == f"postgresql://nobody@/db?host={tmp_path}"
    assert rows[NAME]["state"] in ("never run", "up to date")
    assert auditor("rebuild", demo, "totals", *options).code == 3


def test_progress_lines_name_the_place_without_a_password(shop: str) -> None:
    url = make_url(shop).set(password="canary-secret").render_as_string(hide_password=False)  # noqa: S106 - a canary
    done = auditor("rebuild", url, NAME, "--progress", "ndjson")
    assert done.code == 0, done
    assert "canary" not in done.out + done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert lines[-1]["kind"] == "finished"
    assert lines[0]["targets"][NAME].startswith("postgresql://")
    assert "public_readmodels" in lines[0]["targets"][NAME]
    shown = auditor("projections", url)
    assert shown.code == 0, shown
    assert "canary" not in shown.out + shown.err
