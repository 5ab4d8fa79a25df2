"""Where things stand in the timeline, in logical pixels: the same columns for all of its rows."""

from dataclasses import dataclass

from auditor.gui.text_size import Sizes

SMALL_VIEW, USUAL_VIEW, LARGE_VIEW = 700, 860, 1200


@dataclass(frozen=True, slots=True)
class Measures:
    """Lengths for a text size and a height of the window."""

    sizes: Sizes
    window_height: int = 900

    @property
    def lane(self) -> int:
        for limit, height in ((SMALL_VIEW, 18), (USUAL_VIEW, 20), (LARGE_VIEW, 22)):
            if self.window_height < limit:
                return self.sizes(height)
        return self.sizes(28) if self.window_height > LARGE_VIEW else self.sizes(22)

    @property
    def bar(self) -> int:
        return self.sizes(40)

    @property
    def flags(self) -> int:
        """The strip above the lanes in which flags stand."""
        return self.sizes(20)

    @property
    def axis(self) -> int:
        return self.sizes(34)

    @property
    def foot(self) -> int:
        """Overview and slider."""
        return self.sizes(42)

    @property
    def gutter(self) -> int:
        return self.sizes(196)

    @property
    def right(self) -> int:
        """What stays free right of the plot, for the scroll bar and half a flag."""
        return 20

    @property
    def mark(self) -> int:
        return self.sizes(10)

    @property
    def bar_width(self) -> int:
        return 5

    def plot_width(self, width: int) -> int:
        """Of a row that is so wide."""
        return max(1, width - self.gutter - self.right)
