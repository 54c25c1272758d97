"""What a model promises: each ticket alone, probabilities that sum to one, a gate that stays shut."""

from __future__ import annotations

import threading
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_ngrams import plain_ngrams

from complaint_typing.folding import fold_texts
from complaint_typing.ngrams import LAST_SENTENCE_SALT, last_sentences
from complaint_typing.screening import abuse_gate
from complaint_typing.stacking import STACKED_NAMES
from complaint_typing.ticket_texts import facts_of

PIECES = [
    "宽带坏了。",
    "请退还费用",
    "I want a voucher. ",
    "an apology",
    "。",
    " ",
    "\n",
    "138****2291",
    "😀",
    "Ａ１",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=40)
COUNTS = {name: st.integers(0, 6) for name in facts_of([""]) if name.endswith("_365d") or name == "open"}
PASTS = st.fixed_dictionaries(
    {"known": st.booleans(), **COUNTS, "days_since_last": st.sampled_from([np.nan, 0.5, 40.25])}
)
OPEN_PAST = {"known": 1, "tickets_365d": 4, "resolved_365d": 2, "unproven_365d": 2}


def facts_from(pasts):
    facts = dict(facts_of([""] * len(pasts)))
    return facts | {name: np.array([past[name] for past in pasts]) for name in (pasts[0] if pasts else ())}


def bits(scores, rows=slice(None)):
    return [np.ascontiguousarray(part[rows]).tobytes() for part in scores]


@given(st.lists(st.tuples(TEXTS, PASTS), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_neither_the_block_nor_its_order_changes_a_bit(model, tickets, random):
    texts, pasts = map(list, zip(*tickets, strict=True))
    block = model.score(texts, facts_from(pasts))
    order = random.sample(range(len(texts)), len(texts))
    shuffled = model.score([texts[i] for i in order], facts_from([pasts[i] for i in order]))
    assert bits(shuffled) == bits(block, order)
    for i in range(len(texts)):
        assert bits(model.score([texts[i]], facts_from([pasts[i]]))) == bits(block, slice(i, i + 1))


@given(st.lists(st.tuples(TEXTS, PASTS), min_size=1, max_size=8))
def test_probabilities_are_such(model, tickets):
    texts, pasts = map(list, zip(*tickets, strict=True))
    scores = model.score(texts, facts_from(pasts))
    for table, names in zip(scores[:3], (model.types, model.modes, model.signals), strict=True):
        assert table.shape == (len(texts), len(names))
        assert ((table >= 0) & (table <= 1)).all()
    assert scores.types.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert scores.modes.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert ((scores.strangeness >= 0) & (scores.strangeness <= 1)).all()


@given(st.lists(st.tuples(TEXTS, PASTS), min_size=1, max_size=8))
def test_a_closed_gate_gives_nothing_to_the_abuser_and_the_rest_keeps_its_proportions(model, tickets):
    texts, pasts = map(list, zip(*tickets, strict=True))
    facts = facts_from(pasts)
    history, abuser = abuse_gate(facts), model.types.index("repeat_abuser")
    gated, free = model.score(texts, facts).types, replace(model, gated=()).score(texts, facts).types
    gate = gated[:, abuser] > 0
    assert not (gate & ~history).any()
    assert np.array_equal(gated[gate], free[gate])
    others = np.delete(free[~gate], abuser, axis=1)
    expected = others / others.sum(axis=1, keepdims=True)
    assert np.delete(gated[~gate], abuser, axis=1) == pytest.approx(expected, abs=1e-5)


def test_an_open_gate_lets_the_text_and_the_past_decide(model):
    abuser = model.types.index("repeat_abuser")
    past = facts_from([OPEN_PAST] * 2)
    again, other = model.score(["老规矩，再送我一个月。", "你们必须道歉，态度太差。"], past).types[:, abuser]
    assert again > 0.5 > other


def test_under_an_open_gate_only_a_text_that_asks_may_be_abuse(model):
    abuser = model.types.index("repeat_abuser")
    texts = ["老规矩，再送我一个月。", "宽带坏了三天。", "My parcel came late. "]
    heavy = replace(model, history=np.where(np.arange(len(model.types)) == abuser, 9, model.history))
    p = heavy.score(texts, facts_from([OPEN_PAST] * 3)).types[:, abuser]
    assert p[0] > 0.5
    assert p[1:].tolist() == [0, 0]


def test_an_unknown_past_adds_nothing_to_the_text(model):
    """All of the history is zero then, so that no weight of it can speak."""
    heavy = replace(model, history=np.full_like(model.history, 50))
    texts = ["宽带坏了。请退还费用"]
    assert bits(heavy.score(texts, facts_of(texts))) == bits(model.score(texts, facts_of(texts)))


def test_the_past_speaks_through_its_weights(model):
    weights = np.zeros_like(model.history)
    weights[STACKED_NAMES.index("open"), model.types.index("venting")] = 3
    text, facts = ["宽带坏了。"], facts_from([{"open": 1}])
    without = replace(model, history=0 * weights).weigh_sums(model.sums(fold_texts(text)), facts)
    with_it = replace(model, history=weights).weigh_sums(model.sums(fold_texts(text)), facts)
    change = (with_it.logits - without.logits)[0]
    assert change[model.types.index("venting")] == pytest.approx(3 * np.log(2))
    assert np.count_nonzero(change) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("請退還多扣的費用，態度太差", "请退还多扣的费用,态度太差"),
        ("Ｐｌｅａｓｅ　ｒｅｆｕｎｄ　１２８！", "please refund 128!"),
        ("PLEASE REFUND", "please refund"),
        ("宽带  坏了\r\n请 退费 ", "宽带 坏了 请 退费"),
        ("order 12345678 @shop https://a.example/x?y=1", "order 8765 @store http://other.example"),
    ],
)
def test_width_case_script_and_numbers_make_no_difference(model, one, other):
    assert bits(model.score([one], facts_of([one]))) == bits(model.score([other], facts_of([other])))


