"""Colours can be told from what they stand on: WCAG 2 contrast, computed from the theme itself."""

import pytest

from auditor.gui.theme import DARK, HUES, LIGHT, Theme, high_contrast

THEMES = {
    "light": LIGHT,
    "dark": DARK,
    "light, high contrast": high_contrast(LIGHT),
    "dark, high": high_contrast(DARK),
}
TEXTS = ["text", "text2", "text3", "accent", "add", "rem", "chg", "fail"]
GROUNDS = ["bg", "side", "sel"]
ON_TINTS = [("add", "add_bg"), ("rem", "rem_bg"), ("chg", "chg_bg"), ("fail", "fail_bg")]


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_reaches_four_and_a_half(theme: Theme) -> None:
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [*ON_TINTS, ("on_accent", "accent_fill")]
    pairs += [(text, tint) for text in ("text2", "text3") for _, tint in ON_TINTS]
    pairs += [("text3", ground) for ground in ("sunken", "hover", "raised")]
    tokens = theme.tokens
    weak = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_marks_reach_three(theme: Theme) -> None:
    assert len(theme.hues) == HUES
    for hue in theme.hues:
        assert contrast(hue, theme.bg) >= 3
        assert contrast(hue, theme.sel) >= 3
    for ground in ("bg", "side"):
        assert contrast(theme.field, theme.tokens[ground]) >= 3
    assert contrast(theme.density, theme.bg) >= 3


def test_a_weak_colour_would_be_seen() -> None:
    assert contrast(LIGHT.disabled, LIGHT.bg) < 4.5
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
