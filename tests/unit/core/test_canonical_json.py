"""Canonical JSON beside the test data of RFC 8785."""

import base64
from pathlib import Path

import pytest

from auditor.core import exact_json
from auditor.core.canonical_json import canonical
from tests.helpers.real_data import read_json

DIGITS_KEPT = {
    "structures.json": [("56.0", "56")],
    "values.json": [
        ("333333333.33333329", "333333333.3333333"),
        ("1E30", "1e+30"),
        ("4.50", "4.5"),
        ("2e-3", "0.002"),
        ("0.000000000000000000000000001", "1e-27"),
    ],
}
"""Where the suite has other texts, since it writes every number as ECMAScript would: ours, theirs."""


def test_the_suite_of_the_rfc(real_data: Path) -> None:
    files = {
        name: base64.b64decode(packed).decode()
        for name, packed in read_json("peer-suites/jcs.json.gz").items()
    }
    names = [name.partition("/")[2] for name in files if name.startswith("input/")]
    assert len(names) == 6
    for name in names:
        written = canonical(exact_json.parse(files[f"input/{name}"]))
        for ours, theirs in DIGITS_KEPT.get(name, []):
            assert ours in written
            written = written.replace(ours, theirs)
        assert written == files[f"output/{name}"].rstrip("\n"), name
        hexadecimal = files[f"outhex/{name.replace('.json', '.txt')}"]
        assert written.encode() == bytes.fromhex(hexadecimal), name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ "b": 1, "a": [ {"d": 1.0, "c": -0} ] }', '{"a":[{"c":-0,"d":1.0}],"b":1}'),
        ('{"\\ufb33": 1, "\\ud83d\\ude02": 2}', '{"\U0001f602":2,"\ufb33":1}'),  # UTF-16, not code points
        ('{"\\udead": 1}', '{"\\udead":1}'),
    ],
)
def test_one_text_for_one_value(text: str, expected: str) -> None:
    assert canonical(exact_json.parse(text)) == expected
