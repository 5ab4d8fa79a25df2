"""What the frozen program runs first: gives its children the user's own environment, then becomes the program.

The frozen start-up points a variable at the program's own libraries. This process has read it; a user's interpreter, a
browser or a file manager that is started from here would load the wrong ones.
"""

import os
import sys

from auditor.__main__ import main


def restore_environment() -> None:
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH"):
        before = os.environ.pop(f"{name}_ORIG", None)
        if before is not None:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # a child that is this program starts as from a shell


if __name__ == "__main__":
    restore_environment()
    sys.exit(main())
