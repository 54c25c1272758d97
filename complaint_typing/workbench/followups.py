"""The follow-up list: what is due when, with the three questions, and when a ticket is opened again."""

from __future__ import annotations

from datetime import date, datetime
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from ..cells import FLAG_WORDS, choices
from ..errors import BadOption, BadValue
from ..formula_guard import unguard
from ..playbook import read_playbook
from ..policy import TABLES, PolicyTable
from ..policy_rules import combined
from ..spoken import SPOKEN
from ..taxonomy import read_table
from .care_tickets import Scored, care_tickets
from .causes import DISSATISFIED
from .needed_columns import need_columns
from .refusals import refusals_by_the_rules
from .wording import spoken

QUESTIONS_ZH = ("答应您的都办到了吗？", "这样处理管用吗？", "还有别的问题吗？")
QUESTIONS_EN = ("Was it done?", "Was it useful?", "Is there anything else?")
REOPEN_ZH = (
    "重开：没有办到、不管用、还有别的问题，或者办结时的评分只有1-2分（按规矩拒绝的除外），就重新打开，"
    "再找更可行的办法。"
)
REOPEN_EN = (
    "Reopen: when it was not done, was no use, something else is wrong, or the ticket was closed with a "
    "score of 1 or 2 (refusals by the rules aside), open it again and look for something that works better."
)
ANSWERS = ("done", "useful", "anything_else")
_ORDER = ("reopen", "overdue", "today", "upcoming", "undated")
_NEEDS = (
    "ticket_id",
    "created_at",
    "follow_up_days",
    "customer_type",
    "strategy_id",
    "strategy",
    "next_step",
)
_FIRST_CJK, _LAST_CJK = "\u3400", "\u9fff"


def as_day(today: str | date) -> pd.Timestamp:
    """A day, without its time.

    >>> str(as_day("2025-06-30").date())
    '2025-06-30'
    >>> as_day("30.6.")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: today: not a date, got '30.6.'; write it as 2026-12-31
    """
    try:
        parsed = date.fromisoformat(today.strip()) if isinstance(today, str) else today
        if not isinstance(parsed, date) or pd.isna(parsed):
            raise ValueError
        return pd.Timestamp(parsed.date() if isinstance(parsed, datetime) else parsed)
    except ValueError:
        raise BadOption("today", today, "a date", "write it as 2026-12-31") from None


def must_reopen(done: str, useful: str, anything_else: str) -> bool | None:
    """Whether the answers to the three questions open the ticket again.

    It is opened again when it was not done or was no use, or something else is wrong. It stays settled when
    both were answered with yes and nothing else was said. Source: 001 (a customer who is not content with
    the solution is owed a better one).

    Parameters
    ----------
    done, useful : str
        Yes or no, in Chinese or English; "" while not asked.
    anything_else : str
        What the customer said; "" or no when nothing.

    Returns
    -------
    bool or None
        None while a question is open and nothing asks for reopening.

    Raises
    ------
    BadValue
        When `done` or `useful` is neither yes nor no.

    >>> must_reopen("是", "yes", ""), must_reopen("yes", "否", ""), must_reopen("yes", "yes", "票据没收到")
    (False, True, True)
    >>> must_reopen("", "yes", "") is None
    True
    >>> must_reopen("perhaps", "yes", "")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadValue: column done: not yes or no, got 'perhaps'; ...
    """
    (was_done, was_useful, more), bad = choices([done, useful, anything_else], FLAG_WORDS, None)
    for place in bad:
        if place < len(ANSWERS) - 1:
            value = (done, useful)[place]
            raise BadValue(
                None, ANSWERS[place], value, "yes or no", "write yes, no, 是 or 否, or leave it empty"
            )
    if was_done == 0 or was_useful == 0 or more == 1 or len(ANSWERS) - 1 in bad:
        return True
    return None if was_done is None or was_useful is None else False


