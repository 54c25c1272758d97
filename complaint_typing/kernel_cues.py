"""The beginnings of cues' keys looked up in one compiled pass; needs the extra ``fast``.

Used through :mod:`~complaint_typing.fast` alone. The same bits as in :mod:`~complaint_typing.cue_search`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .cue_tree import CODE_BITS, EDGE_FACTOR, EDGE_SHIFT, PAIR_FACTOR, PAIR_SHIFT
from .kernel_grams import compiled, short

_U32, _U64 = np.uint32, np.uint64
_PAIR_FACTOR, _PAIR_SHIFT = _U32(PAIR_FACTOR), _U32(PAIR_SHIFT)
_EDGE_FACTOR, _EDGE_SHIFT, _CODE_BITS = _U64(EDGE_FACTOR), _U64(EDGE_SHIFT), _U64(CODE_BITS)


def mark_cues(
    codes: NDArray[np.uint32], bounds: NDArray[np.int64], tree: Any, found: NDArray[np.uint64]
) -> None:
    """Set the bits of the cues whose beginnings stand in each text.

    Parameters
    ----------
    codes : ndarray of uint32
    bounds : ndarray of int64 of shape (n_texts + 1,)
    tree : CueTree
    found : ndarray of uint64 of shape (n_texts, n_words)
        Changed in place.
    """
    _mark(codes, bounds, *tree, found)


def mark_cues_of_one(
    codes: NDArray[np.uint32], bounds: NDArray[np.int64], tree: Any, found: NDArray[np.uint64]
) -> None:
    """The same for one text."""
    _mark_one(codes, bounds, *tree, found)


@short
def _mark_one(
    codes: Any, bounds: Any, flags: Any, edges: Any, nodes: Any, row_of: Any, bits: Any, found: Any
) -> None:
    _mark(codes, bounds, flags, edges, nodes, row_of, bits, found)


@compiled
def _mark(
    codes: Any,
    bounds: Any,
    flags: Any,
    edges: Any,
    nodes: Any,
    row_of: Any,
    bits: Any,
    found: Any,
) -> None:
    last = _U64(len(edges) - 1)
    for i in range(len(bounds) - 1):
        end = bounds[i + 1]
        for p in range(bounds[i], end + 1):
            follows = codes[p + 1] if p < end else _U32(0)
            place = _U32(_U32(_U32(codes[p] * _PAIR_FACTOR) + follows) * _PAIR_FACTOR) >> _PAIR_SHIFT
            if not flags[place] & 1 and not flags[_U32(codes[p] * _PAIR_FACTOR) >> _PAIR_SHIFT] & 2:
                continue
            node = np.int64(0)
            for q in range(p, end + 1):
                edge = _U64(_U64(_U64(node + 1) << _CODE_BITS) | _U64(codes[q]))
                at = _U64(_U64(edge * _EDGE_FACTOR) >> _EDGE_SHIFT) & last
                while edges[at] != edge and edges[at] != 0:
                    at = (at + _U64(1)) & last
                if edges[at] == 0:
                    break
                node = nodes[at]
                row = row_of[node]
                if row >= 0:
                    for word in range(found.shape[1]):
                        found[i, word] |= bits[row, word]
