"""Cues looked up by their beginnings, in more keys than ship."""

from __future__ import annotations

import random

import pytest

from complaint_typing.cue_search import CueSearch
from complaint_typing.fast import use_kernel
from complaint_typing.folding import fold_texts
from complaint_typing.signal_cues import Cue


@pytest.fixture(autouse=True)
def _as_before():
    yield
    use_kernel(None)


@pytest.mark.parametrize("compiled", [False, True])
def test_five_thousand_keys_are_told_from_their_neighbours(compiled):
    use_kernel(compiled)
    drawn = random.Random(5)
    keys = ["".join(drawn.choices("abcdefgh", k=14)) for _ in range(5_300)]
    search = CueSearch([Cue((key,)) for key in keys[:5_000]])
    found = search.may_hold(fold_texts(keys[:300] + keys[5_000:5_300]))
    assert [row.nonzero()[0].tolist() for row in found] == [[n] for n in range(300)] + [[]] * 300
