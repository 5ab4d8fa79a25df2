"""An event's facts as Qt's views want them. Members of a value are made when it is opened."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.clock import Clock
from auditor.gui.event.fact import MOST_MEMBERS, Fact, members
from auditor.gui.event.facts import spoken
from auditor.gui.parts.plain_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
LONGEST_TIP = 600
MOST_ROWS = 5 * MOST_MEMBERS  # below one: beyond that, what comes in at one end goes out at the other


class _Node:
    __slots__ = ("children", "depth", "fact", "first", "last", "number", "parent", "place")

    def __init__(self, fact: Fact, parent: "_Node | None", place: int, number: int, depth: int) -> None:
        self.fact = fact
        self.parent = parent
        self.place = place
        self.number = number
        self.depth = depth
        self.first, self.last = 0, MOST_MEMBERS
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

    def find(self, identity: str) -> QModelIndex:
        """The row of that identity; of a field that is not there yet, the way to it is made. Where there is none, the
        nearest above; invalid without any."""
        node = self._top(identity)
        while node is not None and node.fact.identity != identity:
            inner = self._towards(node, identity)
            if inner is None:
                break
            node = inner
        return QModelIndex() if node is None else self.createIndex(node.place, 0, node.number)

    def show_more(self, index: Index) -> bool:
        """What the row stands for: members that are not shown. False for one that stands for something else."""
        node = self._nodes.get(index.internalId()) if index.isValid() else None
        if node is None or node.parent is None or node.parent.fact.kind != "field":
            return False
        owner = node.parent
        if node.fact.key.startswith("before:"):
            first = max(0, owner.first - MOST_MEMBERS)
            self._set_window(owner, first, min(owner.last, first + MOST_ROWS))
        else:
            last = owner.last + MOST_MEMBERS
            self._set_window(owner, max(owner.first, last - MOST_ROWS), last)
        return True

    def _top(self, identity: str) -> "_Node | None":
        """The row at the top level that is meant or stands above it; among several the one that is nearest."""
        found = None
        for node in self._root.children or ():
            own = node.fact.identity
            if own == identity:
                return node
            is_above = node.fact.kind == "field" and own and identity.startswith(f"{own}/")
            if is_above and node.fact.has_members:
                found = node
            elif node.fact.below and _stands_below(node.fact, identity):
                return node
        return found

    def _towards(self, node: _Node, identity: str) -> "_Node | None":
        if node.fact.below:
            children = self._children_of(node)
            return next((one for one in children if _stands_below(one.fact, identity)), None)
        if not node.fact.has_members:
            return None
        part = identity[len(node.fact.pointer) + 1 :].partition("/")[0]
        at = _place_of(node.fact.value, part.replace("~1", "/").replace("~0", "~"))
        if at is None:
            return None
        if not node.first <= at < node.last:
            first = at - at % MOST_MEMBERS
            self._set_window(node, first, first + MOST_MEMBERS)
        wanted = f"{node.fact.pointer}/{part}"
        return next((one for one in self._children_of(node) if one.fact.pointer == wanted), None)

    def _set_window(self, node: _Node, first: int, last: int) -> None:
        parent = self.createIndex(node.place, 0, node.number)
        if node.children:
            self.beginRemoveRows(parent, 0, len(node.children) - 1)
            self._forget_below(node)
            node.children = []
            self.endRemoveRows()
        node.first, node.last = first, last
        rows = members(node.fact, first, last)
        self.beginInsertRows(parent, 0, len(rows) - 1)
        node.children = self._made(node, rows)
        self.endInsertRows()

    def _forget_below(self, node: _Node) -> None:
        pending = list(node.children or ())
        while pending:
            one = pending.pop()
            del self._nodes[one.number]
            pending.extend(one.children or ())

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
            value = " ".join(one.text for one in fact.pieces()) if fact.kind in ("field", "changed") else ""
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
        if fact.change is not None:
            return "\n".join([display(fact.pointer), " ".join(one.text for one in fact.pieces())])
        if fact.kind != "field" or fact.has_members:
            return display(fact.name) if fact.kind == "note" else ""
        if fact.pointer == "/timestamp":
            return f"{self._clock.full(fact.value)}\n{self._clock.other_zone(fact.value)}"
        exact = fact.value[:LONGEST_TIP] if isinstance(fact.value, str) else fact.exact()
        more = "…" if isinstance(fact.value, str) and len(fact.value) > LONGEST_TIP else ""
        return f"{display(fact.pointer)}\n{display(exact, longest=LONGEST_TIP)}{more}"

    def _children(self, index: Index) -> list[_Node]:
        node = self._nodes.get(index.internalId()) if index.isValid() else self._root
        return [] if node is None else self._children_of(node)

    def _children_of(self, node: _Node) -> list[_Node]:
        if node.children is None:
            node.children = self._made(node, members(node.fact, node.first, node.last))
        return node.children

    def _made(self, parent: _Node, facts: Sequence[Fact]) -> list[_Node]:
        made = [
            _Node(fact, parent, place, next(self._numbers), parent.depth + 1)
            for place, fact in enumerate(facts)
        ]
        self._nodes.update((node.number, node) for node in made)
        return made


def _stands_below(fact: Fact, identity: str) -> bool:
    return fact.identity == identity or any(_stands_below(one, identity) for one in fact.below)


def _place_of(value: Any, name: str) -> int | None:
    """Which one of the members has that name."""
    if isinstance(value, list):
        return int(name) if name.isascii() and name.isdigit() and int(name) < len(value) else None
    return next((at for at, key in enumerate(value) if key == name), None)