def test_no_tickets_no_scores(model):
    scores = model.score([], facts_of([]))
    shapes = [(0, len(model.types)), (0, len(model.modes)), (0, len(model.signals)), (0,)]
    assert [part.shape for part in scores] == shapes


def test_what_the_model_never_saw_looks_strange(model, corpus):
    texts = corpus["text"].tolist()
    usual = model.score(texts, facts_of(texts)).strangeness[corpus["customer_type"] != "none"]
    strange = model.score(["สวัสดีครับ อินเทอร์เน็ต", "ЖЖЖЖ ЩЩЩЩ"], facts_of(["", ""])).strangeness
    advert = model.score(["加微信领优惠券。"], facts_of([""])).strangeness
    assert strange.min() > np.quantile(usual, 0.95)
    assert advert[0] > np.quantile(usual, 0.95)


def test_a_lower_temperature_makes_the_same_order_surer(model):
    texts = ["宽带坏了。请退还费用", "an apology"]
    warm, cold = (replace(model, temperature=t).score(texts, facts_of(texts)).types for t in (1.0, 0.5))
    assert (cold.argsort(axis=1) == warm.argsort(axis=1)).all()
    assert (cold.max(axis=1) > warm.max(axis=1)).all()


def test_what_is_said_three_times_weighs_as_what_is_said_twice(model):
    facts = facts_of([""])
    blocks = [fold_texts([" ".join(["refund"] * n)]) for n in (2, 3)]
    twice, thrice = (model.views(block) for block in blocks)
    assert len(thrice[0].row) > len(twice[0].row) > 0
    twice, thrice = (model.weigh_sums(model.sums(block), facts).logits for block in blocks)
    assert np.array_equal(twice, thrice)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_hits_are_the_known_ngrams_and_stand_where_they_say(model, texts):
    block = fold_texts(texts)
    begins = last_sentences(block) - np.arange(1, len(texts) + 1)
    for i in range(len(texts)):
        for hits, salt, begin in zip(
            model.views(block), (0, LAST_SENTENCE_SALT), (block.starts[i], begins[i]), strict=True
        ):
            codes = block.codes[begin : block.starts[i + 1]]
            grams = plain_ngrams("".join(map(chr, codes)), salt)
            known = np.isin([h for *_, h in grams], model.keys)
            expected = [(start + begin, n, h) for start, n, h in grams if h in model.keys]
            mine = hits.text == i
            found = zip(hits.start[mine], hits.order[mine], model.keys[hits.row[mine]], strict=True)
            assert sorted(map(tuple, found)) == sorted(map(tuple, expected))
            assert hits.known_share[i] == np.float32(known.mean())


def test_the_last_sentence_is_found_where_it_stands(model):
    text = "About my last bill: nothing to add. I want a voucher"
    block = fold_texts(["一句。两句。", text])
    last = model.views(block)[1]
    mine = last.start[last.text == 1] - block.starts[1]
    assert mine.min() == text.index(" I want") - 1
    assert (last.start + last.order).max() == block.starts[2] + 1


def test_a_model_cannot_be_changed(model):
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'temperature'"):
        model.temperature = 2.0


def test_threads_share_one_model(model, corpus):
    texts, facts = corpus["text"].tolist(), facts_of(corpus)
    expected, found = bits(model.score(texts, facts)), []
    workers = [
        threading.Thread(target=lambda: found.append(bits(model.score(texts, facts)))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * 4
