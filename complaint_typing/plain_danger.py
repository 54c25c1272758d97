"""Texts that say plainly that a life is in danger: reported whatever a model makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .signal_cues import cue_text, cue_texts, danger_cues

SIGNAL = "safety"


def tells_danger(text: str) -> bool:
    """Whether a text holds one of the ``danger_cues``.

    >>> tells_danger("再不處理我就從頂樓跳下去"), tells_danger("跳楼价")
    (True, False)
    """
    read = cue_text(text)
    return any(cue.found_in(read) for cue in danger_cues())


def in_danger(texts: Sequence[str], held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which texts tell danger.

    Parameters
    ----------
    texts : sequence of str of length n_texts
    held : ndarray of bool of shape (n_texts, n_cues)
        Which of the ``danger_cues`` each may hold.

    Returns
    -------
    ndarray of bool of shape (n_texts,)

    >>> in_danger(["我不想活了", "我不想活了"], np.eye(2, len(danger_cues()), dtype=bool)).tolist()
    [True, False]
    """
    found = np.zeros(len(texts), dtype=bool)
    rows = np.flatnonzero(held.any(axis=1))
    read = cue_texts([texts[row] for row in rows.tolist()])
    for row, text in zip(rows.tolist(), read, strict=True):
        found[row] = any(
            cue.found_in(text) for cue, there in zip(danger_cues(), held[row], strict=True) if there
        )
    return found
