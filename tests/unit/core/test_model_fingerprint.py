"""Which changes of the code make another model of it."""

import subprocess
import sys
import textwrap
import types

import pytest

from auditor.core.model_fingerprint import model_fingerprint
from auditor.demo import Order

SHOP = textwrap.dedent('''
    import enum, functools
    from dataclasses import dataclass
    from decimal import Decimal
    from auditor.core.aggregate import AggregateRoot
    from auditor.core.upcasting import Upcaster, UpcasterChain

    LIMIT = 5
    RATES = {"NL": 21, "BE": 22}
    EARLY = frozenset({"a", "b", "c"})

    class Status(enum.Enum):
        OPEN = 1
        PAID = 2

    @dataclass(frozen=True)
    class Paid:
        amount: int
        def twice(self):
            return self.amount * 2

    def rounded(amount):
        """Rounds."""
        return min(amount, LIMIT)

    def taxed(country):
        return RATES[country]

    TAXES = {"vat": taxed}

    def renamed(data):
        return {"amount": data["sum"]}

    def logged(handler):
        @functools.wraps(handler)
        def wrapper(self, event: Paid):
            return handler(self, event)
        return wrapper

    class Shop(AggregateRoot):
        """A shop."""
        ignores = frozenset({"Seen"})
        upcasters = UpcasterChain([Upcaster("Paid", 1, renamed)])
        step = 1

        def __init__(self, aggregate_id):
            super().__init__(aggregate_id)
            self.total = 0

        def pay(self, amount):
            self.apply(Paid(amount))

        @property
        def doubled(self):
            return self.total * 2

        @logged
        def on_paid(self, event: Paid):
            # counts
            self.total += rounded(event.twice()) + self.step + (0 if self.doubled in EARLY else TAXES["vat"]("NL"))
            self.add(event)

        def add(self, event, by=1):
            self.last = Status.PAID, by

        @classmethod
        def make(cls):
            return cls("x")
''')


def fingerprint(text: str) -> str:
    module = types.ModuleType("shop_of_a_test")
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, "shop.py", "exec"), vars(module))  # noqa: S102 - the text above
        return model_fingerprint(module.Shop)
    finally:
        del sys.modules[module.__name__]


CHANGED = {
    "a handler": ("self.total += rounded", "self.total -= rounded"),
    "a decorator": ("return handler(self, event)", "return None"),
    "the beginning": ("self.total = 0", "self.total = 1"),
    "a constant of the module": ("LIMIT = 5", "LIMIT = 6"),
    "a constant in a table": ('"NL": 21', '"NL": 19'),
    "a constant in a set": ('"b", "c"', '"b", "d"'),
    "a constant of the class": ("step = 1", "step = 2"),
    "a function that a handler calls": ("min(amount", "max(amount"),
    "a function in a table": ("return RATES[country]", "return RATES[country] + 1"),
    "a method that a handler calls": ("self.last = Status.PAID, by", "self.last = Status.OPEN, by"),
    "a default": ("by=1", "by=2"),
    "a property that a handler reads": ("self.total * 2", "self.total * 3"),
    "an enum": ("PAID = 2", "PAID = 3"),
    "a field": ("amount: int", "amount: str"),
    "another field": ("amount: int", "amount: int\n    more: int = 1"),
    "a method of a payload": ("self.amount * 2", "self.amount * 3"),
    "an upcaster": ('data["sum"]', 'data["price"]'),
    "the version of an upcaster": ('Upcaster("Paid", 1', 'Upcaster("Paid", 2'),
    "what is ignored": ('"Seen"', '"Read"'),
    "a new handler": ("@classmethod", "def on_lost(self, event): ...\n\n    @classmethod"),
    "how it says its state": ("@classmethod", "def to_state(self): return 1\n\n    @classmethod"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_changed(what: str) -> None:
    before, after = CHANGED[what]
    assert before in SHOP
    assert fingerprint(SHOP.replace(before, after)) != fingerprint(SHOP)


UNCHANGED = {
    "nothing": ("", ""),
    "a comment": ("# counts", "# counts all"),
    "blank lines": ("    # counts", "\n\n    # counts"),
    "a docstring": ('"""Rounds."""', '"""Rounds off."""'),
    "no docstring": ('    """Rounds."""\n', ""),
    "a docstring of the class": ('"""A shop."""', '"""Shops."""'),
    "a command": ("self.apply(Paid(amount))", "self.apply(Paid(amount + 1))"),
    "a new command": ("@classmethod", "def close(self): ...\n\n    @classmethod"),
    "what no handler names": ('return cls("x")', 'return cls("y")'),
}


@pytest.mark.parametrize("what", UNCHANGED)
def test_unchanged(what: str) -> None:
    before, after = UNCHANGED[what]
    assert before in SHOP
    assert fingerprint(SHOP.replace(before, after, 1)) == fingerprint(SHOP)


def test_another_name_is_another_model() -> None:
    assert fingerprint(SHOP + "\nShop.__qualname__ = 'Store'") != fingerprint(SHOP)


def test_every_process_says_the_same() -> None:
    """Also with other hashes of texts."""
    code = "from auditor.core.model_fingerprint import model_fingerprint as f; from auditor.demo import Order"
    said = {
        subprocess.run(
            [sys.executable, "-c", f"{code}; print(f(Order))"],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    assert said == {model_fingerprint(Order)}
