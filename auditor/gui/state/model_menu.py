"""Choosing what folds the aggregate that is shown."""

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from auditor.core.errors import AuditorError
from auditor.core.presenter import display
from auditor.core.text import tr
from auditor.gui.desk import Desk

MERGE = "merge"


def show_model_menu(desk: Desk, under: QWidget) -> None:
    """The models that can be used for the aggregate's type, at that widget's right end; the chosen one is checked."""
    history = desk.cursor.history
    if history is None:
        return
    aggregate_type = history.aggregate.aggregate_type
    try:
        names = desk.store.session.models_for(aggregate_type)
    except AuditorError as error:
        desk.tasks.say(error.message)
        return
    usual = names[0]
    menu = QMenu(under)
    menu.setObjectName("state.models")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for name in names:
        text = tr("Generic merge, an approximation") if name == MERGE else display(name)
        if name == usual:
            text = tr("{name} (usual)", name=text)
        action = menu.addAction(text, partial(desk.cursor.set_model, None if name == usual else name))
        action.setCheckable(True)
        action.setChecked(name == (desk.cursor.model or usual))
    menu.popup(under.mapToGlobal(QPoint(under.width() - menu.sizeHint().width(), under.height())))
