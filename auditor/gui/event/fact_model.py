"""An event's facts as Qt's views want them. Members of a value are made when it is opened."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.event.facts import Fact, members, spoken
from auditor.gui.parts.plain_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
LONGEST_TIP = 600


class _Node:
    __slots__ = ("children", "depth", "fact", "number", "parent", "place")

    def __init__(self, fact: Fact, parent: "_Node | None", place: int, number: int, depth: int) -> None:
        self.fact = fact
        self.parent = parent
        self.place = place
        self.number = number
        self.depth = depth
        self.children: list[_Node] | None = None


class FactTree(QAbstractItemModel):
    """Two columns: name and value. One event after the other takes its place."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._numbers = count(1)
        self._nodes: dict[int, _Node] = {}
        self._root = _Node(Fact("group"), None, 0, 0, -1)
        self._root.children = []

    def set_facts(self, facts: Sequence[Fact]) -> None:
        self.beginResetModel()
        self._nodes.clear()
        self._root.children = self._made(self._root, facts)
        self.endResetModel()

    def fact(self, index: Index) -> Fact | None:
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        return None if node is None else node.fact

    def depth(self, index: Index) -> int:
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        return 0 if node is None else node.depth

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self._children(parent)
        if not 0 <= row < len(children) or not 0 <= column < 2:
            return QModelIndex()
        return self.createIndex(row, column, children[row].number)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override] # noqa: B008 # QObject's
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None or node.parent is None or node.parent is self._root:
            return QModelIndex()
        return self.createIndex(node.parent.place, 0, node.parent.number)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self._children(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 2

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if not parent.isValid():
            return bool(self._root.children)
        node = self._nodes.get(parent.internalId())
        return parent.column() == 0 and node is not None and node.fact.has_members

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        fact = self.fact(index)
        if fact is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            value = fact.piece().text if fact.kind == "field" else ""
            return (display(fact.name), value)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(fact, self._clock)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(fact))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Field"), tr("Value"))[section]
        return None

    def _tip(self, fact: Fact) -> str:
        if fact.kind == "link" and fact.link is not None:
            link = fact.link
            return "\n".join(
                (
                    display(f"{link.event_type} {link.version}"),
                    display(f"{link.aggregate_type} {link.aggregate_id}"),
                    self._clock.full(link.timestamp),
                    self._clock.other_zone(link.timestamp),
                )
            )
        if fact.kind != "field" or fact.has_members:
            return display(fact.name) if fact.kind == "note" else ""
        if fact.pointer == "/timestamp":
            return f"{self._clock.full(fact.value)}\n{self._clock.other_zone(fact.value)}"
        return f"{display(fact.pointer)}\n{display(fact.exact(), longest=LONGEST_TIP)}"

    def _children(self, index: Index) -> list[_Node]:
        node = self._nodes.get(index.internalId()) if index.isValid() else self._root
        if node is None:
            return []
        if node.children is None:
            node.children = self._made(node, members(node.fact))
        return node.children

    def _made(self, parent: _Node, facts: Sequence[Fact]) -> list[_Node]:
        made = [
            _Node(fact, parent, place, next(self._numbers), parent.depth + 1)
            for place, fact in enumerate(facts)
        ]
        self._nodes.update((node.number, node) for node in made)
        return made
