"""Finds the data that ships with the package: installed beside the code, else `data/` beside the clone."""

from __future__ import annotations

from pathlib import Path

from .errors import DataNotFound

_HERE = Path(__file__).resolve().parent
_ROOTS = (_HERE / "data", _HERE.parent / "data")


def data_path(name: str = "") -> Path:
    """Path of a packaged file or folder.

    Parameters
    ----------
    name : str
        Relative to the data folder, for example ``"policy.csv"`` or ``"model"``; empty for the folder itself.

    Raises
    ------
    DataNotFound
        When no data folder has it.

    >>> data_path("taxonomy.csv").name
    'taxonomy.csv'
    >>> data_path("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.DataNotFound: packaged data 'no_such_file.csv' not found in ...
    """
    for root in _ROOTS:
        if (root / "taxonomy.csv").is_file() and (root / name).exists():
            return root / name
    raise DataNotFound(name, _ROOTS)
