"""Writes tickets that ship as an export without labels, to try the workbench on."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import pandas as pd

from ..resources import data_path
from ..tickets import read_frame

COLLECTIONS = ("G1", "G7", "G12")
_HEADERS = {
    "ticket_id": "Ticket ID",
    "customer_id": "Customer ID",
    "created_at": "Created at",
    "text": "Description",
    "channel": "Via",
    "industry": "Category",
    "resolved_at": "Solved at",
    "fault_found": "Upheld",
    "compensation": "Goodwill",
    "satisfaction": "Satisfaction Score",
    "reopened": "Reopened",
}


def write_sample_export(
    path: str | PathLike[str] = "export.csv", collections: Sequence[str] = COLLECTIONS
) -> Path:
    """Collections of the shipped corpus as a help desk would export them.

    Parameters
    ----------
    path : path
        A CSV is written there; the default is in the current folder.
    collections : sequence of str
        ``G1`` to ``G50``, see ``data/training/README.md``. The default holds a thousand invented tickets of
        seven hundred customers, a telecom operator's and several other lines of business, Chinese
        and English.

    Returns
    -------
    Path

    >>> import tempfile
    >>> place = write_sample_export(tempfile.mkdtemp() + "/export.csv", ["G25"])
    >>> len(pd.read_csv(place)), pd.read_csv(place).columns[3]
    (120, 'Description')
    """
    parts = [read_frame(data_path("training") / f"{name}.csv") for name in collections]
    tickets = pd.concat(parts, ignore_index=True)[list(_HEADERS)].rename(columns=_HEADERS)
    place = Path(path)
    tickets.sort_values("Created at", kind="stable").to_csv(place, index=False, encoding="utf-8-sig")
    return place
