"""Pieces of an export, small whatever the length of its texts, and their scored rows as bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path

from .adaptation import adaptation
from .advisor import Advisor, load
from .errors import ArtifactError
from .export_history import CompactFacts
from .fast import chosen, expect, use_kernel
from .garbage import collect_seldom
from .history import Facts
from .priors import PriorEstimate
from .quarantine import QuarantinedRow
from .repeated import counted
from .scored_forms import ScoredForm
from .ticket_table import Tickets, tickets_from_columns
from .ticket_texts import facts_of
from .tickets import Block
from .workers import Workers

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
        types, human = (scored.columns[name] for name in ("customer_type", "requires_human"))
        return ScoredPiece(data, counted(types), counted(human)[1])


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
            known = facts.at(slice(done + start, done + stop))
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


Scoring = Callable[[Iterable[Piece]], Iterator[ScoredPiece]]


@contextmanager
def scoring_of(
    scorer: PieceScorer,
    jobs: int,
    model: str | Path | None = None,
    policy: str | Path | None = None,
    expected: int = 0,
) -> Iterator[Scoring]:
    """How pieces are scored, in their order; worker processes begin at once and end with the context.

    Parameters
    ----------
    scorer : PieceScorer
    jobs : int
        Processes, this one among them.
    model, policy : path, optional
        Where worker processes load the scorer's model and policy from.
    expected : int, default 0
        About how many rows there will be, as far as is known.

    Raises
    ------
    ArtifactError
        When what the workers load is no longer what the scorer has.
    """
    if jobs == 1:
        yield partial(map, scorer)
        return
    versions = (scorer.advisor.model.version, scorer.advisor.policy.version)
    settings = (scorer.form, scorer.lang, scorer.proba, scorer.priors, scorer.group_place)
    arguments = (model, policy, versions, settings, (chosen(), expected // jobs))
    with Workers(jobs - 1, _begin, arguments) as workers:
        yield partial(workers.in_order, _score_here, here=scorer)


_here: Callable[[Piece], ScoredPiece]


def _begin(
    model: str | Path | None,
    policy: str | Path | None,
    versions: tuple[str, str],
    settings: tuple[ScoredForm, str | None, bool, PriorEstimate | None, int | None],
    kernel: tuple[bool | None, int],
) -> None:
    """Load what a worker process needs, once."""
    global _here
    collect_seldom()
    use_kernel(kernel[0])
    expect(kernel[1])
    advisor = load(model, policy)
    loaded = (advisor.model.version, advisor.policy.version)
    if loaded == versions:
        _here = PieceScorer(advisor, *settings)
        tickets = tickets_from_columns({"text": ["?"]})[0]
        advisor.score_tickets(tickets, dict(facts_of(tickets.text)))  # what the first one loads is loaded now
    else:
        changed = ArtifactError(model, f"it was changed during the run ({versions} then, {loaded} now)")
        _here = _refusing(changed)


def _refusing(error: Exception) -> Callable[[Piece], ScoredPiece]:
    def refuse(piece: Piece) -> ScoredPiece:
        raise error

    return refuse


def _score_here(piece: Piece) -> ScoredPiece:
    return _here(piece)
