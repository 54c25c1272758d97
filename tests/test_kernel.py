"""The compiled kernel: what a plain loop finds, and bit for bit what numpy and scipy find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaint_typing import Advisor, PolicyTable, kernel, kernel_cues, kernel_fold, kernel_one, kernel_words
from complaint_typing.fast import use_kernel
from complaint_typing.folding import fold_texts
from complaint_typing.gram_sums import LookedUp, gram_sums
from complaint_typing.lookup import NgramLookup
from complaint_typing.ngrams import Views, within
from complaint_typing.place_sums import place_sums
from complaint_typing.ticket_table import tickets_from_columns
from complaint_typing.ticket_texts import facts_of
from complaint_typing.weight_units import WeightUnits
from complaint_typing.word_runs import word_runs

PIECES = [
    "宽带坏了。",
    "请退还费用",
    "I want a gift. ",
    "。",
    " ",
    "\n",
    "138",
    "@a",
    "www.a.b",
    "\ud800",
    "://",
    "\0",
]
JOINED = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
TEXTS = st.lists(JOINED | st.text(max_size=30), max_size=8)


@pytest.fixture(autouse=True)
def _as_before():
    yield
    use_kernel(None)


def plain_sums(views: Views, keys: list[int], units: np.ndarray) -> tuple[list[list[float]], list[int]]:
    """Distinct known n-grams of each text, by way of a dict and a set."""
    rows, inside, sums, found = {key: row for row, key in enumerate(keys)}, within(views.bounds), [], []
    owner = np.repeat(np.arange(len(views.bounds) - 1), np.diff(views.bounds))[np.nonzero(inside)[1]]
    for i in range(len(views.bounds) - 1):
        hits = [rows[h] for h in views.hashes[inside][owner == i].tolist() if h in rows]
        sums.append(units[sorted(set(hits))].astype(int).sum(axis=0).tolist())
        found.append(len(hits))
    return sums, found


@given(TEXTS, st.integers(0, 2**32 - 1), st.integers(1, 40), st.booleans())
@settings(max_examples=60)
def test_sums_are_those_of_a_plain_loop(texts, seed, columns, crowded):
    views, random = Views.of(fold_texts(texts)), np.random.default_rng(seed)
    there = np.unique(views.hashes)
    keys = random.permutation(there)[: random.integers(1, len(there) + 1)] if len(there) else there
    if crowded:
        keys = np.unique(np.append(keys, np.uint32(seed & 0xFFF00000) + np.arange(30, dtype=np.uint32)))
    lookup = NgramLookup(keys.astype(np.uint32))
    table = WeightUnits.of(random.normal(size=(len(keys), columns)).astype(np.float32))
    expected, expected_found = plain_sums(views, keys.tolist(), table.units)
    core, n = gram_sums(LookedUp(views, lookup), table), len(texts)
    assert [*core.whole.tolist(), *core.last.tolist()] == expected
    if len(keys):
        looked = LookedUp(views, lookup, kernel)
        assert kernel.sums(views, table, looked.by_text)[1].tolist() == expected_found
        compiled = gram_sums(looked, table)
        assert all(np.array_equal(a, b) for a, b in zip(core, compiled, strict=True))
        assert n == len(compiled.known_share)


def test_no_bit_of_a_score_tells_who_summed_or_in_which_block(model, corpus):
    texts = [*corpus["text"].tolist(), "", "x", "www.a.b @c 12345678", "长" * 3_000] * 3
    facts = facts_of(texts)
    said = {}
    for choice in (False, True):
        use_kernel(choice)
        said[choice] = [part.tobytes() for part in model.score(texts, facts)]
        alone = [model.score([text], facts_of([text])).types[0] for text in texts[-20:]]
        assert np.array_equal(model.score(texts, facts).types[-20:], np.array(alone))
    assert said[False] == said[True]


@given(TEXTS)
def test_texts_are_folded_as_by_numpy(texts):
    plain, compiled = fold_texts(texts), fold_texts(texts, kernel)
    for name in ("padded", "bounds", "marks", "places"):
        assert np.array_equal(getattr(plain, name), getattr(compiled, name)), name


@given(TEXTS, st.integers(0, 4))
@settings(max_examples=40)
def test_the_runs_of_words_are_those_of_numpy(model, texts, top):
    block, tops = fold_texts(texts), np.full(len(texts), top)
    core, compiled = (LookedUp(Views.of(block), model.lookup, by) for by in (None, kernel))
    factors = model.weigh_sums(model.sums_of(core), facts_of(texts)).factors
    may = block.padded >= ord("a"), np.arange(len(block.padded)) % 3 > 0
    plain = word_runs(block.padded, block.bounds, *may, place_sums(model, core, tops), factors)
    found = kernel.word_runs(compiled.by_text, compiled.views, model.type_units, tops, factors, *may)
    assert all(np.array_equal(a, b) for a, b in zip(plain, found, strict=True))


def test_what_is_compiled_for_one_ticket_keeps_the_lock_of_python():
    """To get it back from another thread would take longer than the work."""
    modules = kernel_cues, kernel_fold, kernel_one, kernel_words
    compiled = {
        name: made for module in modules for name, made in vars(module).items() if name.endswith("_one")
    }
    options = {name: made.targetoptions for name, made in compiled.items() if hasattr(made, "targetoptions")}
    assert {*options} == {"_fold_one", "_mark_one", "_read_one"} | {"_word_runs_of_one"}
    assert not any(how.get("nogil") for how in options.values())


def test_no_evidence_tells_whether_it_was_compiled(model, corpus):
    advisor, tickets = Advisor(model, PolicyTable.read()), tickets_from_columns({"text": corpus["text"]})[0]
    facts, said = facts_of(tickets.text), []
    for choice in (False, True):
        use_kernel(choice)
        said.append(advisor.score_tickets(tickets, facts).columns)
    assert said[0] == said[1]
