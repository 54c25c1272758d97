"""Finds the cues in a turn of a talk: what a customer's words show, what an agent's words do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .agent_cues import AGENT
from .customer_cues import CUSTOMER, REPORTED, Patterns
from .folding import fold_texts
from .spoken import one_of

ATTACK = ("insult", "threat", "contempt", "ultimatum")
FEELING = ("upset", "outcry")

CUE_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "insult": ("辱骂", "insult"),
        "threat": ("威胁", "threat"),
        "contempt": ("轻蔑", "contempt"),
        "ultimatum": ("最后通牒", "ultimatum"),
        "model_attack": ("模型判为攻击", "the model reads an attack"),
        "upset": ("情绪流露", "feeling"),
        "outcry": ("连用叹号问号", "outcry"),
        "model_emotional": ("模型判为情绪", "the model reads feeling"),
        "press": ("催促", "pressing"),
        "repeat": ("重复同一要求", "the same demand again"),
        "assent": ("认同", "assent"),
        "correct": ("更正", "correction"),
        "refuse": ("不接受", "turned down"),
        "accept": ("接受", "acceptance"),
        "thank": ("致谢", "thanks"),
        "close": ("没有别的事", "nothing more"),
        "tell": ("讲事情", "tells"),
        "apology": ("道歉", "apology"),
        "invite": ("请客户讲", "invitation to tell"),
        "restate": ("复述", "said back"),
        "feeling": ("说出感受", "feeling named"),
        "why": ("说出为什么急", "why it matters"),
        "ask": ("询问", "question"),
        "wish": ("问客户的想法", "asked the wish"),
        "offer": ("给办法", "way offered"),
        "prevent": ("提醒防损失", "warned of further loss"),
        "hush": ("叫客户冷静", "told to calm down"),
    }
)
"""Every kind of cue with its name in zh and in en."""

_SHORT, _TELLING, _TELLING_WHEN = 8, 12, 6
_EDGES = " ,."
_CJK = re.compile(r"[\u2e80-\ud7ff]")
_WORD = re.compile(r"[a-z0'-]*[a-z0][a-z0'-]*")
_MARK = re.compile(r"\[[^\]]{1,12}\]|\ue001")
_WHEN = re.compile(
    r"[昨今前后明]天|上[周个]|(?:周|礼拜|星期)[一二三四五六日天]|早上|上午|中午|下午|晚上|凌晨|半夜"
    r"|0+(?:号|月|点|天|年|分钟|小时|元|块)"
    r"|\b(?:yesterday|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|0+ ?(?:am|pm|days?|hours?)"
    r"|last (?:week|month|night|year)|morning|afternoon|evening|january|february|march|april|june|july"
    r"|august|september|october|november|december)\b"
)


@dataclass(frozen=True)
class Cue:
    """Something that shows in a turn: words of it, or a probability of the model.

    Attributes
    ----------
    kind : str
        A key of `CUE_NAMES`.
    start, end : int
        Where the words stand in the turn's text; both 0 where no single words show it.
    words : str
        ``text[start:end]``.
    probability : float or None
        The model's, where it is the model that shows it.
    """

    kind: str
    start: int = 0
    end: int = 0
    words: str = ""
    probability: float | None = None

    def name(self, lang: str) -> str:
        """The kind for people in `lang`, one of `SPOKEN`.

        >>> Cue("insult").name("zh")
        '辱骂'
        """
        return one_of(lang, *CUE_NAMES[self.kind])


class _Folded:
    """A turn's text, folded for the patterns, with the way back to the text as it was written."""

    def __init__(self, text: str):
        block = fold_texts([text])
        self.text, self._origin = text, block.origin
        self.codes = block.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")

    def cue(self, kind: str, start: int, end: int) -> Cue:
        words = self.codes[start:end]
        start, end = end - len(words.lstrip(_EDGES)), start + len(words.rstrip(_EDGES))
        first, last = int(self._origin[start]), int(self._origin[end - 1]) + 1
        return Cue(kind, first, last, self.text[first:last])

    def first(self, pattern: re.Pattern[str], kind: str, own: bool = False) -> Cue | None:
        """The first place of a pattern; with `own`, the first that is not merely reported."""
        for match in pattern.finditer(self.codes):
            reported = own and _REPORTED.search(self.codes[max(0, match.start() - 40) : match.start()])
            if match.end() > match.start() and not reported:
                return self.cue(kind, match.start(), match.end())
        return None

    def told(self) -> Cue | None:
        """Whether it tells something: enough words besides the pressing ones, or a few and a time."""
        rest = _pattern(CUSTOMER, "press").sub("", self.codes)
        when = _WHEN.search(self.codes)
        if _size(rest) < (_TELLING_WHEN if when else _TELLING):
            return None
        return self.cue("tell", *when.span()) if when else Cue("tell", 0, len(self.text), self.text)


