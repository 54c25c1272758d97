"""Finds the data that ships with the package."""

from __future__ import annotations

from pathlib import Path

from .data_folder import ROOTS, packaged
from .errors import DataNotFound


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
    found = packaged(name)
    if found is None:
        raise DataNotFound(name, ROOTS)
    return found
