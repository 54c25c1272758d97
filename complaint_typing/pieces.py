"""Pieces of an export, small whatever the length of its texts, and their scored rows as bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from .adaptation import adaptation
from .advisor import Advisor, load
from .errors import ArtifactError
from .export_history import CompactFacts
from .history import Facts
from .priors import PriorEstimate
from .quarantine import QuarantinedRow
from .scored_forms import ScoredForm
from .ticket_table import Tickets
from .tickets import Block
from .workers import in_order

PIECE_CHARACTERS = 160_000


@dataclass(frozen=True)
class Piece:
    """Some consecutive rows with all that is needed to score them.

    Parameters
    ----------
    rows : list of list of str, n_tickets long
    tickets : Tickets
    facts : mapping of str to ndarray of shape (n_tickets,)
    first_row : int
        Number of the first row in the scored file, from 1.
    """

    rows: list[list[str]]
    tickets: Tickets
    facts: Facts
    first_row: int


@dataclass(frozen=True)
class ScoredPiece:
    """The bytes of a piece in the scored file, and what there is to count."""

    data: bytes
    types: Counter[str]
    requires_human: int


@dataclass(frozen=True)
class PieceScorer:
    """Turns pieces into scored bytes.

    Parameters
    ----------
    advisor : Advisor
    form : ScoredForm
        Of the scored file.
    lang : str, optional
        One language for all advice.
    proba : bool
        Whether the form wants probabilities.
    priors : PriorEstimate, optional
        What probabilities are adapted to.
    group_place : int, optional
        The column that says to which group of the estimate a row belongs.
    """

    advisor: Advisor
    form: ScoredForm
    lang: str | None
    proba: bool
    priors: PriorEstimate | None = None
    group_place: int | None = None

    def __call__(self, piece: Piece) -> ScoredPiece:
        if not piece.rows:
            return ScoredPiece(b"", Counter(), 0)
        adapted = None
        if self.priors is not None:
            place = self.group_place
            groups = None if place is None else [row[place] for row in piece.rows]
            adapted = adaptation(self.advisor.model, self.priors, groups)
        scored = self.advisor.score_tickets(piece.tickets, piece.facts, self.lang, adapted)
        probabilities = scored.probabilities if self.proba else None
        data = self.form.block(piece.rows, scored.columns, probabilities, piece.first_row)
        types = Counter(scored.columns["customer_type"])
        return ScoredPiece(data, types, sum(scored.columns["requires_human"]))


def cut(
    blocks: Iterable[Block], facts: CompactFacts, characters: int = PIECE_CHARACTERS
) -> Iterator[tuple[Piece, list[QuarantinedRow]]]:
    """Blocks of a file as pieces of at most so many characters, each of one row at least.

    The rows that a block set aside come with its first piece.
    """
    done = 0
    for block in blocks:
        aside = block.quarantined
        for start, stop in _spans(block.tickets.text, characters):
            known = facts.of(done + start, done + stop)
            yield (
                Piece(block.rows[start:stop], block.tickets.part(start, stop), known, done + start + 1),
                aside,
            )
            aside = []
        done += len(block.rows)


def _spans(texts: list[str], characters: int) -> Iterator[tuple[int, int]]:
    """Where to cut; one empty span where there are no texts."""
    start, before = 0, 0
    for i, total in enumerate(accumulate(map(len, texts))):
        if i > start and total - before > characters:
            yield start, i
            start, before = i, total - len(texts[i])
    yield start, len(texts)


def scored_pieces(
    scorer: PieceScorer,
    pieces: Iterable[Piece],
    jobs: int,
    model: str | Path | None = None,
    policy: str | Path | None = None,
) -> Iterator[ScoredPiece]:
    """Every piece scored, in order.

    Parameters
    ----------
    scorer : PieceScorer
    pieces : iterable of Piece
    jobs : int
        Processes; with 1 everything happens in this one.
    model, policy : path, optional
        Where worker processes load the scorer's model and policy from.

    Raises
    ------
    ArtifactError
        When what the workers load is no longer what the scorer has.
    """
    if jobs == 1:
        yield from map(scorer, pieces)
        return
    versions = (scorer.advisor.model.version, scorer.advisor.policy.version)
    settings = (scorer.form, scorer.lang, scorer.proba, scorer.priors, scorer.group_place)
    arguments = (model, policy, versions, settings)
    yield from in_order(_score_here, pieces, jobs, _begin, arguments)


_here: Callable[[Piece], ScoredPiece]


def _begin(
    model: str | Path | None,
    policy: str | Path | None,
    versions: tuple[str, str],
    settings: tuple[ScoredForm, str | None, bool, PriorEstimate | None, int | None],
) -> None:
    """Load what a worker process needs, once."""
    global _here
    advisor = load(model, policy)
    loaded = (advisor.model.version, advisor.policy.version)
    if loaded == versions:
        _here = PieceScorer(advisor, *settings)
    else:
        changed = ArtifactError(model, f"it was changed during the run ({versions} then, {loaded} now)")
        _here = _refusing(changed)


def _refusing(error: Exception) -> Callable[[Piece], ScoredPiece]:
    def refuse(piece: Piece) -> ScoredPiece:
        raise error

    return refuse


def _score_here(piece: Piece) -> ScoredPiece:
    return _here(piece)
