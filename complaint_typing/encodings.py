"""Finds out how a file encodes its text, and decodes it without ever inventing a character."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from .common_characters import COMMON, PUNCTUATION
from .errors import BadOption

KEEP_BYTES = "complaint_typing.keep_bytes"
"""Error handler: an undecodable byte b becomes the lone surrogate U+DC00 + b, so that nothing is lost."""
UNDECODABLE = re.compile("[\udc00-\udcff]")
"""Finds what stands for undecodable bytes in a decoded text."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BIG5 = ("cp950", "big5", "big5hkscs")
_CHINESE = ("gb18030", *_BIG5)
_WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "utf-8-sig": "utf-8", "ascii": "utf-8"}
_WESTERN_MARKS = frozenset("’‘“”–—…•€£©®™°·«»¿¡½ºª´\xa0")
_TRUSTED_ERRORS = 0.1
_UTF8_LINES = 0.1
_SCORED = 1 << 16


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(KEEP_BYTES, _keep_bytes)


@dataclass(frozen=True)
class Encoding:
    """How a file encodes its text.

    Parameters
    ----------
    name : str
        Python's name of the codec, without byte order mark.
    how : str
        How that was decided, for people.
    bom : bytes
        The byte order mark at the start of the file, if any.
    """

    name: str
    how: str
    bom: bytes = b""

    def decode(self, data: bytes) -> tuple[str, bool]:
        """The text of whole lines, and whether every byte could be decoded.

        >>> Encoding("utf-8", "given").decode(b"caf\\xe9")
        ('caf\\udce9', False)
        """
        try:
            return data.decode(self.name), True
        except UnicodeDecodeError:
            return data.decode(self.name, KEEP_BYTES), False

    def whole_text(self, data: bytes) -> str:
        """The text of a whole file, without its byte order mark."""
        return self.decode(data[len(self.bom) :])[0]

    def is_damaged(self, text: str) -> bool:
        """Whether a decoded text contains undecodable bytes."""
        return UNDECODABLE.search(text) is not None

    def undecodable(self, text: str) -> int:
        """How many undecodable bytes a decoded text contains."""
        return len(UNDECODABLE.findall(text))

    def encode(self, text: str) -> bytes:
        """The bytes of a decoded text, undecodable ones included.

        >>> Encoding("utf-8", "given").encode("caf\\udce9")
        b'caf\\xe9'
        """
        try:
            return text.encode(self.name)
        except UnicodeEncodeError:
            parts = re.split("([\udc00-\udcff]+)", text)
            raw = [bytes(ord(c) - 0xDC00 for c in part) for part in parts[1::2]]
            good = [part.encode(self.name) for part in parts[::2]]
            return b"".join(piece for pair in zip(good, [*raw, b""], strict=True) for piece in pair)


def _chinese_quality(text: str) -> float:
    """Mean points of the non-ASCII characters of a text that may be Chinese, from -4 to 2."""
    points, n = 0.0, 0
    for character, count in Counter(text).items():
        code = ord(character)
        if code < 128:
            continue
        n += count
        if character in COMMON or character in PUNCTUATION:
            points += 2 * count
        elif 0x4E00 <= code <= 0x9FFF or code >= 0x1F000:
            points -= 0.5 * count
        elif 0xD800 <= code <= 0xF8FF:  # an undecodable byte, or a character of no standard
            points -= 4 * count
        else:  # kana, Greek, Cyrillic, boxes, rare ideographs
            points -= 2 * count
    return points / n if n else 0.0


def _western_quality(text: str) -> float:
    """Mean points of the non-ASCII characters of a text that may be Western European, from -4 to 1.5."""
    points, n = 0.0, 0
    for run, count in Counter(re.findall("[^\0-\x7f]+", text)).items():
        n += count * len(run)
        for character in run:
            if UNDECODABLE.match(character):
                points -= 4 * count
            elif character in _WESTERN_MARKS:
                points += count
            elif character.isalpha() and len(run) <= 2:
                points += (1.5 if len(run) == 1 else 0.5) * count
            else:
                points -= 2 * count
    return points / n if n else 0.0


def _text(sample: bytes, name: str) -> str:
    """A sample as text; a character cut at its end is left out."""
    return codecs.getincrementaldecoder(name)(KEEP_BYTES).decode(sample)


def _quality(sample: bytes, name: str) -> float:
    """How well a sample reads in a codec, from -4 to 2."""
    text = _text(sample, name)
    return _western_quality(text) if name == "cp1252" else _chinese_quality(text)


def _usual_share(sample: bytes, name: str) -> float:
    """Share of the characters of a sample that a ticket file is mostly made of."""
    text = _text(sample, name)
    usual = COMMON | frozenset(PUNCTUATION) | frozenset("\t\r\n") | frozenset(map(chr, range(32, 127)))
    return sum(n for c, n in Counter(text).items() if c in usual) / len(text) if text else 0.0


