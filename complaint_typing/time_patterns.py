"""How times are written by people and systems: the forms that are read, and one spelling for them."""

from __future__ import annotations

import re
import unicodedata

_CLOCK = (
    r"(?:(?:T|,?\s+(?:AT\s+)?)(?P<am1>[AP]M)?\s*(?P<H>\d{1,2})(?::(?P<M>\d{1,2})(?::(?P<S>\d{1,2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<am2>[AP]\.?M\.?)?\s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?|(?:UTC|GMT)(?:[+-]\d\d?(?::?\d\d)?)?)?)?"
)
_MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
MONTH_NUMBER = {form: i for i, name in enumerate(_MONTHS, 1) for form in (name, name[:3])} | {"SEPT": 9}
_WEEKDAY = r"(?:(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]{0,6},?\s+)?"
_DAY = r"(?P<d>\d{1,2})(?:ST|ND|RD|TH)?"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text + _CLOCK, re.ASCII)


YEAR_FIRST = _pattern(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})")
YEAR_LAST = _pattern(r"(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\2(?P<y>\d{4})")
NAMED = (
    _pattern(_WEEKDAY + _DAY + r"[\s/-]+(?P<mon>[A-Z]{3,9})\.?,?[\s/-]+(?P<y>\d{4}|\d\d)"),
    _pattern(_WEEKDAY + r"(?P<mon>[A-Z]{3,9})\.?\s+" + _DAY + r",?\s+(?P<y>\d{4})"),
)
COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:(?:T|\s+)?(?P<H>\d\d):?(?P<M>\d\d)(?::?(?P<S>\d\d)(?:[.,]\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
EPOCH = re.compile(r"(\d{10})((?:\d{3}){1,3})?(?:\.\d+)?", re.ASCII)
_CHINESE = str.maketrans(
    dict.fromkeys("年月", "/") | dict.fromkeys("日号號秒", " ") | dict.fromkeys("时時点點分", ":")
)
_CHINESE_HALVES = (
    (re.compile(r"上午|凌晨|清晨|早上|早晨|中午(?=\s*1[01](?!\d))"), " AM "),
    (re.compile(r"下午|中午|傍晚|晚上(?!\s*(?:12|0?[0-4])(?!\d))"), " PM "),
)
_NOT_SAID = re.compile(
    r"\s*(?:星期|[周週])[一二三四五六日天]\s*|(?<=[+-]\d{4}) \([A-Za-z ]+\)$"
    r"|(?:(?<=[+-]\d\d:\d\d)|(?<=Z))\[[A-Za-z_/+-]+\]$"
)
_MINGUO = re.compile(r"民[國国]\s*(\d{2,3})\s*年")
_MINGUO_BEGAN = 1911


def canonical(text: str) -> str:
    """Upper case ASCII where possible: full-width forms narrowed, Chinese date words replaced.

    Weekdays and names of zones behind an offset are left out; years of the Republic become those of our era.

    >>> canonical("民國113年3月5日 星期二 晚上8點30分"), canonical("2024-03-05T09:30+08:00[Asia/Shanghai]")
    ('2024/3/5 PM 8:30', '2024-03-05T09:30+08:00')
    """
    text = _NOT_SAID.sub(" ", text).strip()
    if text.isascii():
        return text.upper()
    text = unicodedata.normalize("NFKC", text)
    text = _MINGUO.sub(lambda found: f"{int(found[1]) + _MINGUO_BEGAN}年", text)
    for words, half in _CHINESE_HALVES:
        text = words.sub(half, text)
    text = text.translate(_CHINESE)
    return re.sub(r"\s+", " ", re.sub(r":\s*(?![\d\s])", " ", text)).strip().upper()
