"""The cause-and-remedy report: what happened, what to examine, what the team does about it, and by when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ..errors import BadOption
from ..taxonomy import Taxonomy, read_taxonomy
from .care_tickets import CareTickets, Scored, care_tickets
from .cause_words import FEWEST_CUSTOMERS, FEWEST_TICKETS, EvidenceWords
from .causes import MEASURES, causes, grouping, groups_shown
from .followups import QUESTIONS_EN, QUESTIONS_ZH, REOPEN_EN, REOPEN_ZH, as_day, follow_ups
from .refusals import DEFINITION_EN, DEFINITION_ZH
from .trend import by_month, trend
from .wording import markdown, markdown_table, spoken, term_name

REPORTED = ("category", "branch")
GROUP_NAMES = {"category": ("类别", "category"), "branch": ("网点", "branch"), "agent": ("员工", "agent")}
FLAG_NAMES = {"above": ("高于总体", "above overall"), "below": ("低于总体", "below overall"), "": ("", "")}
_DIRECTIONS = {
    "rising": ("明显增多", "clearly rising"),
    "falling": ("明显减少", "clearly falling"),
    "": ("没有明显变化", "no clear change"),
}
_NEEDS = ("customer_id", "created_at", "customer_type", "emotional_mode", "strategy_id", "evidence")
_FOLLOW_UP_NEEDS = frozenset({"ticket_id", "created_at", "follow_up_days", "strategy", "next_step"})
_MONTHS_SHOWN = 12
_ROWS_TO_FILL = 3
_REVIEW_DAYS = 30
_SOON_DAYS = 7


def cause_report(
    scored: Scored,
    by: str = "category",
    *,
    today: str | date,
    lang: str | None = None,
    policy: str | Path | None = None,
) -> str:
    """The cause-and-remedy report as Markdown, a section for each category or branch.

    What happened (types, rates, trend by month); probable causes to examine, which are words that many
    customers' tickets share and no findings; remedies for the team to fill in; the dated follow-up. It holds
    no ticket, customer or agent ids; words stand in it only if at least five tickets of at least three
    customers have them, sections and types only if at least five tickets do. Names of people that many
    customers write, without a title, cannot be told from other words: read the report before you pass it on.

    Source: 001 (causes and remedies in writing, shared so that it does not happen again; a dated follow-up).

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
    by : {"category", "branch"}
    today : str or date
        Of the report.
    lang : {"zh", "en"}, optional
        Both languages by default.
    policy : path, optional
        Folder with taxonomy and playbook; what ships by default.

    Returns
    -------
    str

    Raises
    ------
    MissingScoredColumns
        Naming all columns that are missing.
    BadOption
        When `by` is another grouping or `today` no date.

    >>> frame = pd.DataFrame({"category": ["bill"] * 6, "customer_id": list("abcdef")})
    >>> frame = frame.assign(customer_type="venting", emotional_mode="rational", strategy_id="let_vent")
    >>> frame = frame.assign(created_at="2025-03-01", evidence="wrong charge")
    >>> print(cause_report(frame, today="2025-04-01", lang="en"))
    # Causes and remedies, by category
    ...
    ## bill
    ...
    | wrong charge | 6 | 6 | 100 % | 0 % |  |
    ...
    >>> cause_report(frame, "agent", today="2025-04-01")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: by: not a grouping of the report, got 'agent'; ...
    """
    if by not in REPORTED:
        raise BadOption("by", by, "a grouping of the report", "use category or branch")
    tickets = care_tickets(scored).need([grouping(by), *_NEEDS])
    return _Report(tickets, by, as_day(today), lang, policy).text()


class _Report:
    """One report in the making."""

    def __init__(
        self, tickets: CareTickets, by: str, today: pd.Timestamp, lang: str | None, policy: str | Path | None
    ):
        self.by, self.today, self.lang = by, today, lang
        self.table, self.types = tickets.table, tickets.types
        self.group = groups_shown(tickets, by)
        self.taxonomy: Taxonomy = read_taxonomy(Path(policy) / "taxonomy.csv" if policy else None)
        self.rates = causes(tickets, by, policy)
        names = {*self.table["customer_id"], *self.table["agent_id"], *self.table["ticket_id"]}
        self.words = EvidenceWords(self.table["evidence"].tolist(), self.table["customer_id"].tolist(), names)
        self.due = (
            follow_ups(tickets, today, lang, policy=policy) if tickets.present >= _FOLLOW_UP_NEEDS else None
        )
        self.first, self.last = self.table["created"].min(), self.table["created"].max()

    def say(self, zh: str, en: str) -> str:
        return spoken(zh, en, self.lang)

    def text(self) -> str:
        sizes = self.group[self.group != ""].value_counts()
        told = sorted(sizes.index[sizes >= FEWEST_TICKETS])
        few = sizes[sizes < FEWEST_TICKETS]
        parts = [self._head(len(few), int(few.sum()), int((self.group == "").sum()))]
        parts += [self._section(name) for name in told]
        return "\n\n".join(parts) + "\n"

    def _head(self, few: int, in_few: int, without: int) -> str:
        zh, en = GROUP_NAMES[self.by]
        period = "" if pd.isna(self.first) else f" ({self.first.date()} – {self.last.date()})"
        lines = [
            f"# {self.say(f'原因与对策（按{zh}）', f'Causes and remedies, by {en}')}",
            "",
            f"- {self.say('报告日期', 'date of the report')}: {self.today.date()}",
            f"- {self.say('工单', 'tickets')}: {len(self.table)}{period}",
        ]
        if few:
            n = self.say(
                f"{few} 个{zh}不足 {FEWEST_TICKETS} 件，不单列（共 {in_few} 件）",
                f"{few} with fewer than {FEWEST_TICKETS} tickets have no section ({in_few} tickets in all)",
            )
            lines.append(f"- {n}")
        if without:
            lines.append(f"- {self.say(f'没有填写{zh}', f'without a {en}')}: {without}")
        rule = self.say(
            "率按小样本收缩，区间为95%；只有区间不含总体率时才标记。",
            "Rates are shrunk where numbers are small, with 95 % intervals; a mark stands only where the "
            "interval excludes the overall rate.",
        )
        notes = [rule] + ([self.say(DEFINITION_ZH, DEFINITION_EN)] if self.by == "branch" else [])
        return "\n".join([*lines, *(f"- {note}" for note in notes)])

    def _section(self, name: str) -> str:
        here = (self.group == name).to_numpy()
        parts = [
            f"## {markdown(name)}",
            f"### 1. {self.say('发生了什么', 'What happened')}",
            self._types(here),
            self._rates(name),
            self._months(here),
            f"### 2. {self.say('可能的原因，待查证', 'Probable causes, to be examined')}",
            self._causes(here),
            f"### 3. {self.say('对策', 'Remedies')}",
            self._remedies(),
            f"### 4. {self.say('回访与复查', 'Follow-up')}",
            self._follow_up(here),
        ]
        return "\n\n".join(filter(None, parts))

    def _types(self, here: object) -> str:
        counts = self.types[here].value_counts()
        told = sorted(counts[counts >= FEWEST_TICKETS].items(), key=lambda pair: (-pair[1], str(pair[0])))
        rows = [[markdown(term_name(self.taxonomy, str(id), self.lang)), str(count)] for id, count in told]
        rest = int(counts.sum()) - sum(count for _, count in told)
        if rest:
            rows.append([self.say("其他类型", "other types"), str(rest)])
        rows.append([self.say("合计", "in all"), str(int(counts.sum()))])
        return markdown_table([self.say("客户类型", "customer type"), self.say("工单", "tickets")], rows)

    def _rates(self, name: str) -> str:
        rows = []
        for found in self.rates[self.rates["group"] == name].itertuples():
            measure = next(m for m in MEASURES if m.id == found.measure)
            if found.cases >= FEWEST_TICKETS:
                rate, low, high = (_percent(share) for share in (found.rate, found.low, found.high))
                shown = [str(found.cases), f"{rate} ({low}–{high})", _percent(found.overall)]
                rows.append([self.say(measure.zh, measure.en), *shown, self.say(*FLAG_NAMES[found.flag])])
        header = [
            ("指标", "rate of"),
            ("计入的工单", "tickets counted"),
            ("估计（95%）", "estimate (95 %)"),
            ("总体", "overall"),
            ("标记", "mark"),
        ]
        return markdown_table([self.say(*pair) for pair in header], rows) if rows else ""

    def _months(self, here: object) -> str:
        days = self.table["created"][here]
        if days.isna().all():
            return self.say("没有受理时间，看不出趋势。", "No times, so no trend can be seen.")
        months = by_month(days, self.first, self.last)
        shown = list(months.items())[-_MONTHS_SHOWN:]
        earlier = sum(months.values()) - sum(count for _, count in shown)
        rows = [[self.say("更早", "earlier"), str(earlier)]] if earlier else []
        rows += [[month, str(count)] for month, count in shown]
        found = trend(days, self.first, self.last)
        zh, en = _DIRECTIONS[found.direction]
        sentence = self.say(
            f"后半段 {found.second_half} 件，前半段 {found.first_half} 件：{zh}。",
            f"Second half of the period {found.second_half}, first half {found.first_half}: {en}.",
        )
        return (
            markdown_table([self.say("月份", "month"), self.say("工单", "tickets")], rows) + f"\n\n{sentence}"
        )

    def _causes(self, here: pd.Series) -> str:
        found = self.words.candidates(here)
        if not found:
            return self.say(
                f"没有哪个词出现在至少{FEWEST_TICKETS}件、{FEWEST_CUSTOMERS}位客户的工单中。",
                f"No word stands in at least {FEWEST_TICKETS} tickets of {FEWEST_CUSTOMERS} customers.",
            )
        header = [
            ("字词", "words"),
            ("工单", "tickets"),
            ("客户", "customers"),
            ("此处", "here"),
            ("别处", "elsewhere"),
            ("明显多于别处", "clearly more here"),
        ]
        rows = [
            [
                markdown(c.words),
                str(c.tickets),
                str(c.customers),
                _percent(c.share_here),
                _percent(c.share_elsewhere),
                self.say("是", "yes") if c.clearly else "",
            ]
            for c in found
        ]
        note = self.say(
            "多位客户的工单共有这些词，只是线索；先查证，再认定原因。",
            "Tickets of several customers share these words. They are leads and no findings: look before you "
            "name a cause.",
        )
        return markdown_table([self.say(*pair) for pair in header], rows) + f"\n\n{note}"

    def _remedies(self) -> str:
        pairs = [
            ("查实的原因", "cause, as established"),
            ("对策", "remedy"),
            ("负责人", "owner"),
            ("期限", "due date"),
        ]
        return markdown_table([self.say(*pair) for pair in pairs], [[""] * len(pairs)] * _ROWS_TO_FILL)

    def _follow_up(self, here: pd.Series) -> str:
        review = (self.today + pd.Timedelta(days=_REVIEW_DAYS)).date()
        lines = [f"- {self.say('复查对策是否见效', 'check whether the remedies worked')}: {review}"]
        if self.due is not None:
            mine = self.due[self.due["row"].isin(self.table["row"][here])]
            late = int(mine["status"].eq("overdue").sum())
            soon = mine["due"].between(self.today, self.today + pd.Timedelta(days=_SOON_DAYS))
            lines += [
                f"- {self.say('逾期未回访', 'follow-ups overdue')}: {late}",
                f"- {self.say(f'{_SOON_DAYS}天内到期', f'due within {_SOON_DAYS} days')}: {int(soon.sum())}",
            ]
        questions = self.say("".join(QUESTIONS_ZH), " ".join(QUESTIONS_EN))
        lines.append(f"- {self.say('回访三问', 'three questions')}: {questions}")
        lines.append(f"- {self.say(REOPEN_ZH, REOPEN_EN)}")
        return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
