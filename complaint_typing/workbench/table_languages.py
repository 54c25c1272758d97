"""The language of each ticket of a table."""

from __future__ import annotations

import pandas as pd

from ..folding import fold_texts
from ..languages import ticket_languages
from ..spoken import CHINESE


def languages_of(table: pd.DataFrame) -> list[str]:
    """The language as stated, else ``zh-Hans``, ``zh-Hant`` or ``en`` by script.

    Parameters
    ----------
    table : DataFrame
        With `text`, and `language` ("" where it is not stated) where it is there.

    >>> languages_of(pd.DataFrame({"text": ["退款", "refund", "退款"], "language": ["zh-Hant", "", ""]}))
    ['zh-Hant', 'en', 'zh-Hans']
    """
    texts = table["text"].tolist()
    found = ticket_languages(texts, fold_texts(texts), [""] * len(texts))
    found = ["zh-Hans" if language == CHINESE else language for language in found]
    if "language" not in table:
        return found
    return [stated or own for stated, own in zip(table["language"], found, strict=True)]
