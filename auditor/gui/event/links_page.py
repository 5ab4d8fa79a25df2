"""A page: all that caused the event and all that it caused, as a tree."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from auditor.core.text import tr
from auditor.gui.desk import Desk
from auditor.gui.event.fact import Fact
from auditor.gui.event.fact_view import FactView
from auditor.gui.event.link_facts import CORRELATED, tree_facts
from auditor.gui.event.link_tree import LinkTree
from auditor.gui.panel_states import PanelStates
from auditor.tasks.runner import Lane

if TYPE_CHECKING:
    from auditor.gui.event.reading import ReadEvent
    from auditor.jobs.show_links import LinksResult, ShowLinksRequest

LINKS = Lane("event links")


class LinksPage(QWidget):
    """Asks only while it is seen. `view` tells which event is to be followed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._read: ReadEvent | None = None
        self._asked: tuple[str, int | None] | None = (
            None  # of which event, and up to where the store was read
        )
        self.tree: LinkTree | None = None
        self.setObjectName("event.links-page")
        self.setProperty("surface", "content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = FactView(desk, "event.links", tr("Causes and effects"))
        self.states = PanelStates(self.view, "event.links", desk.appearance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.states)
        self.view.more_wanted.connect(self._on_more_wanted)
        desk.clock.changed.connect(self._show)

    def tell(self, read: "ReadEvent") -> None:
        """The event whose causes and effects are wanted."""
        self._read = read
        if self.isVisible():
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    @property
    def facts(self) -> list[Fact]:
        return [] if self.tree is None else tree_facts(self.tree)

    def _request(self, event_id: str, after: int | None, correlated_after: int | None) -> "ShowLinksRequest":
        from auditor.jobs.show_links import ShowLinksRequest

        return ShowLinksRequest(
            origin=self._desk.store.origin,
            event_id=event_id,
            after=after,
            correlated_after=correlated_after,
        )

    def _ask(self) -> None:
        read = self._read
        wanted = None if read is None else (read.result.event.event_id_text, read.result.head)
        if read is None or wanted == self._asked:
            return
        from auditor.jobs import show_links

        self._asked = wanted
        if self.tree is None or self.states.state != "content":
            self.states.show_loading(tr("Looking for causes and effects"), self._cancel)
        self._desk.store.ask(
            LINKS,
            show_links.run,
            self._request(read.result.event.event_id_text, None, None),
            done=self._on_answer,
            failed=self._on_failed,
            cancelled=self._on_cancelled,
        )

    def _cancel(self) -> None:
        self._desk.store.stop(LINKS)

    def _on_answer(self, result: "LinksResult") -> None:
        self.tree = LinkTree(result)
        self._show()

    def _on_failed(self, error: Exception) -> None:
        self.tree = None
        self.states.show_error(error, (tr("Try again"), self._ask_again))

    def _on_cancelled(self) -> None:
        self.tree = None
        self.states.show_cancelled(
            tr("Cancelled"),
            tr("Causes and effects were not looked for to the end."),
            (tr("Go on"), self._ask_again),
        )

    def _ask_again(self) -> None:
        self._asked = None
        self._ask()

    def _show(self) -> None:
        if self.tree is None:
            return
        facts = self.facts
        self._desk.event_types.see(sorted({one.link.event_type for one in facts if one.link is not None}))
        self.view.take(facts)
        if self.view.current_fact() is None:
            self.view.reveal(f"link:{self.tree.result.event.event_id}")
        self.states.show_content()

    # -- what was left out -----------------------------------------------------------------------------------------

    def _on_more_wanted(self, key: str) -> None:
        tree = self.tree
        if tree is None:
            return
        from auditor.jobs import show_links

        if key == CORRELATED:
            request = self._request(tree.result.event.event_id, None, tree.correlated[-1].position)
        else:
            branch = tree.branch(key.partition(":")[2])
            if branch is None:
                return
            request = self._request(branch.link.event_id, branch.after, None)
        self._desk.store.ask(
            LINKS,
            show_links.run,
            request,
            done=partial(self._on_more, tree, key),
            failed=self._on_failed,
        )

    def _on_more(self, tree: LinkTree, key: str, further: "LinksResult") -> None:
        if tree is not self.tree:
            return
        if key == CORRELATED:
            tree.add_correlated(further)
        else:
            tree.add_effects(further)
        self._show()
