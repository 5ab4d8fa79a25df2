import subprocess
import sys

import pytest

import auditor.demo


@pytest.mark.parametrize(
    "names", ["Order, Customer, OrderSummaries", "OrderCommandHandler, CreateOrder, Item"]
)
def test_the_domain_needs_no_database_library(names: str) -> None:
    code = (
        f"from auditor.demo import {names}; import sys; print([m for m in sys.modules if 'sqlalchemy' in m.lower() "
        "or m.startswith('auditor.stores')])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


def test_every_exported_name_is_there() -> None:
    for name in auditor.demo.__all__:
        assert getattr(auditor.demo, name).__name__ == name
    with pytest.raises(AttributeError, match="Ordr"):
        auditor.demo.Ordr  # noqa: B018 - looking it up is the test
