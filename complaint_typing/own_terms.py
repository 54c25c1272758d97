"""Types, modes and signals of one's own: what of them a model carries, and the taxonomy that it tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from .control_characters import escaped
from .errors import ArtifactError, BadOption
from .model import Model
from .taxonomy import Taxonomy, Term, read_taxonomy

TERMS = "terms"
_KINDS = {"type": "types", "mode": "modes", "signal": "signals"}
_FIELDS = tuple(field.name for field in fields(Term))


def taxonomy_from(given: Any) -> Taxonomy | None:
    """A taxonomy from what a caller gives: one, the path of one, or None.

    Raises
    ------
    BadOption
        When it is something else.
    PolicyError
        With every fault of the table.

    >>> taxonomy_from(3)
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: taxonomy: not a path or a Taxonomy, got '3'; ...
    """
    if given is None or isinstance(given, Taxonomy):
        return given
    if isinstance(given, str | Path):
        return read_taxonomy(given)
    raise BadOption("taxonomy", given, "a path or a Taxonomy", "write taxonomy='my_taxonomy.csv'")


def carried(model: Model, taxonomy: Taxonomy | None) -> dict[str, Any]:
    """What a model's ``info`` keeps of a taxonomy: terms that the shipped one lacks or words otherwise.

    Parameters
    ----------
    model : Model
    taxonomy : Taxonomy or None
        That the model was trained with.

    >>> from .artifact import load_model
    >>> from .resources import data_path
    >>> carried(load_model(data_path("model")), read_taxonomy())
    {}
    """
    shipped = set(read_taxonomy().terms)
    names = {(kind, name) for kind, place in _KINDS.items() for name in getattr(model, place)}
    own = [
        asdict(term)
        for term in (taxonomy.terms if taxonomy else ())
        if (term.kind, term.id) in names and term not in shipped
    ]
    return {TERMS: own} if own else {}


def taxonomy_of(model: Model, base: Taxonomy | None = None) -> Taxonomy:
    """A taxonomy that has every type, mode and signal of a model.

    Parameters
    ----------
    model : Model
        Terms that it carries replace those of the base; a name that nobody describes stands for itself.
    base : Taxonomy, optional
        The shipped one by default.

    Raises
    ------
    ArtifactError
        When what the model carries are no terms.

    >>> from .artifact import load_model
    >>> from .resources import data_path
    >>> taxonomy_of(load_model(data_path("model"))) == read_taxonomy()
    True
    """
    base = base or read_taxonomy()
    terms = {term.id: term for term in base.terms}
    told = _told(model)
    for kind, place in _KINDS.items():
        for name in getattr(model, place):
            if name in told:
                terms[name] = told[name]
            elif name not in terms:
                terms[name] = Term(kind, name, name, name, "（待说明）", "(to be described)", "model")
    return Taxonomy(tuple(sorted(terms.values(), key=_order(base.terms))))


def _order(terms: Iterable[Term]) -> Any:
    """Kinds in the order of the base; the sort is stable, so that new terms come last in their kind."""
    kinds = list(dict.fromkeys(term.kind for term in terms))
    return lambda term: kinds.index(term.kind)


def _told(model: Model) -> dict[str, Term]:
    rows = model.info.get(TERMS, [])
    sound = isinstance(rows, list) and all(
        isinstance(row, dict)
        and set(row) == {*_FIELDS}
        and all(isinstance(cell, str) and cell and escaped(cell) == cell for cell in row.values())
        and row["kind"] in _KINDS
        for row in rows
    )
    if not sound:
        raise ArtifactError(model.version, "the terms that it carries are no rows of a taxonomy")
    return {row["id"]: Term(**row) for row in rows}
