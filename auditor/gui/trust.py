"""Asks for trust in a workspace's code: once when a store was opened, and when the user wants to review it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from auditor.core.errors import AuditorError
from auditor.core.text import tr
from auditor.gui.action_table import ActionId
from auditor.gui.desk import Desk
from auditor.gui.dialogs.message import MessageDialog
from auditor.gui.dialogs.trust import TrustDialog
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.jobs.review_code import CodeReview
    from auditor.jobs.trust_code import TrustCodeResult

REVIEWING = Lane("review code")
TRUSTING = Lane("trust code")


class TrustAsked(QObject):
    """States are folded anew after an answer; `changed` tells panels that show other code's results."""

    changed = Signal()
    reviewed = Signal()
    """What code an opened store names is known."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self.is_trusted: bool | None = None
        """None where the store's workspace names no code, or before that is known."""
        desk.actions.on(ActionId.REVIEW_CODE, self.review, enabled=False)
        desk.store.opened.connect(self._on_opened)
        desk.store.closed.connect(self._on_closed)
        self._on_closed()

    def review(self) -> None:
        """Shows what the code is and whether it may run."""
        self._ask(by_user=True)

    def _on_opened(self) -> None:
        self._desk.actions.enable(ActionId.REVIEW_CODE, True)
        self._ask(by_user=False)

    def _on_closed(self) -> None:
        self.is_trusted = None
        self._desk.actions.enable(ActionId.REVIEW_CODE, False, tr("No store is open."))

    def _ask(self, *, by_user: bool) -> None:
        from auditor.jobs import review_code

        def failed(error: Exception) -> None:
            if by_user and isinstance(error, AuditorError):
                self._tell(error.message, error.hint)

        self._desk.store.ask(
            REVIEWING,
            review_code.run,
            review_code.ReviewCodeRequest(origin=self._desk.store.origin),
            done=lambda review: self._on_reviewed(review, by_user=by_user),
            failed=failed,
        )

    def _on_reviewed(self, review: "CodeReview", *, by_user: bool) -> None:
        self._take(review, by_user=by_user)
        self.reviewed.emit()

    def _take(self, review: "CodeReview", *, by_user: bool) -> None:
        if review.question is None:
            reason = tr("The workspace of this store names no code.")
            self._desk.actions.enable(ActionId.REVIEW_CODE, False, reason)
            if by_user:
                self._tell(reason, "")
            return
        self.is_trusted = review.is_trusted
        if review.is_trusted and not by_user:
            return
        dialog = TrustDialog(self._desk, self._window, review, review.question)
        dialog.answered.connect(self._on_answered)
        dialog.open()

    def _on_answered(self, sha256: str | None) -> None:
        from auditor.jobs import trust_code

        self._desk.store.ask(
            TRUSTING,
            trust_code.run,
            trust_code.TrustCodeRequest(origin=self._desk.store.origin, sha256=sha256),
            done=self._on_trusted,
            failed=self._on_not_trusted,
        )

    def _on_trusted(self, result: "TrustCodeResult") -> None:
        self.is_trusted = result.is_trusted
        said = tr("The code is trusted") if result.is_trusted else tr("Going on without the workspace's code")
        self._desk.tasks.say(said)
        self._desk.loader.fold_again()
        self.changed.emit()

    def _on_not_trusted(self, error: Exception) -> None:
        if isinstance(error, AuditorError):
            self._tell(error.message, tr("Review the code again before you decide."))

    def _tell(self, title: str, line: str) -> None:
        MessageDialog(self._desk, self._window, name="dialog.code", title=title, line=line).open()
