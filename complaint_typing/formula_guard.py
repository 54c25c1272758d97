"""Keeps text cells from starting a formula when a spreadsheet opens the file; undone exactly on reading."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLANKS = "\x00-\x20\x7f\x85\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
_QUOTES = "\"'`´‘’‚“”„‹›«»「」『』＂＇"
_STARTERS = "=+\\-@＝＋－＠﹦﹢﹣﹫\t\r\n\0"
_DANGEROUS = re.compile(f"[{_BLANKS}{_QUOTES}]*[{_STARTERS}]")
_NUMBER = re.compile(r" *[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:[eE][+-]?\d{1,3})?%? *", re.ASCII)
_PHONE = re.compile(r" *\+?(?:\(\d{1,4}\)|\d{1,12})(?:[ -]?(?:\(\d{1,4}\)|\d{1,12})){0,7} *", re.ASCII)
_FEWEST_PHONE_DIGITS, _LONGEST_NUMBER = 7, 40
_WATCHED = re.compile(rf"[{_BLANKS}{_QUOTES}{_STARTERS}]")
_FIRST = frozenset(chr(c) for c in range(0x10000) if _WATCHED.match(chr(c)))


def _is_number(cell: str) -> bool:
    """Whether a cell is a plain number or a phone number, which may start with a sign."""
    if len(cell) > _LONGEST_NUMBER:
        return False
    if _NUMBER.fullmatch(cell):
        return True
    digits = sum(c.isdigit() for c in cell)
    return digits >= _FEWEST_PHONE_DIGITS and _PHONE.fullmatch(cell) is not None


def guard(cell: str) -> str:
    """Put an apostrophe before a cell that would start a formula, or that starts with an apostrophe.

    A formula starts with ``=``, ``+``, ``-`` or ``@``, also in full width and after blanks or quote marks,
    or with TAB, CR, LF or NUL (source: OWASP, "CSV Injection"). Plain numbers and phone numbers are exempt.

    >>> [guard(c) for c in ("=1+1", " ＝A1", "'quoted'", "-3.5", "+86 138-0013-8000", "退款")]
    ["'=1+1", "' ＝A1", "''quoted'", '-3.5', '+86 138-0013-8000', '退款']
    """
    if cell[:1] not in _FIRST:
        return cell
    if cell.startswith("'") or (_DANGEROUS.match(cell) and not _is_number(cell)):
        return "'" + cell
    return cell


def unguard(cell: str) -> str:
    """Undo :func:`guard`.

    >>> unguard(guard("=1+1")), unguard(guard("'a")), unguard("-3.5")
    ('=1+1', "'a", '-3.5')
    """
    return cell[1:] if cell.startswith("'") else cell


def unguard_exact(row: Sequence[str]) -> list[str]:
    """Undo the guard only where it would be put on again, so that an unguarded file stays as it is.

    >>> unguard_exact(["'=1+1", "''tis", "'tis", "-3"])
    ['=1+1', "'tis", "'tis", '-3']
    """
    return [cell[1:] if cell[:1] == "'" and guard(cell[1:]) == cell else cell for cell in row]


def guard_row(row: Sequence[str]) -> list[str]:
    """:func:`guard` of every cell of a row.

    >>> guard_row(["1", "@me"])
    ['1', "'@me"]
    """
    return [guard(cell) if cell[:1] in _FIRST else cell for cell in row]


def unguard_row(row: Sequence[str]) -> list[str]:
    """:func:`unguard` of every cell of a row.

    >>> unguard_row(["1", "'@me"])
    ['1', '@me']
    """
    return [cell[1:] if cell[:1] == "'" else cell for cell in row]
