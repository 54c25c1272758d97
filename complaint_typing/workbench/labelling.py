"""What to label next: tickets the model is unsure of, unknown words, rare types, and a sample of all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..artifact import load_model
from ..errors import BadOption
from ..masking import mask
from ..model import Model
from ..resources import data_path
from ..taxonomy import checked_language
from .diversity import Spread
from .pool import Pool, pool_of, ticket_keys, ticket_texts
from .wording import type_names

SHARES = {"unsure": 0.5, "new_words": 0.2, "rare_type": 0.2, "sample": 0.1}
CANDIDATES = 12
FEWEST_CANDIDATES = 60
RARE_AT_LEAST = 0.1
TORN_BELOW = 0.5
QUEUE_COLUMNS = (
    "rank",
    "row",
    "ticket_id",
    "text",
    "reason",
    "why",
    "top_type",
    "p_top",
    "second_type",
    "p_second",
    "known_share",
)
_WHY = {
    "unsure": (
        "模型在{top}（{p1:.0%}）和{second}（{p2:.0%}）之间拿不定",
        "torn between {top} ({p1:.0%}) and {second} ({p2:.0%})",
    ),
    "new_words": (
        "措辞陌生：只有{known:.0%}的字词片段见过",
        "new words: only {known:.0%} of its n-grams are known",
    ),
    "rare_type": (
        "可能是少见类型{rare}（{p:.0%}），已标注{n}条",
        "perhaps {rare} ({p:.0%}), a rare type (labels so far: {n})",
    ),
    "sample": ("随机抽取，使样本反映全体", "drawn at random, so that the sample shows the whole"),
}
_WHY_EXPECTED = (
    "可能是少见类型{rare}（{p:.0%}），预计只占{share:.1%}",
    "perhaps {rare} ({p:.0%}), a rare type: about {share:.1%} of this export",
)


def queue(
    tickets: pd.DataFrame,
    n: int = 100,
    model: Model | None = None,
    labelled: pd.DataFrame | None = None,
    lang: str = "en",
    seed: int = 0,
    masked: bool = True,
) -> pd.DataFrame:
    """The next tickets to label, in an order that may be cut off anywhere.

    Half of them because the model is torn between two types (smallest margin, in turn for each top type, so
    that rare types are not starved: balanced uncertainty sampling), a fifth for words that it does not know,
    a fifth because they may be of a rare type, and a tenth drawn at random, so that what is measured on the
    labels is not about hard cases alone. Within each, tickets unlike those already chosen come first (after
    maximal marginal relevance, Carbonell and Goldstein, 1998), and no two near duplicates are in one queue.

    Parameters
    ----------
    tickets : DataFrame
        An export as :func:`~complaint_typing.tickets.read_frame` gives it; 100,000 tickets take
        about 15 seconds on one core.
    n : int
        How many; fewer come back where there are fewer.
    model : Model, optional
        The shipped one by default.
    labelled : DataFrame, optional
        Tickets labelled already: they are left out, and their types are counted to tell which are rare.
    lang : str
        Of the reasons, "zh" or "en".
    seed : int
        Of the random sample; the same seed gives the same queue.
    masked : bool
        Whether personal data in the texts is masked.

    Returns
    -------
    DataFrame
        ``QUEUE_COLUMNS``: ``row`` is the position in `tickets` (from 0), ``ticket_id`` as
        :func:`~complaint_typing.workbench.pool.ticket_keys` gives it, ``reason`` one of ``SHARES``, ``why``
        the same in words.

    Raises
    ------
    MissingColumns
        When there is neither ``text`` nor ``subject``.
    BadOption
        When `n` is no positive number or `lang` no language of the texts.

    >>> found = queue(pd.DataFrame({"text": ["Where is my refund?", "what a joke", "WHAT A JOKE"]}), n=5)
    >>> len(found), found["ticket_id"].is_unique
    (2, True)
    >>> queue(pd.DataFrame({"text": ["a"]}), n=0)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: n: not a number of tickets from 1 up, got '0'; ask for 100, ...
    """
    checked_language(lang)
    if n < 1:
        raise BadOption("n", n, "a number of tickets from 1 up", "ask for 100, for example")
    model = model or load_model(data_path("model"))
    texts, pool = ticket_texts(tickets), pool_of(tickets, model, labelled)
    n = min(n, len(pool.rows))
    counts = _label_counts(model, labelled)
    shares = _type_shares(pool, counts)
    chosen = _chosen(pool, texts, _orders(pool, shares, n, seed), n)
    return _table(ticket_keys(tickets), texts, pool, model, chosen, shares, counts, lang, masked)


def _label_counts(model: Model, labelled: pd.DataFrame | None) -> NDArray[np.int64] | None:
    """Labels of each type; None where nothing is labelled yet."""
    if labelled is None or "customer_type" not in labelled.columns:
        return None
    counts = labelled["customer_type"].value_counts()
    return np.array([counts.get(name, 0) for name in model.types], dtype=np.int64)


def _type_shares(pool: Pool, counts: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """Share of each type among the labels, else among what the model expects in the pool."""
    if counts is not None:
        return counts / max(counts.sum(), 1)
    return pool.p.mean(axis=0, dtype=float) if len(pool.p) else np.ones(pool.p.shape[1])


def _is_rare(shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Types that have less than half of their part were all alike."""
    return shares < 0.5 / len(shares)


