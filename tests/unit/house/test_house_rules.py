"""The rules of the house, each on the real tree and on a file that breaks it."""

from pathlib import Path

import pytest

from tests.helpers.house import places, shipped, sizes, texts
from tests.helpers.house.tree import REPOSITORY, Rule, modules

RULES = [*sizes.RULES, *places.RULES, *texts.RULES, *shipped.RULES]
FINDING = {rule.findings.__name__: rule.findings for rule in RULES}


@pytest.mark.parametrize("what", FINDING)
def test_the_house_has_no(what: str) -> None:
    assert "\n".join(FINDING[what](modules(REPOSITORY))) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_names_what_breaks_it(rule: Rule, tmp_path: Path) -> None:
    path, text = rule.planted
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text)

    findings = list(rule.findings(modules(tmp_path)))

    assert len(findings) == 1
    assert findings[0].startswith(path)


def test_tests_are_short_too() -> None:
    assert "\n".join(sizes.long_modules(modules(REPOSITORY, "tests"), sizes.LONGEST_TEST_MODULE)) == ""
