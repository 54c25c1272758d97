"""The compiled kernel quotes the same phrases, whatever the runs of words that are found."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from complaint_typing.folding import fold_texts
from complaint_typing.phrases import joined_phrases, strongest_phrases
from complaint_typing.word_runs import Runs

TEXTS = st.lists(
    st.text(st.sampled_from([*"ab c  '1退款了线é转。,", "\u3000", "\u00a0", "\n", "Ｘ", "😅"]), max_size=90),
    min_size=1,
    max_size=4,
)


def drawn_runs(block, quotable, seed) -> Runs:
    """Runs in order, which begin and end where something may be quoted, some as heavy as others."""
    rng, found = np.random.default_rng(seed), []
    for text, (begin, end) in enumerate(zip(block.bounds, block.bounds[1:], strict=False)):
        places = begin + np.flatnonzero(quotable[begin:end])
        cuts = np.sort(rng.choice(places, size=2 * rng.integers(0, len(places) // 2 + 1), replace=False))
        found += [(a, b, rng.choice([0.25, 0.5, 1.0]), text) for a, b in cuts.reshape(-1, 2)]
    first, last, weight, owner = np.array(found).reshape(-1, 4).T
    return Runs(first.astype(int), last.astype(int), weight.astype(np.float32), owner.astype(int))


@settings(max_examples=60, deadline=None)
@example(["", " ", "no"], 0)
@given(TEXTS, st.integers(0, 2**32 - 1))
def test_the_kernel_quotes_as_python_does(texts, seed):
    from complaint_typing import kernel

    block, chosen = fold_texts(texts), []

    def runs_in(quotable, joints):
        chosen[:] = chosen or [drawn_runs(block, quotable, seed)]
        return chosen[0]

    expected = ["; ".join(filter(None, found)) for found in strongest_phrases(texts, block, runs_in)]
    assert joined_phrases(texts, block, runs_in, kernel) == expected == joined_phrases(texts, block, runs_in)
