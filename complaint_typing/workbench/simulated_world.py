"""The made-up world of the simulator: its customers, how they are handled, what makes them return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

FADING_DAYS = 60.0
"""Days after which what was done has lost 63 % of its power over the next visit."""


def _frozen(**values: float) -> Mapping[str, float]:
    return field(default_factory=lambda: MappingProxyType(values))


@dataclass(frozen=True)
class World:
    """Every number of the simulation; change what you want to know the answer of.

    Attributes
    ----------
    types : mapping of str to float
        Type -> share among customers.
    asking : tuple of str
        Types of visits that ask for extras; the first where the customer has little history.
    fresh : float
        Complaints a customer would make in a year anyway.
    drawn : mapping of str to float
        Kind of return visit -> how many per year a resolved ticket draws at first; it fades.
    greed : mapping of str to float
        Type -> factor on visits for extras.
    goodwill_effect : mapping of str to float
        Type -> factor that goodwill puts on visits for extras.
    goodwill_justified : float
        Factor that goodwill puts on justified visits.
    strategy_effect : float
        Factor that the second strategy of a type puts on every drawn visit, against its first.
    strategies : mapping of str to (str, str)
        Type -> its first and second strategy. Of asking types the second is chosen exactly where goodwill
        is paid, and does nothing beyond it.
    confounding : float
        How much mode, channel and history move both the choice of handling and the returns; 0: chance.
    frailty : float
        Variance of what makes customers differ and nobody sees.
    resolved, reopened, satisfaction : (float, float)
        Chance of being resolved within a month, of being reopened, mean score: under the first strategy,
        and what the second adds.
    """

    types: Mapping[str, float] = _frozen(
        resolution_seeking=0.38,
        compensation_seeking=0.17,
        respect_seeking=0.12,
        clarification_seeking=0.15,
        venting=0.12,
        companionship_seeking=0.06,
    )
    asking: tuple[str, str] = ("compensation_seeking", "repeat_abuser")
    fresh: float = 0.35
    drawn: Mapping[str, float] = _frozen(justified=0.5, extras=0.25, other=0.4)
    greed: Mapping[str, float] = _frozen(compensation_seeking=3.0, repeat_abuser=3.0)
    goodwill_effect: Mapping[str, float] = _frozen(
        compensation_seeking=2.2, repeat_abuser=2.2, resolution_seeking=1.3
    )
    goodwill_justified: float = 1.0
    strategy_effect: float = 1.6
    strategies: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "resolution_seeking": ("restore", "explain"),
                "compensation_seeking": ("fair_alternatives", "goodwill_after_fix"),
                "repeat_abuser": ("boundary", "goodwill_after_fix"),
                "respect_seeking": ("honour", "restore"),
                "clarification_seeking": ("explain", "restore"),
                "venting": ("let_vent", "explain"),
                "companionship_seeking": ("keep_company", "explain"),
            }
        )
    )
    confounding: float = 1.0
    frailty: float = 0.4
    resolved: tuple[float, float] = (0.85, -0.12)
    reopened: tuple[float, float] = (0.08, 0.08)
    satisfaction: tuple[float, float] = (3.7, -0.6)

    @classmethod
    def without_effects(cls, confounding: float = 1.0) -> World:
        """A world where neither goodwill nor the strategy changes anything, but where both look as if.

        >>> World.without_effects().strategy_effect
        1.0
        """
        nothing: Mapping[str, float] = MappingProxyType({})
        return cls(
            goodwill_effect=nothing,
            strategy_effect=1.0,
            confounding=confounding,
            resolved=(0.85, 0.0),
            reopened=(0.08, 0.0),
            satisfaction=(3.7, 0.0),
        )
