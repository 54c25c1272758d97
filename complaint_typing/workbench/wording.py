"""Texts of the wing in Chinese, English or both, and cells as Markdown has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ..masking import mask
from ..spoken import one_of
from ..taxonomy import Taxonomy, checked_language, read_taxonomy

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def spoken(zh: str, en: str, lang: str | None = None) -> str:
    """A text in `lang` ("zh" or "en"), or in both.

    >>> spoken("类型", "type"), spoken("类型", "type", "en")
    ('类型 / type', 'type')
    """
    if lang is None:
        return f"{zh} / {en}" if zh != en else zh
    return one_of(checked_language(lang), zh, en)


def term_name(taxonomy: Taxonomy, id: str, lang: str | None) -> str:
    """Name of a term of the taxonomy; the id itself where the taxonomy does not know it.

    >>> term_name(read_taxonomy(), "venting", None), term_name(read_taxonomy(), "new_type", "zh")
    ('情绪宣泄型 / Venting', 'new_type')
    """
    return spoken(taxonomy.name_or_id(id, "zh"), taxonomy.name_or_id(id, "en"), lang)


def type_names(types: Iterable[str], lang: str) -> dict[str, str]:
    """Names of types for people; a type of one's own is called by its id.

    >>> type_names(["venting", "my_type"], "en")
    {'venting': 'Venting', 'my_type': 'my_type'}
    """
    taxonomy = read_taxonomy()
    return {name: term_name(taxonomy, name, lang) for name in types}


def one_line(text: str) -> str:
    """A text masked and without line breaks or control characters.

    >>> one_line("Leeds\\n\\x1b[1m138-0013-8000")
    'Leeds  [1m[phone …00]'
    """
    return mask("".join(c if c.isprintable() else " " for c in text)).strip()


def labels_of(names: Iterable[str], longest: int | None = None) -> dict[str, str]:
    """A label for each name, masked and short; names that would look alike are numbered.

    >>> labels_of(["Customer care, desk A", "Customer care, desk B", "138-0013-8000", "138-0014-7000"], 16)
    {'Customer care, desk A': 'Customer c…esk A', 'Customer care, desk B': 'Customer c…esk B', ...}
    >>> list(labels_of(["138-0013-8000", "138-0014-7000"]).values())
    ['[phone …00]', '[phone …00] #2']
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    for name in dict.fromkeys(names):
        label = short = _shortened(one_line(name), longest)
        while label in taken:
            numbers[short] += 1
            label = f"{short} #{numbers[short] + 1}"
        found[name] = label
        taken.add(label)
    return found


def _shortened(label: str, longest: int | None) -> str:
    """Without its middle, since long names of places often differ at their end."""
    if longest is None or len(label) <= longest:
        return label
    tail = longest // 3
    return f"{label[: longest - tail - 1].rstrip()}…{label[-tail:].lstrip()}"


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "ticket", "tickets"), counted(1200, "ticket", "tickets")
    ('1 ticket', '1200 tickets')
    """
    return f"{n} {one if n == 1 else many}"


def markdown(text: str) -> str:
    """A text as one cell of a Markdown table: one line, masked, its own signs escaped.

    >>> markdown("a|b\\n# <i>")
    'a\\\\|b \\\\# \\\\<i\\\\>'
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def markdown_table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; its cells are ready-made.

    >>> print(markdown_table(["n", "m"], [["1", ""]]))
    | n | m |
    |---|---|
    | 1 |  |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("|" + "|".join(c if c == "---" else f" {c} " for c in line) + "|" for line in lines)
