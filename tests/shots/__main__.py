"""Takes every picture, or those whose names are given, and puts them on contact sheets."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

SCHEMES = ("light", "dark")
SIZES = ((1280, 800), (2560, 1440))


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev shots", description=__doc__)
    parser.add_argument("scenes", nargs="*", help="names of scenes; all by default")
    parser.add_argument("--to", type=Path, default=Path("build/shots"), help="the folder (%(default)s)")
    parser.add_argument("--scheme", choices=SCHEMES, help="only this one")
    parser.add_argument("--size", type=_size, help="only this one, as 1280x800; any size may be given")
    parser.add_argument(
        "--pages", action="store_true", help="renew the pictures in the README and the guide, and no others"
    )
    asked = parser.parse_args()
    sizes = (asked.size,) if asked.size else SIZES
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["AUDITOR_HOME"] = str(Path(folder, "home"))
        # Not before: Qt and the program's folders are as the environment says when they are first asked.
        from tests.shots.taking import take

        stage = Path(folder, "stage")
        stage.mkdir()
        if asked.pages:
            from tests.shots import pages
            from tests.shots.stage import Stage

            stores = Stage(stage)
            pages.take_for_readme(stores, Path("docs/pictures"))
            pages.take_for_guide(stores, Path("resources/help/pictures"))
            return
        asked.to.mkdir(parents=True, exist_ok=True)
        missed = 0
        for scheme in (asked.scheme,) if asked.scheme else SCHEMES:
            for size in sizes:
                missed += take(asked.to.absolute(), stage, scheme, size, asked.scenes)
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
