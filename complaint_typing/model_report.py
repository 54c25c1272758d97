"""What a model is, whether its folder is sound, and what another model would change."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .advisor import Advisor
from .array_files import read_bytes
from .artifact import CARD, PARTS, load_model, read_manifest
from .decision import UNDETERMINED, UNFAMILIAR, decide
from .errors import ArtifactError, ComplaintTypingError
from .history import facts_of_log
from .model import Model
from .policy import PolicyTable
from .self_test import SELF_TEST, TOLERANCE, tried_again
from .ticket_table import Tickets

_NAMES = ("types", "modes", "signals")
_LARGEST_CARD = 1 << 20
_ELSEWHERE = (*_NAMES, "arrays", "digest", "signal_thresholds")


@dataclass(frozen=True)
class Check:
    """One thing that was checked: its name, whether it is sound, and what was found."""

    name: str
    sound: bool
    found: str


@dataclass(frozen=True)
class ModelDiff:
    """What changes from one model to another.

    Attributes
    ----------
    old_version, new_version : str
    added, removed : mapping of str to list of str
        Names of types, modes and signals.
    changed : mapping of str to (object, object)
        Settings and training facts, by their path in the manifest: thresholds, temperature, counts, digests.
    bias : mapping of str to (float, float)
        Starting log-odds of the types that both know.
    ngrams : tuple of int
        In the old model, in the new one, in both.
    tickets : int
        How many were judged by both.
    sides : mapping of (str, str) to int
        Tickets that are decided otherwise: old and new ``customer_type``, the most frequent first.
    share_changed, top_changed : float
        Share of tickets with another ``customer_type``, and with another ``top_type``.
    mean_confidence : (float, float)
    ticket_ids : tuple of str
        Of the tickets that are decided otherwise, those that have an id.
    """

    old_version: str
    new_version: str
    added: Mapping[str, list[str]]
    removed: Mapping[str, list[str]]
    changed: Mapping[str, tuple[Any, Any]]
    bias: Mapping[str, tuple[float, float]]
    ngrams: tuple[int, int, int]
    tickets: int
    sides: Mapping[tuple[str, str], int]
    share_changed: float
    top_changed: float
    mean_confidence: tuple[float, float]
    ticket_ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        sides = [{"old": old, "new": new, "tickets": n} for (old, new), n in self.sides.items()]
        return {**asdict(self), "sides": sides}


def describe(directory: str | Path) -> dict[str, Any]:
    """What stands in a model folder, ready for JSON; everything in it was checked.

    Raises
    ------
    ArtifactError
        As :func:`~complaint_typing.artifact.load_model`, and when the card is a link, larger than 1 MiB or
        no UTF-8.

    >>> from complaint_typing.resources import data_path
    >>> shipped = describe(data_path("model"))
    >>> shipped["types"][:2], shipped["protocol"] >= 1
    (['clarification_seeking', 'companionship_seeking'], True)
    """
    folder = Path(directory)
    model, manifest = load_model(folder), read_manifest(folder)
    settings = {name: value for name, value in manifest.items() if name not in ("arrays", "digest")}
    return {
        "version": model.version,
        **settings,
        "signal_thresholds": dict(zip(model.signals, model.signal_thresholds, strict=True)),
        "bytes": {name: (folder / name).stat().st_size for name in PARTS},
        "digests": manifest["arrays"],
        "self_test": (folder / SELF_TEST).is_file(),
        "card": _card(folder),
    }


def _card(folder: Path) -> str:
    """The model card, empty where there is none; read as carefully as the model."""
    if not os.path.lexists(folder / CARD):
        return ""
    try:
        return read_bytes(folder, CARD, _LARGEST_CARD).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ArtifactError(folder, f"{CARD} is no UTF-8", "write it again, or remove it") from None


def verify(directory: str | Path, policy: PolicyTable | None = None) -> list[Check]:
    """Check a model folder: files and digests, shapes and values, its own examples, and that a policy fits.

    Parameters
    ----------
    directory : path
    policy : PolicyTable, optional
        The shipped one by default.

    Returns
    -------
    list of Check
        What could be checked; a folder that cannot be loaded ends the list.

    >>> [check.sound for check in verify("no_such_folder")]
    [False]
    """
    folder = Path(directory)
    try:
        model = load_model(folder)
        _card(folder)
    except ArtifactError as error:
        return [Check("files", False, error.reason)]
    size = f"{len(model.keys)} n-grams, {len(model.bias)} outputs"
    checks = [Check("files", True, f"{model.version}: digests, shapes and values; {size}")]
    return [*checks, _self_test(model, folder), _fits(model, policy or PolicyTable.read())]


def _self_test(model: Model, folder: Path) -> Check:
    try:
        difference = tried_again(model, folder)
    except ArtifactError as error:
        return Check("self-test", False, error.reason)
    if difference is None:
        return Check("self-test", True, "none stands in the folder; saving the model again writes one")
    return Check("self-test", difference <= TOLERANCE, f"largest difference {difference:.1e}")


def _fits(model: Model, policy: PolicyTable) -> Check:
    try:
        Advisor(model, policy)
    except ComplaintTypingError as error:
        return Check("policy", False, getattr(error, "reason", str(error)))
    return Check("policy", True, f"{policy.version} answers every type, mode and signal")


def diff(old: str | Path, new: str | Path, tickets: Tickets) -> ModelDiff:
    """Compare two model folders, by what they say of themselves and what they make of tickets.

    Parameters
    ----------
    old, new : path
    tickets : Tickets
        Judged by both; each is history for the later ones of its customer, as in files.

    Raises
    ------
    ArtifactError
        When one of the folders is unusable.
    """
    manifests = [read_manifest(Path(folder)) for folder in (old, new)]
    before, after = load_model(old), load_model(new)
    sides, tops, confidences = zip(*(_said(model, tickets) for model in (before, after)), strict=True)
    other = [i for i, (one, two) in enumerate(zip(*sides, strict=True)) if one != two]
    top_changed = sum(one != two for one, two in zip(*tops, strict=True))
    n = max(len(tickets), 1)
    names = {name: (getattr(before, name), getattr(after, name)) for name in _NAMES}
    return ModelDiff(
        old_version=before.version,
        new_version=after.version,
        added={k: [x for x in two if x not in one] for k, (one, two) in names.items()},
        removed={k: [x for x in one if x not in two] for k, (one, two) in names.items()},
        changed=_changed(_settings(before, manifests[0]), _settings(after, manifests[1])),
        bias=_bias(before, after),
        ngrams=(len(before.keys), len(after.keys), len(np.intersect1d(before.keys, after.keys))),
        tickets=len(tickets),
        sides=dict(Counter((sides[0][i], sides[1][i]) for i in other).most_common()),
        share_changed=len(other) / n,
        top_changed=top_changed / n,
        mean_confidence=(confidences[0], confidences[1]),
        ticket_ids=tuple(tickets.ticket_id[i] for i in other if tickets.ticket_id[i]),
    )


def _said(model: Model, tickets: Tickets) -> tuple[list[str], list[str], float]:
    """Decided type and top type of each ticket, and the mean confidence."""
    scores = model.score(tickets.text, facts_of_log(tickets))
    decision = decide(scores.types, scores.strangeness, model.thresholds)
    names = (*model.types, UNDETERMINED, UNFAMILIAR)
    confidence = float(decision.confidence.mean()) if len(tickets) else 0.0
    return [names[i] for i in decision.outcome], [names[i] for i in decision.top], confidence


def _settings(model: Model, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Every single setting by its path, such as ``thresholds.decide`` or ``info.data.G1.csv``."""
    found: dict[str, Any] = {}

    def walk(path: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                walk(f"{path}.{name}" if path else str(name), inner)
        else:
            found[path] = value

    walk("", {name: value for name, value in manifest.items() if name not in _ELSEWHERE})
    walk("signal_thresholds", dict(zip(model.signals, model.signal_thresholds, strict=True)))
    return found


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    paths = dict.fromkeys([*old, *new])
    return {path: (old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)}


def _bias(old: Model, new: Model) -> dict[str, tuple[float, float]]:
    pairs = {
        name: (float(old.bias[i]), float(new.bias[new.types.index(name)]))
        for i, name in enumerate(old.types)
        if name in new.types
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