def _size(codes: str) -> int:
    """Chinese characters, and two for every word of letters or digits."""
    codes = _MARK.sub("", codes)
    return len(_CJK.findall(codes)) + 2 * len(_WORD.findall(codes))


def _echoes(codes: str, said: str) -> bool:
    """Whether a text takes up what was said: three pairs of Chinese characters or longer words."""
    pairs = {
        codes[i : i + 2] for i in range(len(codes) - 1) if _CJK.match(codes[i]) and _CJK.match(codes[i + 1])
    }
    words = {word for word in _WORD.findall(codes) if len(word) > 3} & {*_WORD.findall(said)}
    return len(words) >= 3 or sum(pair in said for pair in pairs) >= 3


@cache
def _compiled(zh: tuple[str, ...], en: tuple[str, ...]) -> re.Pattern[str]:
    latin = [rf"(?<![a-z0-9'])(?:{'|'.join(en)})(?![a-z])"] if en else []
    return re.compile("|".join([*zh, *latin]))


def _pattern(table: Patterns, kind: str) -> re.Pattern[str]:
    return _compiled(*table[kind])


_REPORTED = _compiled(*REPORTED)
_BREAK = re.compile(r"[，。,.!?！？；;\n]")
_ASKS = re.compile(r"\?|[吗呢么](?=[.! ]*$)")


def customer_cues(text: str) -> tuple[Cue, ...]:
    """What a customer's words show, in the order of the table; of each kind the first place.

    Words that are only reported ("he called me an idiot") attack nobody. A yes that takes itself back is no
    assent; who says thank you turns nothing down.

    >>> [(cue.kind, cue.words) for cue in customer_cues("对，你们這群騙子！")]
    [('insult', '這群騙子'), ('assent', '对')]
    >>> [cue.kind for cue in customer_cues("He called me an idiot yesterday at the counter.")]
    ['tell']
    """
    folded = _Folded(text)
    found = {kind: folded.first(_pattern(CUSTOMER, kind), kind, kind in ATTACK) for kind in CUSTOMER}
    cues = {kind: cue for kind, cue in found.items() if cue}
    if "assent" in cues and (
        "correct" in cues or text[cues["assent"].end :].lstrip()[:1] in ("?", "？", "吗", "嗎")
    ):
        del cues["assent"]
    if "refuse" in cues and ("thank" in cues or "close" in cues):
        del cues["refuse"]
    if "accept" in cues and "refuse" in cues:
        del cues["accept"]
    if told := folded.told():
        cues["tell"] = told
    return tuple(cues.values())


def agent_cues(text: str, said: str = "") -> tuple[Cue, ...]:
    """What an agent's words do, in the order of the table; of each kind the first place.

    Parameters
    ----------
    text : str
        The turn.
    said : str
        The customer's words so far: a checking question ("…, is that right?") says something back only
        where it takes up the customer's words.

    >>> [cue.kind for cue in agent_cues("I'm sorry. So you're saying nobody came on Monday?")]
    ['apology', 'restate']
    >>> [cue.kind for cue in agent_cues("请您先不要着急")]
    ['hush']
    """
    folded = _Folded(text)
    found = {kind: folded.first(_pattern(AGENT, kind), kind) for kind in AGENT}
    cues = {kind: cue for kind, cue in found.items() if cue}
    hush, feeling = cues.get("hush"), cues.get("feeling")
    if hush and feeling and hush.start <= feeling.start < hush.end:
        del cues["feeling"]
    if "check" in cues:
        check = cues.pop("check")
        if "restate" not in cues and "feeling" not in cues and _echoes(folded.codes, _Folded(said).codes):
            cues["restate"] = Cue("restate", check.start, check.end, check.words)
    invite, offer = cues.get("invite"), cues.get("offer")
    if invite and offer and not _BREAK.search(text[min(invite.start, offer.start) : offer.start]):
        del cues["offer"]
    if not cues.keys() & {"restate", "feeling"} and (asked := folded.first(_ASKS, "ask")):
        cues["ask"] = asked
    return tuple(cues.values())


def is_short(text: str, at_most: int = _SHORT) -> bool:
    """Whether a turn has hardly any words: eight Chinese characters or four words, if not said otherwise.

    >>> is_short("退钱！快点！"), is_short("Where is the parcel that I ordered?"), is_short("哦", at_most=2)
    (True, False, True)
    """
    return _size(_Folded(text).codes) <= at_most


def same_words(text: str, other: str) -> bool:
    """Whether two turns say the same, but for punctuation, blanks, width, case and script.

    >>> same_words("退錢!", "退钱。。")
    True
    """
    one, two = (
        "".join(_CJK.findall(t) + _WORD.findall(t)) for t in (_Folded(text).codes, _Folded(other).codes)
    )
    return one == two != ""
