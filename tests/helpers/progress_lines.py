"""What `--progress ndjson` says, field by field."""

import json
from typing import Any

from auditor.core.rebuild import MORE_BY_KIND, ON_EVERY_LINE


def checked(lines: str) -> list[dict[str, Any]]:
    """The lines, each with just the fields that are promised."""
    said: list[dict[str, Any]] = [json.loads(line) for line in lines.splitlines()]
    for one in said:
        assert tuple(one)[: len(ON_EVERY_LINE)] == ON_EVERY_LINE, one
        assert set(one) - set(ON_EVERY_LINE) <= MORE_BY_KIND[one["kind"]], one
        assert type(one["done"]) is type(one["total"]) is type(one["rows"]) is int
    for counted in ("done", "rows", "seconds"):
        values = [one[counted] for one in said]
        assert values == sorted(values)
    return said
