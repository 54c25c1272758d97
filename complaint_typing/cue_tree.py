"""The beginnings of cues' keys as a tree that a compiled pass walks character by character."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PAIR_FACTOR, PAIR_SHIFT = 0x9E3779B1, 16
EDGE_FACTOR, EDGE_SHIFT, CODE_BITS = 0x9E3779B97F4A7C15, 40, 21
_SPARSE = 4  # places for each edge, at least
WORD = 64
_32_BITS, _64_BITS = (1 << 32) - 1, (1 << 64) - 1


class CueTree(NamedTuple):
    """Beginnings of keys, each with its cues.

    Attributes
    ----------
    flags : ndarray of uint8 of shape (65536,)
        By a hash of two characters, 1 where a beginning has these first; by a hash of one, 2 where it is one.
    edges : ndarray of uint64 of shape (n_places,)
        Open addressing, a power of two of places, most of them empty: a node (from 1) and the character that
        leads on from it; 0 where there is none.
    nodes : ndarray of int32 of shape (n_places,)
        Where each of them leads.
    row_of : ndarray of int32 of shape (n_nodes,)
        The row of ``bits`` of the beginning that ends at a node; -1 where none does.
    bits : ndarray of uint64 of shape (n_beginnings, n_words)
        The cues of each.
    """

    flags: NDArray[np.uint8]
    edges: NDArray[np.uint64]
    nodes: NDArray[np.int32]
    row_of: NDArray[np.int32]
    bits: NDArray[np.uint64]


def cue_tree(begun: Mapping[str, Sequence[int]], n_words: int) -> CueTree:
    """The tree of some beginnings.

    Parameters
    ----------
    begun : mapping of str to sequence of int
        The cues that have a key with this beginning.
    n_words : int
        Of 64 bits, for the cues.

    >>> tree = cue_tree({"ab": [0], "ac": [65]}, 2)
    >>> tree.bits.tolist(), tree.row_of.tolist(), int(np.count_nonzero(tree.edges))
    ([[1, 0], [0, 2]], [-1, -1, 0, 1], 3)
    """
    flags, leads = np.zeros(1 << PAIR_SHIFT, np.uint8), dict[tuple[int, int], int]()
    row_at: dict[int, int] = {}
    for row, begins in enumerate(begun):
        codes, node = [*map(ord, begins)], 0
        for code in codes:
            node = leads.setdefault((node, code), len(leads) + 1)
        row_at[node] = row
        one = codes[0] * PAIR_FACTOR & _32_BITS
        if len(codes) == 1:
            flags[one >> PAIR_SHIFT] |= 2
        else:
            flags[((one + codes[1]) * PAIR_FACTOR & _32_BITS) >> PAIR_SHIFT] |= 1
    row_of = np.array([row_at.get(node, -1) for node in range(len(leads) + 1)], np.int32)
    return CueTree(flags, *_laid_out(leads), row_of, packed([*begun.values()], n_words))


def _laid_out(leads: Mapping[tuple[int, int], int]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    n_places = 1 << (_SPARSE * len(leads)).bit_length()
    edges, nodes = np.zeros(n_places, np.uint64), np.zeros(n_places, np.int32)
    for (node, code), to in leads.items():
        edge = (node + 1) << CODE_BITS | code
        at = (edge * EDGE_FACTOR & _64_BITS) >> EDGE_SHIFT & (n_places - 1)
        while edges[at]:
            at = (at + 1) % n_places
        edges[at], nodes[at] = edge, to
    return edges, nodes


def packed(cues: Sequence[Sequence[int]], n_words: int) -> NDArray[np.uint64]:
    """A row of bits for each group of cues.

    >>> packed([[0, 65], [1]], 2).tolist()
    [[1, 2], [2, 0]]
    """
    held = np.zeros((len(cues), n_words * WORD), np.uint8)
    for row, numbers in enumerate(cues):
        held[row, list(numbers)] = 1
    return np.packbits(held, axis=1, bitorder="little").view("<u8").astype(np.uint64)
