"""From the start of the interpreter to the first painted window: ours beside a bare PySide6 + pyqtgraph window."""

import os
import subprocess
import sys
import tempfile

_UNTIL_PAINTED = """
import time
from PySide6.QtCore import QEvent, QObject, QTimer
class Painted(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint:
            application.removeEventFilter(self)
            QTimer.singleShot(0, done)
        return False
def done():
    print(time.clock_gettime(time.CLOCK_MONOTONIC), flush=True)
    import os
    os._exit(0)
painted = Painted()
application.installEventFilter(painted)
application.exec()
"""

BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1440, 900)
window.show()
"""

OURS = """
from auditor.gui.app import make_appearance, make_application
from auditor.gui.main_window import MainWindow
from auditor.gui.settings import Settings
application = make_application()
settings = Settings()
window = MainWindow(make_appearance(application, settings), settings)
window.show()
"""


def seconds_to_paint(code: str) -> float:
    """One start in a process of its own, off screen."""
    import time

    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "AUDITOR_HOME": home}
        began = time.clock_gettime(time.CLOCK_MONOTONIC)
        done = subprocess.run(
            [sys.executable, "-c", code + _UNTIL_PAINTED],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    return float(done.stdout.split()[-1]) - began


def best_of_both(rounds: int = 5) -> tuple[float, float]:
    """The shortest start of ours and of the bare window, measured in turns."""
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(seconds_to_paint(BARE))
        ours.append(seconds_to_paint(OURS))
    return min(ours), min(bare)
