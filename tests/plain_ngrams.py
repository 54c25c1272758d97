"""The n-grams of a text by a plain loop."""

from __future__ import annotations

SALTS = (0, 0x165667B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)


def plain_hash(gram: str, salt: int) -> int:
    h = 0
    for character in gram:
        h = (h * 0x9E3779B1 + ord(character)) % 2**32
    h = (h + SALTS[len(gram)] + salt) % 2**32
    h = (h ^ (h >> 16)) * 0x85EBCA6B % 2**32
    h = (h ^ (h >> 13)) * 0xC2B2AE35 % 2**32
    return h ^ (h >> 16)


def plain_ngrams(text: str, salt: int) -> list[tuple[int, int, int]]:
    """Start, length and hash of each n-gram; a start of -1 is the blank before the text."""
    padded = f" {text} "
    places = [(i, n) for n in (1, 2, 3, 4) for i in range(len(text) + 1) if i + n <= len(padded)]
    return sorted((i - 1, n, plain_hash(padded[i : i + n], salt)) for i, n in places)
