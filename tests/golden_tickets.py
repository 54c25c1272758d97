"""Five hundred composed tickets that never change: what every released model must answer as it once did."""

from __future__ import annotations

from itertools import product

OPENINGS = {
    "zh": (
        "宽带断了三天，报修两次都没有人来。",
        "上个月的账单多了四十六块。",
        "在你们店里买的空调不制冷。",
        "办过户排了一个小时的队。",
        "快递显示签收，我根本没有拿到。",
        "信用卡年费又扣了，",
        "小区停水没有通知，",
    ),
    "hant": (
        "寬頻斷了三天，報修兩次都沒有人來。",
        "上個月的帳單多了一百二十元。",
        "貴公司的巴士又遲到半小時。",
        "網上買的洗衣機送來就是壞的。",
        "客服電話打了五次都轉來轉去。",
    ),
    "en": (
        "The router has been down since Monday and nobody came. ",
        "My last bill is 46 pounds too high. ",
        "The parcel says delivered but it never arrived. ",
        "I waited an hour at the branch on Tuesday. ",
        "The fridge I bought from you stopped cooling. ",
        "You took the yearly card fee again. ",
        "Hi, about order 88213: ",
    ),
}
WISHES = {
    "zh": (
        "麻烦尽快修好，把多收的钱退给我。",
        "修不修的再说，你们总得补偿我两个月吧，上次不是还送了话费。",
        "我不要钱，我要那个柜员当面道歉，请你们经理给我打电话。",
        "我已经打了12315，也发给了电视台，条例第二十四条你们自己去看，我们整栋楼的人都等着。",
        "每次出问题你们都送点东西，这次打算送什么？",
        "我就想弄明白这一项是什么意思，是按什么收的。",
        "也没有别的事，一个人在家，想跟你们说说话，我儿子在外地。",
        "真是服了，什么破公司，气死我了！！",
        "建议你们在门口贴个通知，大家就不用白跑一趟了。",
        "嗯。",
    ),
    "hant": (
        "請盡快修好，並把多收的錢退回。",
        "總要給我一點補償吧，送點禮券也好。",
        "職員態度惡劣，我要求主管親自道歉。",
        "我會向監管機構投訴，也會找記者，街坊都簽了名。",
        "請問這筆費用是怎樣計算的？我看不明白。",
        "我住的地方很靜，難得有人聽我說話，謝謝你。",
        "受夠了，簡直離譜！",
        "希望貴公司改善指示牌，方便長者。",
    ),
    "en": (
        "Please fix it and refund what I was overcharged.",
        "I want a voucher on top of that for my trouble, two months free at least.",
        "The clerk laughed at me. I want an apology from the manager, in person.",
        "I have written to the regulator, the ombudsman and the press, and all my neighbours have signed.",
        "Last time you gave me a free month. What will it be this time?",
        "What does this line mean and how is it worked out?",
        "It is quiet here since my husband died, it is nice to talk to somebody.",
        "What a joke. Useless. I am so sick of this!!!",
        "It would help everybody if you put up a sign at the entrance.",
        "ok",
    ),
}
TAILS = {
    "zh": ("", "联系我：13800001111。", "谢谢！"),
    "hant": ("", "謝謝。"),
    "en": ("", "Call me on 07700 900123.", " Thanks, and sorry for the long message."),
}
N_TICKETS, N_CUSTOMERS = 500, 90
_DAY, _START = 86_400, 1_750_000_000


def golden_tickets() -> dict[str, list[object]]:
    """Columns of the tickets; customers return, and some of their earlier tickets have an outcome."""
    texts = [
        opening + wish + tail
        for lang in OPENINGS
        for tail, opening, wish in product(TAILS[lang], OPENINGS[lang], WISHES[lang])
    ]
    chosen = [texts[(i * 7) % len(texts)] for i in range(N_TICKETS)]
    created = [_START + (i * 37 % N_TICKETS) * _DAY * 2 // 3 for i in range(N_TICKETS)]
    resolved = [at + 3 * _DAY if i % 5 else "" for i, at in enumerate(created)]
    return {
        "ticket_id": [f"T{i:03}" for i in range(N_TICKETS)],
        "customer_id": [f"C{i * i % N_CUSTOMERS}" if i % 5 < 3 else f"S{i}" for i in range(N_TICKETS)],
        "created_at": list(created),
        "category": [("billing", "repair", "staff")[i % 3] for i in range(N_TICKETS)],
        "text": list(chosen),
        "resolved_at": list(resolved),
        "fault_found": [("no", "unknown", "yes", "no")[i % 4] for i in range(N_TICKETS)],
        "compensation": [25 if i % 3 == 0 else 0 for i in range(N_TICKETS)],
        "satisfaction": [1 + i % 5 for i in range(N_TICKETS)],
    }