def _orders(pool: Pool, shares: NDArray[np.float64], n: int, seed: int) -> dict[str, NDArray[np.intp]]:
    """For each reason the tickets of the pool in the order in which it wants them, the first few of each."""
    most = max(CANDIDATES * n, FEWEST_CANDIDATES)
    ordered = np.sort(pool.p, axis=1)
    margin = ordered[:, -1] - ordered[:, -2] if pool.p.shape[1] > 1 else ordered[:, -1]
    is_rare = _is_rare(shares)
    rare = [k for k in np.argsort(shares, kind="stable").tolist() if is_rare[k]]
    by_type = [np.flatnonzero(pool.p.argmax(axis=1) == k) for k in range(len(shares))]
    torn = [rows[margin[rows] < TORN_BELOW] for rows in by_type]
    perhaps = [np.flatnonzero(pool.p[:, k] >= RARE_AT_LEAST) for k in rare]
    return {
        "unsure": _in_turn([rows[np.argsort(margin[rows], kind="stable")] for rows in torn])[:most],
        "new_words": np.argsort(pool.known_share, kind="stable")[:most],
        "rare_type": _in_turn(
            [rows[np.argsort(-pool.p[rows, k], kind="stable")] for k, rows in zip(rare, perhaps, strict=True)]
        )[:most],
        "sample": np.random.default_rng(seed).permutation(len(pool.rows))[:most],
    }


def _in_turn(lists: Sequence[NDArray[np.intp]]) -> NDArray[np.intp]:
    """The first of each list, then the second of each; each ticket once.

    >>> _in_turn([np.array([1, 2, 3]), np.array([7]), np.array([2, 9])]).tolist()
    [1, 7, 2, 9, 3]
    """
    if not lists or not sum(map(len, lists)):
        return np.zeros(0, dtype=np.intp)
    rows = np.concatenate(lists)
    turn = np.concatenate([np.arange(len(each)) for each in lists])
    which = np.concatenate([np.full(len(each), k) for k, each in enumerate(lists)])
    rows = rows[np.lexsort((which, turn))]
    return rows[np.sort(np.unique(rows, return_index=True)[1])]


def _chosen(
    pool: Pool, texts: Sequence[str], orders: dict[str, NDArray[np.intp]], n: int
) -> list[tuple[int, str]]:
    """Tickets of the pool with their reason; each reason has its share of every stretch of the queue."""
    wanted = np.unique(np.concatenate(list(orders.values())))
    spread = Spread([texts[row] for row in pool.rows[wanted].tolist()])
    waiting = {name: np.searchsorted(wanted, order) for name, order in orders.items()}
    chosen: list[tuple[int, str]] = []
    while len(chosen) < n:
        due = {name: SHARES[name] * (len(chosen) + 1) for name, rows in waiting.items() if len(rows)}
        if not due:
            break
        had = [reason for _, reason in chosen]
        name = max(due, key=lambda reason: due[reason] - had.count(reason))
        waiting[name] = spread.open(waiting[name])
        if len(waiting[name]):
            place = spread.take(waiting[name])
            chosen.append((int(wanted[place]), name))
    return chosen


def _table(
    keys: Sequence[str],
    texts: Sequence[str],
    pool: Pool,
    model: Model,
    chosen: Sequence[tuple[int, str]],
    shares: NDArray[np.float64],
    counts: NDArray[np.int64] | None,
    lang: str,
    masked: bool,
) -> pd.DataFrame:
    names, is_rare, rows = [*type_names(model.types, lang).values()], _is_rare(shares), []
    for rank, (i, reason) in enumerate(chosen, 1):
        p, row = pool.p[i], int(pool.rows[i])
        top, second = (np.argsort(-p, kind="stable")[:2].tolist() * 2)[:2]
        rare = int(np.where(is_rare & (p >= RARE_AT_LEAST), p, -1).argmax())
        patterns = _WHY_EXPECTED if reason == "rare_type" and counts is None else _WHY[reason]
        why = patterns[lang == "en"].format(
            top=names[top],
            second=names[second],
            p1=p[top],
            p2=p[second],
            known=pool.known_share[i],
            rare=names[rare],
            p=p[rare],
            share=shares[rare],
            n=0 if counts is None else counts[rare],
        )
        text = mask(texts[row]) if masked else texts[row]
        told = (model.types[top], float(p[top]), model.types[second], float(p[second]))
        rows.append((rank, row, keys[row], text, reason, why, *told, float(pool.known_share[i])))
    return pd.DataFrame(rows, columns=list(QUEUE_COLUMNS))
