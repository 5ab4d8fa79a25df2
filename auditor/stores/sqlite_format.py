"""What every SQLite file begins with (sqlite.org/fileformat2.html, section 1.3)."""

from typing import Final

MAGIC: Final = b"SQLite format 3\0"

SMALLEST_DATABASE: Final = 512
"""In bytes: one page. SQLite takes a shorter file for an empty database, and would write over it."""
