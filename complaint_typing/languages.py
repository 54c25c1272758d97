"""Which language a ticket is in, and so in which one its advice is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .folding import FoldedBlock

LANGUAGES = ("zh", "en")
_FIRST_CJK, _LAST_CJK = 0x2E80, 0xD7FF
_ONE_IN = 10
_NAMES = np.array(LANGUAGES[::-1], dtype=object)


def ticket_languages(block: FoldedBlock, stated: Sequence[str], lang: str | None = None) -> list[str]:
    """``zh`` or ``en`` for each ticket.

    Parameters
    ----------
    block : FoldedBlock
        The texts, folded; a tenth of Chinese characters makes a text Chinese.
    stated : sequence of str of length n_tickets
        The column ``language``; empty where it has to be detected.
    lang : str, optional
        One language for all.

    >>> from complaint_typing.folding import fold_texts
    >>> ticket_languages(fold_texts(["退款还没到", "where is it"]), ["", ""])
    ['zh', 'en']
    """
    n = len(stated)
    if lang is not None:
        return [lang] * n
    cjk = (block.padded >= _FIRST_CJK) & (block.padded <= _LAST_CJK)
    before = np.searchsorted(cjk.nonzero()[0], block.bounds)
    chinese = _ONE_IN * (before[1:] - before[:-1]) >= np.maximum(block.bounds[1:] - block.bounds[:-1] - 1, 1)
    found = _NAMES[chinese.astype(np.intp)].tolist()
    if any(stated):
        found = [said[:2] if said[:2] in LANGUAGES else own for said, own in zip(stated, found, strict=True)]
    return found  # type: ignore[no-any-return]
