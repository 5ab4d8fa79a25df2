"""The address of a server: its parts and its URL say the same, and a password is in neither."""

import pytest

from auditor.core.server_address import (
    ServerAddress,
    are_server_settings,
    is_server_address,
    server_address,
    without_its_password,
)


def parts(url: str) -> tuple[ServerAddress, str | None]:
    found = server_address(url)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("url", "address", "password"),
    [
        ("postgresql://", ServerAddress(), None),
        ("postgres://db.shop:5433/shop", ServerAddress(host="db.shop", port="5433", database="shop"), None),
        ("PostgreSQL+psycopg://ada@h/d", ServerAddress(host="h", database="d", user="ada"), None),
        ("  postgresql://h/d \n", ServerAddress(host="h", database="d"), None),
        ("postgresql://[::1]:5432/d", ServerAddress(host="::1", port="5432", database="d"), None),
        ("postgresql://ada@/d?host=/run/pg", ServerAddress(host="/run/pg", database="d", user="ada"), None),
        ("postgresql://%2Frun%2Fpg/d", ServerAddress(host="/run/pg", database="d"), None),
        ("postgresql://h/d?user=ada&dbname=e", ServerAddress(host="h", database="e", user="ada"), None),
        ("postgresql://a%40b:c%3Ad@h/x%20y%3F", ServerAddress(host="h", database="x y?", user="a@b"), "c:d"),
        ("postgresql://ada:p@ss@h/d", ServerAddress(host="h", database="d", user="ada"), "p@ss"),
        ("postgresql://ada:p/a?s#s@h/d", ServerAddress(host="h", database="d", user="ada"), "p/a?s#s"),
        ("postgresql://ada:@h/d", ServerAddress(host="h", database="d", user="ada"), ""),
        ("postgresql://h/d?password=one", ServerAddress(host="h", database="d"), "one"),
        ("postgresql://a:one@h/d?password=two", ServerAddress(host="h", database="d", user="a"), "two"),
        (
            "postgresql://h/d?sslmode=verify-full&application_name=a@b",
            ServerAddress(
                host="h", database="d", tls="verify-full", parameters=(("application_name", "a@b"),)
            ),
            None,
        ),
        ("postgresql://h/d?sslmode=odd", ServerAddress(host="h", database="d", parameters=(("sslmode", "odd"),)), None),
        ("postgresql://h/d?options=-csearch_path%3Dshop", ServerAddress(host="h", database="d", schema="shop"), None),
        ("postgresql://h?options=-c%20search_path%3D%22A%5C%20b%22", ServerAddress(host="h", schema="A b"), None),
        (
            "postgresql://h/d?options=-csearch_path%3Da,b",
            ServerAddress(host="h", database="d", parameters=(("options", "-csearch_path=a,b"),)),
            None,
        ),
        (
            "postgresql:///d?host=a&host=b",
            ServerAddress(database="d", parameters=(("host", "a"), ("host", "b"))),
            None,
        ),
    ],
)  # fmt: skip
def test_a_url_is_taken_apart_and_put_together(
    url: str, address: ServerAddress, password: str | None
) -> None:
    assert parts(url) == (address, password)
    assert parts(address.url) == (address, None)


@pytest.mark.parametrize(
    "text", ["", "orders.db", "/a/postgresql://x", "sqlite:///x.db", "postgresqlx://h/d"]
)
def test_paths_and_other_addresses_are_none(text: str) -> None:
    assert not is_server_address(text)
    assert server_address(text) is None
    assert without_its_password(text) == (text, None)


@pytest.mark.parametrize("text", ["postgresql://[::1/d", "postgres:", "postgresql+psycopg://a]b/c"])
def test_what_is_meant_as_one_and_is_none(text: str) -> None:
    assert is_server_address(text)
    assert server_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada:p@se/cret@h/d",
        "postgresql://ada:p@se#cr/et?x@h/d",
        "postgresql://ada:secret@[::1/d",
    ],
)
def test_where_a_password_ends_is_not_guessed_and_none_of_it_is_shown(text: str) -> None:
    assert server_address(text) is None
    kept, _ = without_its_password(text)
    assert kept.startswith("postgresql://ada@")
    assert [part for part in ("se", "cr") if part in kept] == []


@pytest.mark.parametrize(
    ("text", "kept", "password"),
    [
        ("host=h user=ada password=secret dbname=d", "host=h user=ada dbname=d", "secret"),
        ("password='s e\\'c' host = h", "host = h", "s e'c"),
        ("dbname=d", "dbname=d", None),
        ("folder/password=x.db", "folder/password=x.db", None),
    ],
)
def test_settings_as_the_servers_own_programs_take_them_lose_their_password(
    text: str, kept: str, password: str | None
) -> None:
    assert without_its_password(text) == (kept, password)
    assert are_server_settings(text) is not text.startswith("folder")


def test_another_databases_password_is_taken_away_too() -> None:
    assert without_its_password("mysql://ada:geheim@h/d") == ("mysql://ada@h/d", None)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (ServerAddress(host="h", port="54"), ""),
        (ServerAddress(port="5x"), "a number"),
        (ServerAddress(port="²"), "a number"),
        (ServerAddress(port="0"), "from 1 to 65535"),
        (ServerAddress(port="65536"), "from 1 to 65535"),
        (ServerAddress(host="db:5433"), "a field of its own"),
        (ServerAddress(host="fe80::1%eth0"), ""),
        (ServerAddress(database="a\0b"), "NUL"),
    ],
)
def test_what_cannot_be_tried_says_why(address: ServerAddress, said: str) -> None:
    assert said in address.problem
    assert bool(said) == bool(address.problem)


def test_the_place_is_what_people_call_the_server() -> None:
    assert ServerAddress(host="db", port="5433").place == "db:5433"
    assert ServerAddress(host="db", port="5432").place == "db"
    assert ServerAddress().place == "this machine"
