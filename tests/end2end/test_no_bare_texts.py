"""A pseudo-locale: every text of ours arrives in brackets, so that what stands outside of them is data or a mistake."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import main
from auditor.core.text import translated_by

_WORD = re.compile(r"[^\W\d_]{2,}")
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
# Objects whose keys come from the store
_KEYS_ARE_DATA = {"types", "state", "data", "metadata", "tables"}


def bracketed(text: str) -> str:
    return f"⟦{text}⟧"


def outside_brackets(text: str) -> set[str]:
    while (shorter := _INNERMOST.sub(" ", text)) != text:
        text = shorter
    return set(_WORD.findall(text))


def words_of(value: Any, *, keys: bool = False) -> Iterator[str]:
    """Words of a document's values, and of its keys where those are data."""
    if isinstance(value, dict):
        for key, item in value.items():
            if keys:
                yield from _WORD.findall(key)
            yield from words_of(item, keys=keys or key in _KEYS_ARE_DATA)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item, keys=keys)
    elif isinstance(value, str):
        yield from _WORD.findall(value)
    else:
        yield from _WORD.findall(json.dumps(value))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bare") / "shop.db"
    assert main(["demo", "--events", "300", "--to", str(path), "--terminal", "--json"]) == 0
    assert main(["rebuild", str(path), "order_summaries", "--json"]) == 0
    return path


ANSWERS = [
    "info {store}",
    "info {store} --estimate",
    "aggregates {store} --limit 3",
    "aggregates {store} --type Order",
    "events {store} --limit 3",
    "events {store} order-1002",
    "state {store} order-1002",
    "state {store} order-1002 --version 2",
    "state {store} order-1002 --model merge",
    "state {store} order-1002 --as-of 2026-02-01+01:00",
    "when {store} order-1002 total>15000",
    "projections {store}",
    "rows {store} order_summaries --limit 3",
]


@pytest.mark.parametrize("line", ANSWERS)
def test_answers_have_no_bare_words(line: str, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = line.format(store=store).split()
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    data = {*words_of(json.loads(capsys.readouterr().out)), *_WORD.findall(" ".join(words))}

    with translated_by(bracketed):
        assert main(words) == 0
    shown = capsys.readouterr()

    assert "⟦" in shown.out
    assert outside_brackets(shown.out + shown.err) - data == set()


REFUSALS = [
    "info {store}.absent",
    "info",
    "inof {store}",
    "state {store} order-9",
    "state {store} order-1002 --version 99",
    "state {store} order-1002 --as-of yesterday",
    "state {store} order-1002 --as-of 2026-10-25T02:30[Europe/Amsterdam]",
    "state {store} order-1002 --as-of 2026-10-25[Europe/Nowhere]",
    "state {store} order-1002 --as-of 2026-10-25 --by effective",
    "state {store} order-1002 --at-event none",
    "when {store} order-1002 total>",
    "when {store} order-1002 total>1,",
    "events {store} --limit many",
    "aggregates {store} --after nonsense",
    "copy {store} {store}",
    "rebuild {store} no_such_projection",
    "rows {store} no_such_projection",
    "rows {store} order_summaries --table no_such_table",
    "import {store} {store}.absent",
]


@pytest.mark.parametrize("line", REFUSALS)
def test_refusals_have_no_bare_words(line: str, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = line.format(store=store).split()
    capsys.readouterr()

    with translated_by(bracketed):
        assert main(words) in (2, 3, 4)
    shown = capsys.readouterr()

    assert shown.out == ""
    assert "⟦" in shown.err
    assert outside_brackets(shown.err) - set(_WORD.findall(" ".join(words))) == set()


def test_a_bare_word_would_be_seen() -> None:
    assert outside_brackets("⟦the ⟦whole⟧ text⟧ bare 12 ⟦fine⟧") == {"bare"}
