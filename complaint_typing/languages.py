"""Which language a ticket is in, and so in which one its advice is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .chinese_script import leaning, leaning_of_one
from .folding import FoldedBlock, fold_texts
from .spoken import CHINESE, ENGLISH, TRADITIONAL
from .taxonomy import spoken_language

_FIRST_CJK, _LAST_CJK = 0x2E80, 0xD7FF
_FIRST, _LAST = np.uint32(_FIRST_CJK), np.uint32(_LAST_CJK)
_ONE_IN = 10
_STATED = {"zh-Hans": CHINESE, "zh-Hant": TRADITIONAL, "en": ENGLISH}


def ticket_languages(
    texts: Sequence[str], block: FoldedBlock, stated: Sequence[str], lang: str | None = None
) -> list[str]:
    """``zh``, ``zh-Hant`` or ``en`` for each ticket.

    A tenth of Chinese characters makes a text Chinese; which script it is in,
    :func:`~complaint_typing.chinese_script.leaning` tells.

    Parameters
    ----------
    texts : sequence of str of length n_tickets
    block : FoldedBlock
        The same texts, folded.
    stated : sequence of str of length n_tickets
        The column ``language``; empty where it has to be detected.
    lang : str, optional
        One language for all.

    Raises
    ------
    BadOption
        When there are no texts in `lang`.

    >>> from complaint_typing.folding import fold_texts
    >>> texts = ["退款还没到", "退款還沒到", "where is it"]
    >>> ticket_languages(texts, fold_texts(texts), ["", "", ""])
    ['zh', 'zh-Hant', 'en']
    """
    if lang is not None:
        return [spoken_language(lang)] * len(stated)
    cjk = (block.padded >= _FIRST_CJK) & (block.padded <= _LAST_CJK)
    chinese = np.diff(np.searchsorted(cjk.nonzero()[0], block.bounds))
    characters = np.maximum(np.diff(block.bounds) - 1, 1)
    found = np.where(_ONE_IN * chinese >= characters, CHINESE, ENGLISH).astype(object)
    if (found == CHINESE).any():
        found[(found == CHINESE) & (leaning(texts) > 0)] = TRADITIONAL
    languages = found.tolist()
    if any(stated):
        languages = [_STATED.get(said, own) for said, own in zip(stated, languages, strict=True)]
    return languages  # type: ignore[no-any-return]


def language_of(text: str) -> str:
    """``zh`` or ``en`` for words that nothing else is known of.

    >>> language_of("VIP 客户请先致歉"), language_of("call the customer 王 back today")
    ('zh', 'en')
    """
    return ENGLISH if language_of_one(text, fold_texts([text]), "") == ENGLISH else CHINESE


def language_of_one(text: str, block: FoldedBlock, stated: str, lang: str | None = None) -> str:
    """:func:`ticket_languages` of one ticket.

    >>> from complaint_typing.folding import fold_texts
    >>> language_of_one("退款還沒到", fold_texts(["退款還沒到"]), "")
    'zh-Hant'
    """
    if lang is not None:
        return spoken_language(lang)
    if stated in _STATED:
        return _STATED[stated]
    if block.text.isascii():
        return ENGLISH
    chinese = np.count_nonzero(block.padded - _FIRST <= _LAST - _FIRST)  # below the first it wraps around
    if _ONE_IN * chinese < max(len(block.padded) - 2, 1):
        return ENGLISH
    return TRADITIONAL if leaning_of_one(text) > 0 else CHINESE
