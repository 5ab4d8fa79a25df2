"""Renews the exact versions in pyproject.toml: `python packaging/pins.py UV`, where UV is the program.

Constraints hold for every Python and system that the project runs on, and carry no address, as a lock file would.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
_PINS = re.compile(r"(?m)^constraint-dependencies = \[[^\]]*\]$")


def resolved(uv: str) -> list[str]:
    """The newest versions that fit together, one `name==version ; marker` each; the present pins do not count."""
    command = [uv, "pip", "compile", "--quiet", "--universal", "--no-config", "--no-header", "--no-annotate"]
    command += ["--python-version", "3.11", "--group", "dev", PYPROJECT.name]
    answer = subprocess.run(command, cwd=PYPROJECT.parent, check=True, capture_output=True, text=True)  # noqa: S603
    return [line.strip() for line in answer.stdout.splitlines() if line.strip()]


def main(uv: str) -> None:
    pins = "".join(f"    {json.dumps(pin)},\n" for pin in resolved(uv))
    before = PYPROJECT.read_text()
    after = _PINS.sub(lambda _: f"constraint-dependencies = [\n{pins}]", before)
    PYPROJECT.write_text(after)
    sys.stdout.write("The pins are as they were.\n" if after == before else f"New pins:\n{pins}")


if __name__ == "__main__":
    main(sys.argv[1])
