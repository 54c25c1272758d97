"""Which facts a complaint still lacks: what, when, where, how bad; each as a question to ask (source 001).

A fact counts as told as soon as anything in the text speaks of it: asking for what was said already offends
more than a question left out. So the tables list generously what tells a fact.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from .spoken import Spoken, traditional

FACTS_TO_KNOW = ("what", "when", "where", "how_bad")
"""What is established before anything is offered (001_9d79b88838705331.txt), in the order to ask."""

QUESTIONS = Spoken(
    zh={
        "what": "具体是什么事？您从头说，我记着。",
        "when": "这是哪天的事，还是从哪天起一直这样？",
        "where": "是在哪里碰上的：什么地方，还是哪个网站或应用？",
        "how_bad": "这件事对您影响有多大，眼下最耽误您的是什么？",
    },
    en={
        "what": "What exactly happened? Start wherever you like; I'm taking notes.",
        "when": "When was this: on which day, or since when?",
        "where": "Where did it happen: at which place, or on which website or app?",
        "how_bad": "How badly does it affect you, and what is it holding up most?",
    },
)

_WORDS_ZH = {
    "when": """今 昨 前天 前日 前晚 明天 上周 上个月 上月 上星期 上礼拜 上次 上回 本周 本月 这周 這週 这个月
        这两 这几 第一 第二 最近 近来 近期 刚 方才 早上 早晨 清晨 上午 中午 下午 傍晚 晚上 夜 凌晨 星期
        礼拜 周一 周二 周三 周四 周五 周六 周日 周末 去年 前年 年初 年底 月初 月底 当天 当日 当晚 那天
        那晚 每天 每次 每回 每晚 每月 每年 天天 每日 一直 老是 总是 经常 现在 目前 以来 还没 日期 春节
        过年 国庆 端午 中秋 元旦 双十一 暑假 寒假 学期 高峰""",
    "where": """店 网点 营业 柜 窗口 前台 超市 商场 食堂 餐厅 酒店 宾馆 民宿 房 医院 诊所 门诊 科室 学校
        幼儿园 小区 栋 楼 单元 室 路 街 巷 村 镇 区 县 桥 广场 公园 站 机场 航班 地铁 公交 列车 高铁 车
        号线 家里 我家 上门 门口 阳台 电梯 现场 大厅 APP App app 小程序 公众号 信箱 登入 简讯 簡訊 捷運
        超商 网站 官网 网页 网上 线上 平台 后台 页面 界面 链接 直播 微信 淘宝 电话 热线 客服 在线 短信
        邮件 订单 单号 快递 驿站 外卖 送餐 账户 账号 账单 卡 合同 保单 中心 单位 公司 工地 群 手机 登录
        货 京东 天猫 拼多多 美团 饿了么 抖音 滴滴 携程 去哪儿 旅行 电脑 电视 平板 机器 主机 安卓 苹果
        版本 更新 升级 蓝牙 功能 模式 按钮 设置 安装 卸载 重装 闪退 餐 菜 汤 肉 饺 锅 座位 内用 堂食 服务员
        征信""",
    "how_bad": """元 块 费 万 影响 耽误 损失 没法 无法 不能 不了 不敢 不便 急 老人 孩子 小孩 宝宝
        婴儿 孕 残疾 病 疼 痛 伤 烫 过敏 中毒 吐 拉肚子 危险 怕 吓 崩溃 失眠 睡 哭 心慌 寒心 难受 委屈
        误工 误了 错过 赶 白跑 白等 报废 泡 淹 烧 停水 停电 断网 排队 来回 生意 上班 上学 考试 房租 房贷
        工资 薪水 失去 没了 拆除 拆迁 强拆 被拆 毁 倒闭 破产 无家可归 负债 欠债 欠款 欠薪 亏了 亏损 塌 去世
        过世 失业 辞退 绝望 走投无路 抑郁 焦虑 伤心 难过 心碎 痛苦 煎熬 折磨 遭罪 受罪 好几 全部 全都
        整个 浪费 多大 半 担心 过期 过时 贫困 忍受 漏""",
}
_WORDS_EN = {
    "when": """today yesterday tonight tomorrow morning afternoon evening night noon midnight monday
        tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun january
        february march april june july august september october november december jan feb mar apr jun
        jul aug sept oct nov dec day days daily week weeks weekly weekend wk wks month months monthly
        year years yr yrs hour hours hr hrs minutes mins ago since still recently lately earlier always
        every everytime now currently yday yest christmas easter summer winter""",
    "where": """store stores shop branch counter desk office hotel room rooms lobby restaurant cafe bar
        table airport airline flight flights plane crew gate lounge station train bus tram taxi cab
        driver stop platform street road avenue lane town village building floor flat apartment house
        home door porch garden yard garage parking lift elevator pool gym clinic hospital ward school
        campus library park theatre site website web online app apps page portal account login log id
        phone phoned call called calls calling rang hotline line chat text texts email emailed mail
        inbox order orders ordered parcel package delivery courier locker warehouse bank card statement
        bill invoice contract policy booking reservation checkout aisle till here wifi router broadband
        android ios iphone ipad mac windows laptop computer desktop device devices tv browser version
        update updated playlist song songs album download downloaded bluetooth firmware feature mode
        button menu settings screen install installed uninstall uninstalled reinstall reinstalled plugin
        streaming wifis pc pcs credit creditor creditors inquiry inquiries bureau bureaus waiter waitress
        dish dishes""",
    "how_bad": """cant can't cannot couldn't couldnt unable lost lose losing loss cost costs miss missed
        missing late ruined ruining stuck stranded locked urgent urgently asap emergency baby kid kids
        child children son daughter wife husband elderly mother mum mom father dad disabled wheelchair
        sick ill hurt injured injury burned burnt pain bleeding unsafe dangerous insulin medicine
        medication flood flooded flooding freezing humiliated humiliating embarrassed embarrassing upset
        stress stressed stressful anxious worried scared afraid crying cried sleep job wages rent
        mortgage exam deadline business dollars pounds euros quid bucks cents overdraft debt hours hrs
        days weeks wks months years twice times waste wasted damage damaged destroyed useless hungry
        whole deny denied denying refused rejected bounced harassed harassing harassment fined evicted
        evict evicting eviction ruin ruins destroy destroys destroying homeless homelessness grief grieving
        devastated devastating devastation heartbroken heartbreaking depressed depression distress
        distressed distressing suffer suffers suffered suffering bankrupt bankruptcy debts foreclosure
        foreclosed unemployed jobless fired starving nightmare desperate hopeless trauma traumatised
        traumatized harm harmed died death dying funeral victim stolen theft prevent prevents prevented
        preventing affects affected affecting impact impacts impacted""",
}
_COUNT = "0-9一二三四五六七八九十两兩几幾半百多"
_SHAPES = {
    "when": rf"[X{_COUNT}] ?(?:[个個]?(?:年|月|日|号|號|天|周|週|小[时時]|[钟鐘]头|点|點|时|時|晚)"
    r"|[/.:-][0-9X]|(?:st|nd|rd|th|am|pm|d|h|min)\b|(?<=[12])[09][0-9]{2}\b)",
    "where": r"[A-Z#0-9] ?(?:(?<=#)[0-9]|(?<=[0-9])[0-9]{5}|(?<=[A-Z])[0-9]{2})"
    r"|[ai](?<![a-z].)[tn] (?!I\b)[A-Z]|check.?in",
    "how_bad": rf"[$£€¥￥{{{_COUNT}] ?(?:(?<=[$£€¥￥])[0-9]|[0-9][0-9]|,[0-9]{{3}}|\.[0-9][0-9]|%|k\b"
    r"|[个個]?多?(?:次|遍|趟|回|天|周|週|分|小[时時]|星期|月|年|倍|折|成|颗|顆|只|隻|件|箱|袋|批|样|樣|户|戶|斤|米))",
}
_FILLERS_ZH = """你们 我们 人家 大家 你 您 我 他 她 它 们 这 那 哪 太 真 好 很 超 最 差劲 差 烂 垃圾
    无语 恶心 服了 服务 公司 客服 投诉 举报 曝光 要 什么 啥 玩意 东西 怎么 回事 为 的 了 吧 啊 呢 吗 呀
    哦 哈 骗子 骗人 坑人 坑 失望 生气 气死 受够 再也 来 用 买 有 人 管 解决 处理 给 个 一 说法 说 话
    领导 经理 老板 出 找 快 点 请 谢谢 尽 马上 立刻 赔偿 赔 道歉 退款 退 钱 是 不 没 到底 还 就 都 也 在
    能 会 想 让 别 评 星 一般 绝对 黑 千万 呵 唉 嗯 好吧 行"""
_FILLERS_EN = """a an the i we you he she it they me us my your our their this that these those and or
    but so to of in on at for from with as by is are was were be been am do does did done don't dont
    have has had not no never ever again will would won't wont can could cant can't should just really
    very too all any anyone anybody someone somebody one here there what why how who when where which
    worst terrible awful horrible appalling disgusting disgrace disgraceful pathetic useless rubbish
    garbage trash crap scam scammers joke clowns thieves shame shameful unacceptable ridiculous bad
    worse poor avoid beware company business place people staff service services customer customers
    support help team guys complaint complain complaining refund money back want need please thanks
    thank sort fix give get got go going manager speak talk contact reply answer hello hi dear sir madam
    zero star stars experience disappointed angry furious fuming annoyed fed up still
    ignoring ignored question issue issues problem problems ok okay yes sent dm happening deserve luck lol
    wtf omg seriously"""
_SHORT, _HEAD = 150, 40
_FEWEST_CHARACTERS, _FEWEST_WORDS = 3, 2


@cache
def _any_of(listed: str) -> re.Pattern[str]:
    """Any word of a list, in simplified or traditional characters; compiled when first needed."""
    words = listed.split()
    variants = {*words, *map(traditional, words)}
    return re.compile("|".join(sorted(variants, key=lambda word: (-len(word), word))))


@cache
def _any_in_ascii(listed: str) -> re.Pattern[str] | None:
    """Any of the words of a list that may stand in a text in ASCII; None where there is none."""
    words = " ".join(word for word in listed.split() if word.isascii())
    return _any_of(words) if words else None


_LATIN_WORD = re.compile("[a-z']+")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_TOLD_EN = {fact: frozenset(listed.split()) for fact, listed in _WORDS_EN.items()}
_TOLD_BY_SHAPE = {fact: re.compile(shape) for fact, shape in _SHAPES.items()}
_FILLER_EN = frozenset(_FILLERS_EN.split())


def missing_facts(text: str, among: Collection[str] = FACTS_TO_KNOW) -> tuple[str, ...]:
    """The facts that nothing in a text speaks of.

    Parameters
    ----------
    text : str
        What the customer wrote, in Chinese (simplified or traditional) or English.
    among : collection of str
        The facts to look for, of `FACTS_TO_KNOW`.

    Returns
    -------
    tuple of str
        Some of `among`, in the order of `FACTS_TO_KNOW`.

    >>> missing_facts("I paid twice at your Leeds branch last Friday, 40 pounds each, and the rent is due.")
    ()
    >>> missing_facts("你们太差劲了！")
    ('what', 'when', 'where', 'how_bad')
    """
    words = set(_LATIN_WORD.findall(text.lower().replace("’", "'")))
    untold = [fact for fact in FACTS_TO_KNOW[1:] if fact in among and not _told(fact, text, words)]
    return ("what", *untold) if "what" in among and _says_nothing(text, words) else tuple(untold)


def _told(fact: str, text: str, words: set[str]) -> bool:
    if not words.isdisjoint(_TOLD_EN[fact]):
        return True
    listed = (_any_in_ascii if text.isascii() else _any_of)(_WORDS_ZH[fact])
    return bool((listed and listed.search(text)) or _TOLD_BY_SHAPE[fact].search(text))


def _says_nothing(text: str, words: set[str]) -> bool:
    """Whether a short text has hardly a word that says what it is about, whichever words it repeats."""
    if len(text) > _SHORT or len(words - _FILLER_EN) >= _FEWEST_WORDS:
        return False
    telling = (len({*_CHINESE.findall(_any_of(_FILLERS_ZH).sub("", part))}) for part in (text[:_HEAD], text))
    return all(characters < _FEWEST_CHARACTERS for characters in telling)


def questions(text: str, lang: str, facts: Collection[str] = FACTS_TO_KNOW) -> tuple[str, ...]:
    """What to ask the customer, one question for each missing fact.

    Parameters
    ----------
    text : str
        What the customer wrote.
    lang : str
        Language of the questions, one of `SPOKEN`.
    facts : collection of str
        Those that the strategy wants to know, of `FACTS_TO_KNOW`.

    Returns
    -------
    tuple of str

    >>> questions("汉堡是冷的，薯条是软的", "zh", ("when", "where"))
    ('这是哪天的事，还是从哪天起一直这样？', '是在哪里碰上的：什么地方，还是哪个网站或应用？')
    """
    return tuple(QUESTIONS[lang][fact] for fact in missing_facts(text, facts))
