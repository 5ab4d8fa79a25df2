"""Makes the frozen folder: `python packaging/build.py FOLDER` puts it at FOLDER/auditor, in place of an earlier one."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SPEC = Path(__file__).with_name("auditor.spec")


def build(folder: Path) -> Path:
    """Everything is made anew, so that nothing of an earlier build gets in."""
    with tempfile.TemporaryDirectory(prefix="auditor-build-") as work:
        command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
        command += ["--workpath", work, "--distpath", str(folder.absolute()), str(SPEC)]
        environment = {**os.environ, "PYINSTALLER_CONFIG_DIR": work}
        subprocess.run(command, cwd=SPEC.parent, env=environment, check=True)  # noqa: S603
    return folder / "auditor"


def size(folder: Path) -> int:
    """The bytes of its files; links are counted as nothing."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main(folder: str) -> None:
    started = time.monotonic()
    made = build(Path(folder))
    megabytes, seconds = size(made) / 1e6, time.monotonic() - started
    sys.stdout.write(f"{made}: {megabytes:.0f} MB, built in {seconds:.0f} s\n")


if __name__ == "__main__":
    main(sys.argv[1])
