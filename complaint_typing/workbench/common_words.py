"""Words that tell nothing by themselves, and forms in which people are named."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY_ENGLISH = _words(
    """
    a an the this that these those it its i im i'm i've me my mine we us our you your yours he him his she
    her they them their and or but so if then than as at by for from in into of off on onto out over to up
    with without about after before again is am are was were be been being do does did don't didn't doesn't
    have has had haven't can could can't cant couldn't will would won't wouldn't shall should may might must
    not no nor
    yes what which who whom whose when where why how all any both each every few more most other some such
    only own same too very just even still also there here now ever never get got give gave go went let make
    made one two three ok okay hi hello dear please thanks thank like really well much many lot bit thing
    things want need know think say said says tell told see look back way keep keeps i'd i'll you're since put
    asked
    """
)
_EMPTY_CHINESE = _words(
    """
    什么 什麼 可以 今天 昨天 现在 現在 请问 請問 麻烦 麻煩 希望 客户 客戶 投诉 投訴 要求 你们 你們 我们 我們
    已经 已經 因为 因為 所以 但是 如果 还是 還是 没有 沒有 一个 一個 时候 時候 知道 觉得 覺得 真的 这个 這個
    那个 那個 怎么 怎麼 为什么 為什麼 最后 最後 一直 一次 一下 一点 一點 自己 出来 出來 起来 起來 需要 帮我
    幫我 谢谢 謝謝
    """
)
_EMPTY_FIRST = frozenset(
    "的了着过過地得吗嗎呢吧啊呀嘛么麼们們就都还還又很太也是在和跟与與及其之所个個这這那哪此些我你您他她它咱俺"
    "给給把被让讓"
)
_EMPTY_LAST = frozenset(
    "的了着过過地得和跟与與及其之所就都还還又很太也是在不没沒把被给給让讓向从從对對这這那哪此我你您他她它一几幾"
    "再才会會能要想去来來说說个個为為因"
)
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭蔡潘"
    "田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾鐘姜崔谭譚廖范汪陆陸金"
)
_NAMED = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|sir|madam|prof)\b\.?(?: [a-z'’]+){0,2}"
    f"|[小老阿][{_SURNAMES}]|[{_SURNAMES}].{{0,2}}"
    "(?:先生|女士|小姐|太太|师傅|師傅|经理|經理|主任|店长|店長|老师|老師|医生|醫生|大夫|护士|護士|警官|姐|哥|总|總|工)",
    re.IGNORECASE,
)


def is_han(words: str) -> bool:
    """Whether words begin with a Chinese character.

    >>> is_han("退款"), is_han("refund")
    (True, False)
    """
    return "\u3400" <= words[0] <= "\u9fff"


def is_telling(words: str) -> bool:
    """Whether words may say something by themselves: neither their first nor their last is empty.

    >>> [is_telling(w) for w in ("refund", "the refund", "not", "没人接", "了三天", "希望")]
    [True, False, False, True, False, False]
    """
    if is_han(words):
        return (
            words not in _EMPTY_CHINESE
            and words[0] not in _EMPTY_FIRST
            and (words[-1] not in _EMPTY_LAST or words.endswith("不了"))
        )
    parts = words.casefold().replace("’", "'").split()
    return len(parts[0]) > 2 and not {parts[0], parts[-1]} & _EMPTY_ENGLISH


def without_titled_names(text: str) -> str:
    """A text with a line break in place of each name that has a title; others cannot be told by their form.

    >>> without_titled_names("小杨师傅迟到，找李经理; Mr Smith shouted; 小时")
    '\\n师傅迟到，找\\n; \\n; 小时'
    """
    return _NAMED.sub("\n", text)
