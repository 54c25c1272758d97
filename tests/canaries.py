"""Made-up personal data of every kind, what stands around it, and numbers that are none."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from random import Random

FULL_WIDTH = {code: code + 0xFEE0 for code in range(33, 127)}
TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
PROVINCES = [
    11,
    12,
    13,
    14,
    15,
    21,
    22,
    23,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    41,
    42,
    43,
    44,
    45,
    46,
    50,
    51,
    52,
    53,
    54,
    61,
]
AREAS = [
    "010",
    "020",
    "021",
    "023",
    "028",
    "0755",
    "0571",
    "0512",
    "0531",
    "0371",
    "0898",
    "0991",
    "0431",
    "0316",
]


def digits(r: Random, n: int) -> str:
    return "".join(r.choice("0123456789") for _ in range(n))


def day(r: Random, form: str) -> str:
    return (datetime.date(1940, 1, 1) + datetime.timedelta(r.randrange(21000))).strftime(form)


def grouped(r: Random, text: str, *sizes: int, separators: str = " -") -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return r.choice(separators).join(parts)


def with_luhn(body: str) -> str:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(body))]
    return body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def chinese_id(r: Random) -> str:
    body = str(r.choice(PROVINCES)) + digits(r, 4) + day(r, "%Y%m%d") + digits(r, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def hong_kong_id(r: Random) -> str:
    letters = "".join(r.choice("ABCDEFGHKMNPRSVWYZ") for _ in range(r.choice((1, 1, 2))))
    number = digits(r, 6)
    values = [36] * (2 - len(letters)) + [int(c, 36) for c in letters + number]
    check = -sum(v * w for v, w in zip(values, (9, 8, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return f"{letters}{number}({'A' if check == 10 else check})"


def taiwan_id(r: Random) -> str:
    letter, body = r.choice(TAIWAN), r.choice("1289") + digits(r, 7)
    area = TAIWAN.index(letter) + 10
    total = (
        area // 10
        + area % 10 * 9
        + sum(w * int(d) for w, d in zip((8, 7, 6, 5, 4, 3, 2, 1), body, strict=True))
    )
    return letter + body + str(-total % 10)


def card(r: Random) -> str:
    length, prefixes = r.choice(
        [(15, "34 37"), (16, "4 51 55 2345 622202 3530 6011"), (19, "622202 621700 955880")]
    )
    prefix = r.choice(prefixes.split())
    number = with_luhn(prefix + digits(r, length - 1 - len(prefix)))
    sizes = {15: (4, 6, 5), 16: (4, 4, 4, 4), 19: (4, 4, 4, 4, 3)}[length]
    return r.choice([number, grouped(r, number, *sizes)])


def mobile(r: Random) -> str:
    return "1" + r.choice("3456789") + digits(r, 9)


def spaced_mobile(r: Random) -> str:
    number = mobile(r)
    sizes = r.choice([(3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (3, 2, 2, 2, 2)])
    forms = [
        grouped(r, number, *sizes),
        " ".join(number),
        f"+86 {number}",
        f"86-{number}",
        f"0086{number}",
        f"(86){number}",
    ]
    return r.choice(forms)


def landline(r: Random) -> str:
    area = r.choice(AREAS)
    number = r.choice("2345678") + digits(r, 7 if len(area) == 3 else r.choice((6, 7)))
    forms = [
        f"{area}-{number}",
        f"({area}){number}",
        f"（{area}）{number}",
        f"{area} {number}",
        area + number,
    ]
    return r.choice([*forms, f"{area}-{number}-801"])


def email(r: Random) -> str:
    name = r.choice(["zhang.san", "li_wei88", "a.chen+tag", "service01", "J.Smith", digits(r, 8)])
    return name + r.choice("@@@＠") + r.choice(["qq.com", "163.com", "example.co.uk", "mail.example.com.hk"])


def hong_kong_phone(r: Random) -> str:
    a, b = r.choice("5679") + digits(r, 3), digits(r, 3) + r.choice("123456789")
    return r.choice(
        [f"{a} {b}", f"+852 {a} {b}", f"+852-{a}{b}", f"00852{a}{b}", f"電話{a}{b}", f"Whatsapp:{a}{b}"]
    )


def taiwan_phone(r: Random) -> str:
    m = "09" + digits(r, 8)
    mobiles = [
        m,
        f"{m[:4]}-{m[4:7]}-{m[7:]}",
        f"{m[:4]} {m[4:7]} {m[7:]}",
        f"{m[:4]}-{m[4:]}",
        f"+886-{m[1:]}",
    ]
    lines = [
        f"(02)2{digits(r, 3)}-{digits(r, 4)}",
        f"04-{digits(r, 4)}-{digits(r, 4)}",
        f"07-{digits(r, 3)}-{digits(r, 4)}",
    ]
    return r.choice([*mobiles, *lines])


def american_phone(r: Random) -> str:
    a, b, c = r.choice(["212", "415", "303", "617"]), r.choice("23456789") + digits(r, 2), digits(r, 4)
    forms = [f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"+1 {a} {b} {c}", f"1-{a}-{b}-{c}"]
    return r.choice([*forms, f"call me at {a}{b}{c}"])


def british_phone(r: Random) -> str:
    forms = [f"07{digits(r, 3)} {digits(r, 6)}", f"07{digits(r, 9)}", f"+44 7{digits(r, 3)} {digits(r, 6)}"]
    return r.choice([*forms, f"020 7{digits(r, 3)} {digits(r, 4)}", f"(0161) {digits(r, 3)} {digits(r, 4)}"])


def other_phone(r: Random) -> str:
    forms = [
        f"+65 9{digits(r, 3)} {digits(r, 4)}",
        f"+81-90-{digits(r, 4)}-{digits(r, 4)}",
        f"+49 30 {digits(r, 8)}",
    ]
    return r.choice([*forms, f"+33 6 {digits(r, 2)} {digits(r, 2)} {digits(r, 2)} {digits(r, 2)}"])


CANARIES: dict[str, Callable[[Random], str]] = {
    "mobile": mobile,
    "spaced mobile": spaced_mobile,
    "full-width mobile": lambda r: mobile(r).translate(FULL_WIDTH),
    "landline": landline,
    "Chinese id": chinese_id,
    "spaced Chinese id": lambda r: grouped(r, chinese_id(r), 6, 8, 4),
    "full-width Chinese id": lambda r: chinese_id(r).translate(FULL_WIDTH),
    "old Chinese id": lambda r: str(r.choice(PROVINCES)) + digits(r, 4) + day(r, "%y%m%d") + digits(r, 3),
    "card": card,
    "full-width card": lambda r: with_luhn("622202" + digits(r, 12)).translate(FULL_WIDTH),
    "e-mail": email,
    "full-width e-mail": lambda r: email(r).replace("＠", "@").translate(FULL_WIDTH),
    "Hong Kong id": hong_kong_id,
    "full-width Hong Kong id": lambda r: hong_kong_id(r).translate(FULL_WIDTH),
    "Taiwan id": taiwan_id,
    "Macau id": lambda r: f"{r.choice('157')}{digits(r, 6)}({digits(r, 1)})",
    "Hong Kong phone": hong_kong_phone,
    "Taiwan phone": taiwan_phone,
    "American phone": american_phone,
    "British phone": british_phone,
    "other phone": other_phone,
    "social security number": lambda r: (
        f"{r.randrange(100, 600)}-{r.randrange(10, 99)}-{r.randrange(1000, 9999)}"
    ),
}
AROUND = [
    "我的电话是{}，请尽快回电。",
    "{}",
    "联系{}谢谢",
    "用户留{}，要求今日回复",
    "尾号2291，{}，已核实",
    "投诉人{}反映7月15日10:30断网",
    "\n{}\n",
    "麻煩找{}喔",
    "（{}）",
    "my details: {} thanks",
    "Reach me on {}, any time",
    "Cust {} called re bill £42.10",
    "it's {}. please",
]

NO_PERSON: dict[str, Callable[[Random], str]] = {
    "twelve digits": lambda r: r.choice("123456789") + digits(r, 11),
    "nineteen digits": lambda r: r.choice("123456789") + digits(r, 18),
    "SF": lambda r: "SF" + digits(r, r.choice((12, 13))),
    "YT": lambda r: "YT" + digits(r, 13),
    "JD": lambda r: "JD" + r.choice(["VA", "VB", "00"]) + digits(r, 11),
    "fourteen digits": lambda r: "7" + digits(r, 13),
    "payment of 28 digits": lambda r: r.choice(["20240315", "42000021"]) + digits(r, 20),
    "dated order": lambda r: "240315-" + digits(r, 15),
    "dated, 18 digits": lambda r: "20240315" + digits(r, 10),
    "dated, 16 digits": lambda r: "20240315" + digits(r, 8),
    "1Z": lambda r: "1Z" + "".join(r.choice("0123456789ABCDEFGHJKLMN") for _ in range(16)),
    "post": lambda r: "9400" + digits(r, 18),
    "registered post": lambda r: "EE" + digits(r, 9) + "CN",
    "shop of three groups": lambda r: f"{r.randrange(100, 114)}-{digits(r, 7)}-{digits(r, 7)}",
    "announced as an order": lambda r: (
        r.choice(["订单号：", "运单号", "order no. ", "tracking number is "]) + mobile(r)
    ),
    "eight digits": lambda r: r.choice("123456789") + digits(r, 7),
    "ten digits": lambda r: r.choice("123456789") + digits(r, 9),
    "bar code": lambda r: "69" + digits(r, 11),
    "time": lambda r: day(r, "%Y-%m-%d") + f" 14:{digits(r, 2)}:{digits(r, 2)}",
    "date": lambda r: day(r, r.choice(["%Y/%m/%d", "%d/%m/%Y", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d"])),
    "amount": lambda r: f"{r.randrange(1, 999)},{digits(r, 3)},{digits(r, 3)}.{digits(r, 2)}",
    "range": lambda r: f"{r.randrange(1000, 9999)}-{r.randrange(1000, 9999)}元",
    "hotline": lambda r: r.choice(
        ["12315", "10086", "95588", "400-820-8820", "4008208820", "1-800-555-0199"]
    ),
    "masked": lambda r: r.choice(
        ["138****2291", "6222********0134", "尾号2291", "a***@qq.com", "+86 138****2291"]
    ),
    "flight": lambda r: f"CA{digits(r, 4)} {day(r, '%Y-%m-%d')}",
}
