"""Fields and URL of a server follow each other both ways; what the driver is given is what the fields say."""

from hypothesis import assume, example, given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from auditor.core.server_address import TLS_MODES, ServerAddress, server_address, without_its_password
from auditor.stores.location import ServerLocation, store_location

ODD = st.text(
    st.one_of(st.sampled_from(" /?#@:%&=+[]\\\"'*;,\n\t"), st.characters(codec="utf-8")),
    max_size=12,
).filter(lambda text: "\0" not in text)
HOSTS = st.one_of(
    st.sampled_from(
        ["", "db.shop.internal", "10.0.0.7", "::1", "fe80::1%eth0", "/run/postgresql", "bücher.de"]
    ),
    ODD.map(lambda text: "/" + text),
).filter(lambda host: "," not in host)
ADDRESSES = st.builds(
    ServerAddress,
    host=HOSTS,
    port=st.one_of(st.just(""), st.integers(1, 65535).map(str)),
    database=ODD.map(str.rstrip),
    user=ODD,
    schema=ODD,
    tls=st.sampled_from(["", *TLS_MODES]),
    parameters=st.lists(
        st.tuples(st.sampled_from(["application_name", "connect_timeout", "passfile"]), ODD.filter(bool)),
        max_size=2,
        unique_by=lambda pair: pair[0],
    ).map(lambda pairs: tuple(sorted(pairs))),
)


@given(ADDRESSES)
@example(ServerAddress(host="/run/pg", user="a@b:c/d", database="e?f#g", schema='Big "one"'))
def test_a_url_says_all_that_the_fields_say(address: ServerAddress) -> None:
    assert server_address(address.url) == (address, None)


@given(ADDRESSES, ODD.filter(bool))
def test_the_driver_is_given_what_the_fields_say(address: ServerAddress, password: str) -> None:
    assume(not address.problem)
    place = store_location(address.url)
    assert isinstance(place, ServerLocation)
    assert place.address == address.url
    _, given_to_driver = PGDialect_psycopg().create_connect_args(place.with_password(password).url)  # type: ignore[no-untyped-call]
    wanted = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.user,
        "password": password,
        "sslmode": address.tls,
        **dict(address.parameters),
    }
    given_to_driver.pop("options", None)
    assert {name: str(value) for name, value in given_to_driver.items()} == {
        name: value for name, value in wanted.items() if value
    }


@given(ADDRESSES, st.text(st.sampled_from("xyzXYZ/?#:%&=+ !$"), min_size=6, max_size=12))
def test_a_password_however_it_was_written_is_not_in_what_is_kept(
    address: ServerAddress, secret: str
) -> None:
    canary = f"ca{secret}ry"
    scheme, _, rest = address.url.partition("://")
    user, at, after = rest.partition("@")
    assume(at and "@" not in after)
    kept, found = without_its_password(f"{scheme}://{user}:{canary}@{after}")
    assert found is not None
    assert canary not in kept
    assert kept == address.url
