"""Sizes in logical pixels: type, rows and icons grow together with the chosen text size."""

from dataclasses import dataclass

TEXT_SIZES = (11, 12, 13, 15, 17)
USUAL_TEXT_SIZE = 13


@dataclass(frozen=True, slots=True)
class Sizes:
    """All lengths of the design, scaled from their values at text size 13."""

    body: int = USUAL_TEXT_SIZE

    def __call__(self, pixels: float) -> int:
        """A length of the design at this text size."""
        return max(1, round(pixels * self.body / USUAL_TEXT_SIZE))

    @property
    def caption(self) -> int:
        return self(11)

    @property
    def small(self) -> int:
        return self(12)

    @property
    def title(self) -> int:
        return self(15)

    @property
    def page(self) -> int:
        return self(20)

    @property
    def row(self) -> int:
        return self(24)

    @property
    def icon(self) -> int:
        return self(16)
