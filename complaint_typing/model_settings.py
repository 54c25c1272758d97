"""The settings of a model as they stand in its manifest, each of its kind and within its range."""

from __future__ import annotations

from typing import Any

from .control_characters import escaped
from .decision import NONE, UNDETERMINED, UNFAMILIAR, Thresholds
from .gate import GATE_FACTS
from .model import GATED
from .signal_cues import mode_cues, signal_cues

_MOST_NAMES = 1 << 10
_TAKEN = (UNDETERMINED, UNFAMILIAR, NONE)


def settings_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """The fields of a model that stand in its manifest.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError, OverflowError
        When one is missing, of another kind, or out of its range.
    """
    whole, last = manifest["view_scale"]
    types, modes = _free_names(manifest["types"], 1), _free_names(manifest["modes"], 1)
    signals = _free_names(manifest["signals"], 0)
    return {
        "types": types,
        "modes": modes,
        "signals": signals,
        "gated": _gated(manifest["gated"], types),
        "asks_from": _number(manifest["asks_from"], 0, 1),
        "gate_weights": _gate_weights(manifest.get("gate_weights", [])),
        "view_scale": (_number(whole, 0, 1e6), _number(last, 0, 1e6)),
        "temperature": _number(manifest["temperature"], 1e-6, 1e6),
        "thresholds": _thresholds(manifest["thresholds"], types),
        "signal_thresholds": tuple(_number(value, 0, 2) for value in manifest["signal_thresholds"]),
        "cue_weights": _cue_weights(manifest.get("cue_weights", []), signals),
        "cue_floors": _cue_floors(manifest.get("cue_floors", []), len(signals)),
        "mode_weights": _mode_weights(manifest.get("mode_weights", []), len(modes), len(types)),
        "usual_known_share": _number(manifest["usual_known_share"], 1e-6, 1),
        "info": {**manifest["info"]},
    }


def _thresholds(stated: dict[str, Any], types: tuple[str, ...]) -> Thresholds:
    by_type = stated.get("by_type", [])
    if not isinstance(by_type, list) or len(by_type) not in (0, len(types)):
        raise ValueError(f"thresholds by type are not {len(types)} numbers")
    single = {name: _number(value, 0, 2) for name, value in stated.items() if name != "by_type"}
    return Thresholds(**single, by_type=tuple(_number(value, 0, 2) for value in by_type))


def _gate_weights(values: object) -> tuple[float, ...]:
    if not isinstance(values, list) or len(values) not in (0, 2 + len(GATE_FACTS)):
        raise ValueError(f"gate_weights are not {2 + len(GATE_FACTS)} numbers")
    return tuple(_number(value, -1e6, 1e6) for value in values)


def _cue_weights(values: object, signals: tuple[str, ...]) -> tuple[tuple[float, ...], ...]:
    """At most as many weights as this version has phrases for a signal."""
    if not isinstance(values, list) or (values and list(map(type, values)) != [list] * len(signals)):
        raise TypeError("cue_weights are no lists of numbers, one for each signal")
    cues = signal_cues()
    if any(len(own) > len(cues.get(name, ())) for own, name in zip(values, signals, strict=False)):
        raise ValueError("cue_weights are more than the phrases of their signal")
    return tuple(tuple(_number(value, 0, 1e6) for value in own) for own in values)


def _mode_weights(values: object, n_modes: int, n_types: int) -> tuple[tuple[float, ...], ...]:
    """A row for each mode: one weight, one for each type, at most as many more as this version has cues."""
    if not isinstance(values, list) or (values and list(map(type, values)) != [list] * n_modes):
        raise TypeError("mode_weights are no lists of numbers, one for each mode")
    least = 1 + n_types
    if len({*map(len, values)}) > 1 or any(not least <= len(v) <= least + len(mode_cues()) for v in values):
        raise ValueError("mode_weights are not those of the types and of the kinds of words")
    return tuple(tuple(_number(value, -1e6, 1e6) for value in own) for own in values)


def _cue_floors(values: object, n_signals: int) -> tuple[float, ...]:
    if not isinstance(values, list) or len(values) not in (0, n_signals):
        raise ValueError("cue_floors are not one for each signal")
    return tuple(_number(value, 0, 2) for value in values)


def _names(value: object, at_least: int) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TypeError("names are no list of strings")
    if not at_least <= len(value) <= _MOST_NAMES or len(value) != len(set(value)):
        raise ValueError("names are missing, repeated or too many")
    if any(escaped(name) != name or {"\n", "\t"} & {*name} for name in value):
        raise ValueError("names hold control characters")
    return tuple(value)


def _free_names(value: object, at_least: int) -> tuple[str, ...]:
    """Names of types, modes or signals; none of them may have another meaning as an answer."""
    names = _names(value, at_least)
    if taken := [name for name in names if name in _TAKEN]:
        raise ValueError(f"{taken[0]} is an answer of its own and names no type, mode or signal")
    return names


def _gated(value: object, types: tuple[str, ...]) -> tuple[str, ...]:
    """A type that the gate may forbid needs another that it does not: an answer there must always be."""
    gated = _names(value, 0)
    if not {*gated} <= {*types, *GATED}:
        raise ValueError("gated names what is no type")
    if {*types} <= {*gated}:
        raise ValueError("all of its types are gated, at least one must be free")
    return gated


def _number(value: Any, least: float, most: float) -> float:
    number = float(value)
    if not least <= number <= most:
        raise ValueError(f"{number} is not between {least} and {most}")
    return number
