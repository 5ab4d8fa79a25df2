"""`python -m auditor` and the console script."""

from auditor.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    raise SystemExit(main())
