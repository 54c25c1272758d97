"""Which language a ticket is in, and so in which one its advice is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .folding import FoldedBlock, fold_texts
from .taxonomy import LANGUAGES, checked_language

_FIRST_CJK, _LAST_CJK = 0x2E80, 0xD7FF
_FIRST, _LAST = np.uint32(_FIRST_CJK), np.uint32(_LAST_CJK)
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

    Raises
    ------
    BadOption
        When there are no texts in `lang`.

    >>> from complaint_typing.folding import fold_texts
    >>> ticket_languages(fold_texts(["退款还没到", "where is it"]), ["", ""])
    ['zh', 'en']
    """
    n = len(stated)
    if lang is not None:
        return [checked_language(lang)] * n
    cjk = (block.padded >= _FIRST_CJK) & (block.padded <= _LAST_CJK)
    before = np.searchsorted(cjk.nonzero()[0], block.bounds)
    chinese = _ONE_IN * (before[1:] - before[:-1]) >= np.maximum(block.bounds[1:] - block.bounds[:-1] - 1, 1)
    found = _NAMES[chinese.astype(np.intp)].tolist()
    if any(stated):
        found = [said[:2] if said[:2] in LANGUAGES else own for said, own in zip(stated, found, strict=True)]
    return found  # type: ignore[no-any-return]


def language_of(text: str) -> str:
    """``zh`` or ``en`` for words that nothing else is known of.

    >>> language_of("VIP 客户请先致歉"), language_of("call the customer 王 back today")
    ('zh', 'en')
    """
    return language_of_one(fold_texts([text]), "")


def language_of_one(block: FoldedBlock, stated: str, lang: str | None = None) -> str:
    """:func:`ticket_languages` of one ticket.

    >>> from complaint_typing.folding import fold_texts
    >>> language_of_one(fold_texts(["退款还没到"]), "")
    'zh'
    """
    if lang is not None:
        return checked_language(lang)
    if stated[:2] in LANGUAGES:
        return stated[:2]
    if block.text.isascii():
        return "en"
    cjk = np.count_nonzero(block.padded - _FIRST <= _LAST - _FIRST)  # below the first it wraps around
    return "zh" if _ONE_IN * cjk >= max(len(block.padded) - 2, 1) else "en"
