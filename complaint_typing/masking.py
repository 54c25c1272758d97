"""Personal data in a text, found by shape and check digit: phones, identity numbers, bank cards, e-mails.

Names and postal addresses cannot be told by patterns and stay as they are; so do user names, plates and
account numbers without a check digit. Masking lowers the risk of a leak, it does not make a text anonymous.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

Check = Callable[[str, str], bool]  # takes the characters as written, and their letters and digits alone


class Span(NamedTuple):
    """Where personal data stands in a text: ``text[start:end]`` is of this kind (phone, id, card, email)."""

    kind: str
    start: int
    end: int


def mask(text: str) -> str:
    """Replace personal data by its kind and its last two characters.

    Two characters are enough for a clerk to recognise a number that he knows, and too few to call it.

    Parameters
    ----------
    text : str
        Any text. One without an ``@`` between letters and without six digits close together comes back at
        once, unchanged.

    Returns
    -------
    str
        Masking it again changes nothing.

    >>> mask("回电138-0013-8091或chen@example.com，运单SF1380013800912不用管")
    '回电[phone …91]或[email …om]，运单SF1380013800912不用管'
    >>> mask("Names cannot be told by patterns: John Smith, 138****2291")
    'Names cannot be told by patterns: John Smith, 138****2291'
    """
    for _ in range(_MOST_ROUNDS):
        spans = find_personal_data(text)
        if not spans:
            break
        text = _without(text, spans)
    return text


def find_personal_data(text: str) -> list[Span]:
    """Find personal data, in the order of the text, without overlaps.

    Phone numbers of mainland China, Hong Kong, Macau, Taiwan, the United States, the United Kingdom and any
    written with ``+``; identity numbers of China (18 digits with check digit, 15 old), Hong Kong, Macau and
    Taiwan, and social security numbers of the United States; bank cards of 13-19 digits (issuer's range and
    Luhn digit); e-mail addresses. Full-width characters, blanks and dashes inside are seen through. Eight
    digits in one piece and ten without a leading 0 count as a phone only behind a word such as 电话 or call.
    Order and tracking numbers are left alone where their shape or a word before them tells; about 2 in 100
    bare numbers of fifteen or sixteen digits still look exactly like personal data.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Span

    >>> find_personal_data("身份证11010519491231002Ｘ，A123456(3)")
    [Span(kind='id', start=3, end=21), Span(kind='id', start=22, end=32)]
    """
    at = "@" in text or "＠" in text
    if not (at and _MAY_BE_EMAIL.search(text)) and not _MAY_BE_NUMBER.search(text):
        return []
    plain = text if text.isascii() else text.translate(_PLAIN)
    taken = bytearray(len(plain))
    found: list[Span] = []
    for span in _candidates(plain):
        if taken.find(1, span.start, span.end) < 0 and _stands_alone(plain, span, taken):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            found.append(span)
    return sorted(found, key=lambda span: span.start)


_MOST_ROUNDS = 5  # a number may stand alone only once its neighbour is masked


def _without(text: str, spans: list[Span]) -> str:
    parts, done = [], 0
    for kind, start, end in spans:
        parts += [text[done:start], f"[{kind} …{text[end - 2 : end]}]"]
        done = end
    return "".join([*parts, text[done:]])


_BLANKS = "\t\u00a0\u2002\u2003\u2007\u2009\u200a\u200b\u202f\u2060\u3000\ufeff"


class _Codes(dict[int, int]):
    """Code to code; one that is not there stands for itself and is remembered: a miss costs far more."""

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


_PLAIN = _Codes({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), ord("-")) | dict.fromkeys(map(ord, _BLANKS), ord(" "))


_DIGITS = re.compile(r"\d(?:(?:[ .()/-]{0,3}|转|轉| ?ext\.? ?)\d){5,}", re.ASCII | re.IGNORECASE)
_BEFORE_DIGITS, _AFTER_DIGITS = 3, 3


def _written(plain: str) -> str:
    """A class of all characters that are read as one of these; quick, for it needs no plain text."""
    same = {chr(code) for code, stands_for in _PLAIN.items() if chr(stands_for) in plain}
    return f"[{re.escape(''.join(sorted({*plain, *same})))}]"


_LETTERS, _NUMERALS = string.ascii_letters, _written(string.digits)
_MAY_BE_EMAIL = re.compile(
    rf"(?<=[À-ɏ{_written(_LETTERS + string.digits + '._%+-')[1:]})[@＠]{_written(_LETTERS + string.digits)}"
)
_EXT = "".join(map(_written, ("eE", "xX", "tT")))
_GAPS = (f"{_written(' .()/-')}{{0,3}}", "转|轉", rf"{_written(' ')}?{_EXT}{_written('.')}?{_written(' ')}?")
_MAY_BE_NUMBER = re.compile(rf"{_NUMERALS}(?:(?:{'|'.join(_GAPS)}){_NUMERALS}){{5}}")


def _candidates(plain: str) -> Iterator[Span]:
    yield from _emails(plain)
    for digits in _DIGITS.finditer(plain):
        first, last = max(0, digits.start() - _BEFORE_DIGITS), digits.end() + _AFTER_DIGITS
        for form in _FORMS:
            match = form.pattern.search(plain, first, last)
            while match:
                start, end = match.start(), _checked_end(match, form)
                if end and (not form.announced or form.announced.search(plain, max(0, start - 30), start)):
                    yield Span(form.kind, start, end)
                match = form.pattern.search(plain, end or start + 1, last)


def _checked_end(match: re.Match[str] | None, form: _Form) -> int:
    """Where the number ends, without the groups that do not belong to it; 0 if it is none."""
    while match:
        written = match[0]
        if form.check(written, _SEPARATORS.sub("", written)):
            return match.end()
        group = _LAST_GROUP.search(written)
        match = group and form.pattern.fullmatch(match.string, match.start(), match.start() + group.start())
    return 0


_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
_LAST_GROUP = re.compile(r"[ -]{1,3}\d+\Z")

_WORD_BEFORE = re.compile(
    r"(?<![a-z])(?:tel|phone|mobile|mob|cell|ph|hp|call|text|at|on|is|no|id|ssn|card|whatsapp|wechat|wx|vx|v|t|m"
    r"|hk|tw)\Z",
    re.I,
)
_GROUP_BEFORE = re.compile(r"(?P<date>\d[./-])?(?<!\d)(?P<digits>(?P<year>(?:19|20)\d\d)|\d{3,}) \Z")
_TAIL_OF_CARD = re.compile(r" \d{1,4}(?![\d/]| \d)")
_MONEY = re.compile("[元块塊蚊圓圆]")
_GAP = r"[ :,.;、\"'“”=()\[\]-]{0,3}"
_IS = rf"{_GAP}(?:is|was|是|为|為)?{_GAP}"
_ORDER_BEFORE = re.compile(
    r"(?:(?:[单單]|(?<![证證証])[编編]|流水)[号號]|(?:order|tracking|ref|reference|invoice|ticket|case|booking|confirmation|parcel|waybill"
    rf"|serial|imei|sn)(?: ?(?:number|no|id|code|ref))?)[码碼]?{_IS}#?\Z",
    re.I,
)


def _stands_alone(plain: str, span: Span, taken: bytearray) -> bool:
    """Neither a piece of something longer, nor masked already, nor announced as the number of an order."""
    kind, start, end = span
    before, after = plain[max(0, start - 24) : start], plain[end : end + 6]
    if kind == "email":
        return before[-1:] != "*"
    if before[-1:] in {"*", "#", "_"} or after[:1] in {"*", "_"} or _joined(before[:-3:-1]) or _joined(after):
        return False
    if re.search("[A-Za-z]\\Z", before) and not _WORD_BEFORE.search(before):
        return False
    if " " in plain[start:end] and not taken[start - 2] and _goes_on(before, plain[start:end]):
        return False
    if _TAIL_OF_CARD.match(after) if kind == "card" else _MONEY.match(after):
        return False
    return plain[start] == "+" or (kind == "id" and end - start >= 18) or not _ORDER_BEFORE.search(before)


def _goes_on(before: str, written: str) -> bool:
    """Whether the group before a number is of the same, longer one: with as many digits as its first."""
    group = _GROUP_BEFORE.search(before)
    if not group or group["date"]:
        return False
    if written.startswith("00") or sum(map(str.isdecimal, written)) == 8:
        return True  # nothing but its shape tells that it is a phone
    same = len(group["digits"]) == len(written) - len(written.lstrip(string.digits))
    return same and not group["year"]


def _joined(two: str) -> bool:
    return two[:1] == "-" and two[1:2].isascii() and two[1:2].isalnum()


_LOCAL_BACKWARDS = re.compile(r"[A-Za-z0-9À-ɏ._%+-]{1,64}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}")


def _emails(plain: str) -> Iterator[Span]:
    at = plain.find("@")
    while at >= 0:
        local = _LOCAL_BACKWARDS.match(plain[max(0, at - 64) : at][::-1])
        domain = _DOMAIN.match(plain, at + 1)
        if local and domain:
            yield Span("email", at - len(local[0].rstrip("._%+-")), domain.end())
        at = plain.find("@", at + 1)


def _real_day(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2035
    except ValueError:
        return False


def _weighed(values: Iterable[int], weights: Iterable[int]) -> int:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6[02-58]\d{14,17}|9558\d{12,15}"
)


def _is_card(written: str, digits: str) -> bool:
    groups = re.findall(r"\d+", written)
    if not _ISSUERS.fullmatch(digits) or (min(map(len, groups)) < 3 and len(groups) < len(digits)):
        return False
    every_second = (d * 2 - 9 * (d > 4) for d in map(int, digits[-2::-2]))
    if (sum(map(int, digits[-1::-2])) + sum(every_second)) % 10:
        return False
    return not (digits[0] == "2" and _real_day("20" + digits[:6]))


def _is_chinese_id(written: str, characters: str) -> bool:
    if len(characters) == 15:
        return characters[6] > "1" and _real_day("19" + characters[6:12])
    total = _weighed(map(int, characters[:17]), (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return _real_day(characters[6:14]) and "10X98765432"[total % 11] == characters[17].upper()


_TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def _is_taiwan_id(written: str, characters: str) -> bool:
    first, second = (_TAIWAN_LETTERS.find(c) + 10 for c in characters[:2].upper())
    values = [first // 10, first % 10, second % 10 if characters[1].isalpha() else int(characters[1])]
    return _weighed([*values, *map(int, characters[2:])], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def _is_hong_kong_id(written: str, characters: str) -> bool:
    values = [int(c, 36) for c in characters]
    return _weighed([36, *values][-9:], (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


_AREA = (  # mainland area codes of four digits
    r"03(?:1\d|35|49|5\d|7\d|9[1-8])|04(?:1\d|2[179]|3[1-9]|40|5[1-9]|6[4-9]|7\d|8[23])"
    r"|05(?:1\d|2[37]|3\d|4[36]|5\d|6[1-6]|7\d|80|9\d)|06(?:3[1-5]|6[0238]|9[12])"
    r"|07(?:01|1\d|2[248]|3\d|4[3-6]|5\d|6\d|7\d|9\d)|08(?:1[2-8]|2[5-7]|3\d|5\d|7\d|8[36-8]|9\d)"
    r"|09(?:0[1-9]|1\d|3\d|4[13]|5[1-5]|7\d|9\d)"
)
_BARE_ZERO_PHONE = re.compile(rf"0(?:10|2\d)[2-8]\d{{7}}|(?:{_AREA})[2-8]\d{{6,7}}|09\d{{8}}|0[1-37]\d{{9}}")
_EXTENSION = re.compile(r"(?:-|转|轉| ?ext\.? ?)\d{1,5}\Z", re.I)


def _is_zero_phone(written: str, digits: str) -> bool:
    if _BARE_ZERO_PHONE.fullmatch(digits) or (written != digits and 9 <= len(digits) <= 11):
        return True
    main = _EXTENSION.sub("", written)
    return main != written and _is_zero_phone(main, _SEPARATORS.sub("", main))


def _is_announced_phone(written: str, digits: str) -> bool:
    return not (_real_day(digits) or re.match("1?[48]00|1?8(?:88|77|66|55)", digits))


def _is_hong_kong_phone(written: str, digits: str) -> bool:
    first, second = int(digits[:4]), int(digits[4:])
    times = first < 2400 and second < 2500 and first % 100 < 60 and second % 100 < 60
    is_range = "-" in written and (first % 10 == second % 10 == 0 or times)
    return not (is_range or first % 100 == second % 100 == 0 or 1900 <= first < 2100)


def _is_american_phone(written: str, digits: str) -> bool:
    return digits[-10:-7] not in {"400", "800", "833", "844", "855", "866", "877", "888"}


class _Form(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    check: Check = lambda written, digits: True
    announced: re.Pattern[str] | None = None  # must end right before


def _number(core: str, end: str = r"(?!\d)") -> re.Pattern[str]:
    return re.compile(rf"(?<!\d)(?:{core}){end}", re.ASCII | re.IGNORECASE)


_S = "[ -]{0,3}"
_PHONE_WORD = re.compile(
    r"(?:[电電]话|[电電]話|手[机機]|座[机機]|固[话話]|致[电電]|[联聯][系繫络絡](?:方式)?|打[给給]|微信|whatsapp|wechat"
    r"|tel|phone|mobile|cell|call(?: me)?(?: at| on)?|text(?: me)?(?: at| on)?|contact)"
    rf"(?:[号號][码碼]?| number| no)?{_IS}\Z",
    re.I,
)
_ID_WORD = re.compile(
    rf"(?:身[份分][证證証]|[证證証]件|HKID|ID(?: card)?)(?:[号號][码碼]?| number| no)?{_IS}\Z", re.I
)
_PROVINCES = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])"
_COUNTRIES = "(?:86|85[23]|886|44|1|61|65|81|82|33|49|39|34|60|63|66|91|62|84|7)"
_MOBILE_TAILS = (
    rf"{_S}\d{{4}}{_S}\d{{4}}|{_S}\d{{3}}{_S}\d{{5}}|(?:{_S}\d\d){{4}}|\d{_S}\d{{4}}{_S}\d{{3}}"
    rf"|\d{_S}\d{{3}}{_S}\d{{4}}|\d\d{_S}\d{{6}}|\d{{3}}{_S}\d{{5}}"
)
_LEADING_ZERO = (
    rf"(?<!\d-)(?:\(0[1-9]\d{{0,3}}\)|0[1-9]\d{{0,3}}){_S}\d{{3,8}}(?:{_S}\d{{3,4}}){{0,2}}"
    r"(?:(?:-|转|轉| ?ext\.? ?)\d{1,5})?"
)
_AMERICAN = r"(?:1[ .-]{1,2})?(?:\([2-9]\d\d\)[ .-]{0,2}|[2-9]\d\d[ .-]{1,3})[2-9]\d\d[ .-]{1,3}\d{4}"
_HONG_KONG = r"(?:[235-9]\d{3} {1,3}|[5679]\d{3} {0,2}- {0,2})\d{4}"

_FORMS = (
    _Form("id", _number(r"[1-9]\d(?:[ -]?\d){15}[ -]?[\dX]"), _is_chinese_id),
    _Form("card", _number(r"[2-69]\d(?:[ -]?\d){11,17}|[2-69](?:[ -]\d){12,18}"), _is_card),
    _Form("id", _number(rf"{_PROVINCES}\d{{4}}{_S}\d{{6}}{_S}\d{{3}}"), _is_chinese_id),
    _Form("id", _number(r"[A-Z] ?[1289A-D]\d(?:[ -]?\d){7}", r"(?![0-9A-Z])"), _is_taiwan_id),
    _Form("id", _number(r"[A-Z]{1,2} ?\d{3} ?\d{3} ?\([0-9A]\)", ""), _is_hong_kong_id),
    _Form("id", _number(r"[A-Z]{1,2}\d{6}[0-9A]", r"(?![0-9A-Z])"), _is_hong_kong_id, _ID_WORD),
    _Form("id", _number(r"[157]\d{6}\(\d\)|[157]/\d{6}/\d")),
    _Form("id", _number(r"(?!000|666|9)\d{3}([ -])(?!00)\d\d\1(?!0000)\d{4}")),
    _Form("phone", re.compile(r"\+[1-9](?:[ .()-]{0,2}\d){7,14}(?!\d)", re.ASCII)),
    _Form("phone", _number(rf"00{_COUNTRIES}(?:[ .()-]{{0,2}}\d){{7,12}}")),
    _Form("phone", _number(rf"(?:\(?86\)?{_S})?1[3-9]\d(?:{_MOBILE_TAILS})")),
    _Form("phone", _number(r"1[ -][3-9](?:[ -]\d){9}")),
    _Form("phone", _number(_LEADING_ZERO), _is_zero_phone),
    _Form("phone", _number(_AMERICAN), _is_american_phone),
    _Form("phone", _number(_HONG_KONG, r"(?![ -]{0,2}\d)"), _is_hong_kong_phone),
    _Form("phone", _number(r"\d(?:[ .-]{0,2}\d){6,12}"), _is_announced_phone, _PHONE_WORD),
)