def read_answers(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a follow-up list back whose answers the team has filled in.

    Parameters
    ----------
    path : path
        The list as written, saved by any spreadsheet; needs `ticket_id`, `done`, `useful`, `anything_else`.

    Raises
    ------
    PolicyError
        When the file is no table or lacks a column.

    >>> read_answers("no_such_file.csv")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.PolicyError: no_such_file.csv: 1 fault
      cannot be opened (No such file or directory); ...
    """
    columns = ("ticket_id", *ANSWERS)
    rows = [{name: unguard(row[name]) for name in columns} for _, row in read_table(str(path), columns)]
    return pd.DataFrame(rows, columns=list(columns), dtype=object)


def follow_ups(
    scored: Scored,
    today: str | date,
    lang: str | None = None,
    answers: pd.DataFrame | None = None,
    policy: str | Path | None = None,
) -> pd.DataFrame:
    """What is due when.

    A follow-up is due `follow_up_days` after the day on which the ticket was resolved, or, where it is not
    resolved, after the day on which it was created.

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
    today : str or date
        What is due before it is overdue.
    lang : {"zh", "en"}, optional
        Of questions, strategies and next steps; by default that of the ticket's own strategy. A next step
        that the policy's own rules do not say stays as it was scored.
    answers : DataFrame, optional
        From :func:`read_answers`; tickets that are settled leave the list, those to be opened again lead it.
    policy : path, optional
        Folder with the playbook; what ships by default.

    Returns
    -------
    DataFrame
        A row for each ticket that is to be followed up: `status` (``reopen``, ``overdue``, ``today``,
        ``upcoming``, ``undated``), `due` (a day), `days_overdue`, `row` (in the file, from 1), `ticket_id`,
        `counted_from`, `strategy_id`, `strategy`, `next_step`, `questions`, `done`, `useful`,
        `anything_else`, `reopen` (``yes`` or ""). Sorted by status in this order, day and row.

    Raises
    ------
    MissingScoredColumns
        Naming all columns that are missing.
    MissingColumns
        When the answers lack a column.
    BadValue
        When `today` is no date, or an answer is neither yes nor no.

    >>> frame = pd.DataFrame({"ticket_id": ["a", "b"], "created_at": ["2025-03-01", "2025-03-02"]})
    >>> frame = frame.assign(resolved_at=["", "2025-03-09"], follow_up_days=[3, 7], strategy_id="restore")
    >>> frame = frame.assign(customer_type="venting", strategy="Put it right", next_step="Ring back")
    >>> due = follow_ups(frame, today="2025-03-10")
    >>> due["due"] = due["due"].dt.strftime("%d %b")
    >>> due[["status", "due", "days_overdue", "ticket_id", "counted_from"]].values.tolist()
    [['overdue', '04 Mar', 6, 'a', 'created_at'], ['upcoming', '16 Mar', 0, 'b', 'resolved_at']]
    """
    tickets = care_tickets(scored).need(_NEEDS)
    table = tickets.table.assign(refused=refusals_by_the_rules(tickets, policy))
    listed = table[table["follow_up_days"].notna()]
    now = as_day(today)
    start = listed["resolved"].fillna(listed["created"])
    due = start + pd.to_timedelta(listed["follow_up_days"], unit="D").dt.floor("D")
    said = _answers_by_ticket(answers)
    told = [said.get(ticket, ("", "", "")) if ticket else ("", "", "") for ticket in listed["ticket_id"]]
    verdict_of = {answer: must_reopen(*answer) for answer in set(told)}
    verdicts = [verdict_of[answer] for answer in told]
    unhappy = listed["satisfaction"].isin(DISSATISFIED) & listed["resolved"].notna()
    unhappy &= (listed["reopened"] != 1) & ~listed["refused"]
    reopen = np.array([verdict is True for verdict in verdicts], dtype=bool)
    open_yet = np.array([verdict is None for verdict in verdicts], dtype=bool)
    found = pd.DataFrame(
        {
            "status": np.where(reopen, "reopen", _status(due, now)),
            "due": due,
            "days_overdue": (now - due).dt.days.clip(lower=0).fillna(0).astype("int64"),
            "row": listed["row"],
            "ticket_id": listed["ticket_id"],
            "counted_from": _counted_from(listed),
            "strategy_id": listed["strategy_id"],
            **_said_in(listed, lang, policy),
            "questions": listed["strategy"].map(
                {s: _questions(s, lang) for s in listed["strategy"].unique()}
            ),
            **{name: [answer[i] for answer in told] for i, name in enumerate(ANSWERS)},
            "reopen": np.where(reopen | (unhappy.to_numpy() & open_yet), "yes", ""),
        }
    )
    found = found[reopen | open_yet]
    rank = found["status"].map({name: i for i, name in enumerate(_ORDER)})
    return found.assign(rank=rank).sort_values(["rank", "due", "row"], ignore_index=True).drop(columns="rank")


def _said_in(listed: pd.DataFrame, lang: str | None, policy: str | Path | None) -> dict[str, pd.Series]:
    """Strategies and next steps in `lang`, as far as playbook and policy have them; else as scored."""
    said = {name: listed[name] for name in ("strategy", "next_step")}
    if lang is None:
        return said
    book = read_playbook(policy)
    own = policy is not None and all((Path(policy) / name).exists() for name in TABLES)
    rules = PolicyTable.read(policy if own else None)
    names = {id: strategy.name(lang) for id, strategy in book.items()}
    pairs = list(zip(listed["policy_rule"], listed["next_step"], strict=True))
    told = {pair: _step_in(lang, rules, *pair) for pair in set(pairs)}
    strategies = listed["strategy_id"].map(names).fillna(listed["strategy"])
    steps = pd.Series([told[pair] for pair in pairs], index=listed.index, dtype=object)
    return {"strategy": strategies, "next_step": steps}


def _step_in(lang: str, rules: PolicyTable, ids: str, step: str) -> str:
    """A next step in `lang`, where it is what these rules say in some language."""
    rule_id, *fired = ids.split(";")
    rule = next((rule for rule in rules.rules if rule.rule_id == rule_id), None)
    if rule is None:
        return step
    outcome = combined(
        rule, [risk for risk in rules.risk_rules if risk.rule_id in fired], rules.taxonomy.ids("role")
    )
    return outcome.next_step(lang) if step in map(outcome.next_step, SPOKEN) else step


def _status(due: pd.Series, now: pd.Timestamp) -> np.ndarray:
    conditions = [due.isna(), due < now, due == now]
    return np.select(conditions, ["undated", "overdue", "today"], "upcoming")


def _counted_from(listed: pd.DataFrame) -> np.ndarray:
    conditions = [listed["resolved"].notna(), listed["created"].notna()]
    return np.select(conditions, ["resolved_at", "created_at"], "")


def _questions(strategy: str, lang: str | None) -> str:
    """The three questions in `lang`, or in the language of the strategy's name."""
    own = "zh" if any(_FIRST_CJK <= c <= _LAST_CJK for c in strategy) else "en"
    return spoken("".join(QUESTIONS_ZH), " ".join(QUESTIONS_EN), lang or own)


def _answers_by_ticket(answers: pd.DataFrame | None) -> dict[str, tuple[str, str, str]]:
    if answers is None:
        return {}
    need_columns(answers, ("ticket_id", *ANSWERS))
    rows = zip(answers["ticket_id"], *(answers[name] for name in ANSWERS), strict=True)
    return {ticket: (done, useful, more) for ticket, done, useful, more in rows if done or useful or more}
