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
    from dataclasses import dataclass, field
    from decimal import Decimal
    from typing import NamedTuple
    from auditor.core.aggregate import AggregateRoot
    from auditor.core.upcasting import Upcaster, UpcasterChain

    LIMIT = 5
    RATES = {"NL": 21, "BE": 22}
    EARLY = frozenset({"a", "b", "c"})

    class Status(enum.Enum):
        OPEN = 1
        PAID = 2

    class Rounding:
        def cents(self, amount):
            return amount // 1

    class Percent(Rounding):
        BASE = 100

        def __init__(self, value):
            self.value = value

        def of(self, amount):
            return self.cents(amount * self.value // self.BASE)

        def __get__(self, instance, owner):
            return self

    REDUCED = Percent(9)
    LEVELS = [REDUCED, Percent(19)]
    FEE = Decimal("0.25")
    AT_ONCE = {"pay": min, "send": max}

    class Place(NamedTuple):
        city: str = "Riga"

    @dataclass(frozen=True)
    class Paid:
        amount: int
        currency: str = "EUR"
        tags: list = field(default_factory=lambda: ["new"])

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

    @functools.singledispatch
    def worth(what):
        return 0

    @worth.register
    def _(what: int):
        return what * 10

    class House(AggregateRoot):
        def __init__(self, aggregate_id):
            super().__init__(aggregate_id)
            self.open = True

        def on_paid(self, event):
            self.paid = 1

        def __setattr__(self, name, value):
            object.__setattr__(self, name, value)

    class Shop(House):
        """A shop."""
        discount = Percent(3)
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
            super().on_paid(event)

        def add(self, event, by=1):
            self.last = Status.PAID, by, REDUCED.of(5), self.discount.of(5), FEE, LEVELS
            self.most = self.worth(5), worth(5), AT_ONCE["pay"](5, 6)

        @functools.singledispatchmethod
        def worth(self, what):
            return None

        @worth.register
        def _(self, what: int):
            return what + 1

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
    "the default of a field": ('"EUR"', '"USD"'),
    "what makes the default of a field": ('["new"]', '["old"]'),
    "the default of a named tuple": ('"Riga"', '"Oslo"'),
    "what an object of the module holds": ("Percent(9)", "Percent(7)"),
    "which of two known objects stands in a list": ("[REDUCED, Percent(19)]", "[Percent(19), REDUCED]"),
    "what an object of the class holds": ("Percent(3)", "Percent(2)"),
    "a constant of such an object's class": ("BASE = 100", "BASE = 1000"),
    "a method of its base": ("amount // 1", "amount // 5"),
    "a function of Python in a table": ('"pay": min', '"pay": max'),
    "a decimal": ('"0.25"', '"0.5"'),
    "the beginning of a base": ("self.open = True", "self.open = False"),
    "a handler that another one hides": ("self.paid = 1", "self.paid = 2"),
    "how attributes are set": ("(self, name, value)\n", "(self, name, value or None)\n"),
    "a function by type": ("what * 10", "what * 100"),
    "a method by type": ("what + 1", "what + 2"),
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


@pytest.mark.parametrize("told", ["ours.rates.VAT", "rates.VAT"])
def test_what_other_modules_have(told: str) -> None:
    """Those of the package, and the base of the model wherever it stands."""
    seen = set()
    for vat, start in ((19, 0), (20, 0), (19, 1)):
        texts = {
            "ours": "",
            "ours.rates": f"VAT = {vat}",
            "theirs": f"""
from auditor.core.aggregate import AggregateRoot
class Base(AggregateRoot):
    def on_opened(self, event): self.total = {start}
""",
            "ours.shop": f"""
import ours, ours.rates
from ours import rates
from theirs import Base
class Shop(Base):
    def on_paid(self, event): self.total += {told}
""",
        }
        modules = {name: types.ModuleType(name) for name in texts}
        sys.modules.update(modules)
        vars(modules["ours"]).update(__path__=[], rates=modules["ours.rates"])
        try:
            for name, text in texts.items():
                exec(text, vars(modules[name]))  # noqa: S102 - the texts above
            seen.add(model_fingerprint(modules["ours.shop"].Shop))
        finally:
            for name in texts:
                del sys.modules[name]
    assert len(seen) == 3


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