def _utf16_without_mark(sample: bytes) -> Encoding | None:
    if b"\0" not in sample:
        return None
    shares = {name: _usual_share(sample, name) for name in ("utf-16-le", "utf-16-be")}
    best, other = sorted(shares, key=lambda name: -shares[name])
    if shares[best] < 0.5 or shares[other] > 0.25:
        return None
    return Encoding(best, f"{shares[best]:.0%} usual characters; as {other} {shares[other]:.0%}")


def _utf8(sample: bytes) -> Encoding | None:
    """UTF-8 where nearly every non-ASCII byte agrees with it, and nothing else explains the bytes better."""
    text = _text(sample, "utf-8")
    bad = len(UNDECODABLE.findall(text))
    longer = sum(n for c, n in Counter(text).items() if c > "\u07ff") - bad
    good = len(re.findall("[^\0-\x7f]", text)) - bad
    if not good and not bad:
        return None
    if bad:
        if bad <= _TRUSTED_ERRORS * good:
            return Encoding("utf-8", f"valid but for {bad} bytes")
        return _utf8_among_others(sample)
    if not longer and max(_quality(sample, name) for name in _CHINESE) > 1:
        return None
    return Encoding("utf-8", f"valid, {good} non-ASCII characters")


def _utf8_among_others(sample: bytes) -> Encoding | None:
    """UTF-8 where some lines are and others are not: these can be set aside, UTF-8 read otherwise could not.

    Hardly a line of another encoding is UTF-8 with characters of three bytes by chance.
    """
    lines = [line for line in sample.splitlines() if not line.isascii()]
    good = sum(
        any(c > "\u07ff" for c in text)
        for line in lines
        if not UNDECODABLE.search(text := _text(line, "utf-8"))
    )
    if good < max(2, _UTF8_LINES * len(lines)):
        return None
    return Encoding(
        "utf-8", f"{good} of {len(lines)} lines with non-ASCII characters are valid, others are not"
    )


def _by_frequency(sample: bytes) -> Encoding:
    sample = b"".join(line for line in sample.splitlines(keepends=True) if not line.isascii())[:_SCORED]
    quality = {name: round(_quality(sample, name), 2) for name in (*_CHINESE, "cp1252")}
    best = max(quality, key=lambda name: quality[name])
    shown = ", ".join(f"{name} {points:+.2f}" for name, points in quality.items())
    if quality[best] > 0:
        return Encoding(best, f"frequency of usual characters: {shown}")
    return Encoding("utf-8", f"no encoding fits ({shown}); read as UTF-8")


def detect_encoding(sample: bytes, name: str = "auto") -> Encoding:
    """Tell the encoding of a file from its beginning.

    In this order: a byte order mark; UTF-16 by its NULs; UTF-8 where the bytes agree with it; else GB18030,
    Big5 or Windows-1252, whichever makes the more usual characters (the first codec that decodes would read
    Big5 as GB18030 without an error).

    Parameters
    ----------
    sample : bytes
        The beginning of the file, or its first lines with non-ASCII bytes.
    name : str, default "auto"
        The encoding, if it is known.

    Returns
    -------
    Encoding
        ``sure`` is False where nothing fits.

    Raises
    ------
    BadValue
        When `name` is no encoding of text.

    Examples
    --------
    >>> [detect_encoding("案件編號,內容".encode(name)).name for name in ("gbk", "big5", "utf-16-le")]
    ['gb18030', 'cp950', 'utf-16-le']
    >>> detect_encoding(b"id,text").how
    'plain ASCII'
    >>> detect_encoding(b"", "utf-99")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: encoding: not an encoding of text, got 'utf-99'; ...
    """
    if name != "auto":
        return _given(sample, name)
    for bom, codec in _BOMS:
        if sample.startswith(bom):
            return Encoding(codec, "byte order mark", _repeated(bom, sample))
    if wide := _utf16_without_mark(sample):
        return wide
    if sample.isascii():
        return Encoding("utf-8", "plain ASCII")
    return _utf8(sample) or _by_frequency(sample)


def _repeated(bom: bytes, sample: bytes) -> bytes:
    """A byte order mark as often as a file begins with it: some programs add one to a file that has one."""
    n = 1
    while bom and sample.startswith(bom * (n + 1)):
        n += 1
    return bom * n


def _given(sample: bytes, name: str) -> Encoding:
    """The encoding that was asked for: with its byte order mark, and as the wider of two near relatives."""
    try:
        codec = codecs.lookup(name).name
        "\n".encode(codec), b"\xff".decode(codec, KEEP_BYTES)
    except (LookupError, TypeError, UnicodeError):
        remedy = "use auto, utf-8, gb18030, big5, utf-16 or another of Python's encodings"
        raise BadOption("encoding", name, "an encoding of text", remedy) from None
    codec = _WIDER.get(codec, codec)
    if codec == "big5":
        codec = max(_BIG5, key=lambda c: _quality(sample, c))
    if codec in ("utf-16", "utf-32"):
        codec = next((c for bom, c in _BOMS if c.startswith(codec) and sample.startswith(bom)), f"{codec}-le")
    bom = next((b for b, c in _BOMS if c == codec and sample.startswith(b)), b"")
    return Encoding(codec, f"given as {name}", _repeated(bom, sample))
