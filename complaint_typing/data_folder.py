"""Where the data that ships lies: installed beside the code, else in `data/` beside the clone."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
ROOTS = (_HERE / "data", _HERE.parent / "data")


def packaged(name: str = "") -> Path | None:
    """Path of a packaged file or folder; none where it is not there.

    >>> packaged("taxonomy.csv").name, packaged("no_such_file.csv")
    ('taxonomy.csv', None)
    """
    for root in ROOTS:
        if (root / "taxonomy.csv").is_file() and (root / name).exists():
            return root / name
    return None
