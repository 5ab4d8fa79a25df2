"""What the demo leaves where there is no display: the window as it would look."""

from pathlib import Path

from auditor.gui.cursor import Place
from auditor.gui.photographer import Photographer

SIZE = (1440, 900)


def take_pictures(store: Path, folder: Path, aggregate_id: str, version: int) -> list[Path]:
    """History at that version in light and in dark, and the projections. Raises: AuditorError."""
    photographer = Photographer(folder)
    for scheme in ("light", "dark"):
        window = photographer.window(scheme, SIZE, store)
        desk, views = window.desk, window.views
        assert views is not None  # noqa: S101 - there since the store is open
        desk.cursor.go_to(Place(aggregate_id, None))
        photographer.until_folded(window)
        history = desk.cursor.history
        ordinal = history.ordinal_of_version(version) if history is not None else None
        desk.cursor.set_ordinal(ordinal or 1)
        photographer.until_idle(window)
        photographer.take(window, f"history-{scheme}")
        if scheme == "light":
            views.show_projections()
            photographer.until_idle(window)
            photographer.take(window, "projections-light")
        photographer.done_with(window)
    return photographer.taken
