"""All colours: two themes of the same tokens, and what Qt's own palette is made of."""

from dataclasses import dataclass, fields, replace

from PySide6.QtGui import QColor, QPalette

HUES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Colours by what they are for, as `#rrggbb`. `hues` are those of event types."""

    is_dark: bool
    text: str
    text2: str
    text3: str
    accent: str
    add: str
    rem: str
    chg: str
    fail: str
    field: str
    bg: str
    side: str
    sunken: str
    raised: str
    line: str
    line2: str
    sel: str
    hover: str
    accent_fill: str
    on_accent: str
    disabled: str
    density: str
    add_bg: str
    rem_bg: str
    chg_bg: str
    fail_bg: str
    hues: tuple[str, ...]

    def color(self, token: str) -> QColor:
        """The colour of a token by its name, as a delegate or a plot wants it."""
        return QColor(getattr(self, token))

    def hue(self, number: int) -> QColor:
        return QColor(self.hues[number])

    @property
    def tokens(self) -> dict[str, str]:
        """Colours by their names, without the hues."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, str)}


LIGHT = Theme(
    is_dark=False,
    text="#1A1E26",
    text2="#4A5260",
    text3="#626B7A",
    accent="#3457D5",
    add="#12734A",
    rem="#B3312B",
    chg="#875300",
    fail="#B3261E",
    field="#7F8896",
    bg="#FFFFFF",
    side="#F7F8FA",
    sunken="#F0F2F5",
    raised="#FFFFFF",
    line="#E5E8EC",
    line2="#D3D8DF",
    sel="#E6ECFC",
    hover="#EEF1F5",
    accent_fill="#3457D5",
    on_accent="#FFFFFF",
    disabled="#9AA2AE",
    density="#7F8A9B",
    add_bg="#EBF7F0",
    rem_bg="#FCF0EE",
    chg_bg="#FCF6E6",
    fail_bg="#FDEBE9",
    hues=("#2965DB", "#874806", "#07624C", "#6B2FA3", "#C23379", "#1A86AE", "#82870B", "#A07A60"),
)

DARK = Theme(
    is_dark=True,
    text="#E6E9EF",
    text2="#B4BBC7",
    text3="#949DAC",
    accent="#93A9FF",
    add="#63CB95",
    rem="#F28B82",
    chg="#E5B454",
    fail="#FF8A80",
    field="#6F7888",
    bg="#17191E",
    side="#1C1F25",
    sunken="#121419",
    raised="#23272F",
    line="#2A2E37",
    line2="#3A404B",
    sel="#26304F",
    hover="#22262E",
    accent_fill="#4562D8",
    on_accent="#FFFFFF",
    disabled="#646C7A",
    density="#7C8797",
    add_bg="#18251E",
    rem_bg="#2C1D1E",
    chg_bg="#28231A",
    fail_bg="#351D1E",
    hues=("#72A7FB", "#E98014", "#39C584", "#A867FB", "#F362AB", "#59CAE5", "#D2D265", "#CDC4BA"),
)


def high_contrast(theme: Theme) -> Theme:
    """The theme for a system that asks for more contrast: strong lines, no tints, two tones of text."""
    flat = replace(theme, add_bg=theme.bg, rem_bg=theme.bg, chg_bg=theme.bg, fail_bg=theme.bg)
    return replace(flat, line=theme.field, line2=theme.field, text2=theme.text, text3=theme.text)


def palette_of(theme: Theme) -> QPalette:
    """What widgets without a rule in the style sheet are painted with."""
    role = QPalette.ColorRole
    palette = QPalette()
    for name, token in (
        (role.Window, theme.side),
        (role.WindowText, theme.text),
        (role.Base, theme.bg),
        (role.AlternateBase, theme.side),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.text3),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.on_accent),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.sel),
        (role.HighlightedText, theme.text),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Mid, theme.line2),
        (role.Dark, theme.line2),
        (role.Light, theme.raised),
        (role.Shadow, theme.line2),
        (role.Accent, theme.accent_fill),
    ):
        palette.setColor(name, QColor(token))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.disabled))
    return palette
