"""When labelling more changes little: agreement between the models of successive batches of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ..errors import BadOption
from ..taxonomy import Taxonomy, checked_language, read_taxonomy
from .agreement import kappa_of_two
from .left_out import quick_predictions
from .needed_columns import need_columns

ENOUGH = 0.99
WINDOW = 3
_SAID = {
    "early": (
        "还不能判断：需要连续{window}次重新训练的结果，目前有{n}次。每标注一批就再比一次。",
        "Too early to tell: this needs {window} comparisons of successive models and has {n}. "
        "Compare again after each batch.",
    ),
    "go_on": (
        "继续标注：最近{window}次重新训练，模型判断的一致程度平均为{mean:.3f}，未到{enough:.2f}，新标签仍在改变模型。",
        "Go on: over the last {window} batches successive models agree by {mean:.3f} (kappa), below "
        "{enough:.2f}; new labels still change what the model says.",
    ),
    "stop": (
        "可以停了：最近{window}次重新训练，模型判断的一致程度平均为{mean:.3f}，已到{enough:.2f}，再标注变化很小。"
        "这只说明模型已稳定，不说明它判得对，请再看准确率。",
        "You can stop: over the last {window} batches successive models agree by {mean:.3f} (kappa), at "
        "least {enough:.2f}; more labels of this kind change little. This says that the model is stable, not "
        "that it is right: look at its accuracy too.",
    ),
}


@dataclass(frozen=True)
class StopAdvice:
    """Whether to go on labelling.

    Attributes
    ----------
    verdict : str
        ``early``, ``go_on`` or ``stop``.
    agreements : tuple of float
        Cohen's kappa between each model and the one before.
    mean : float
        Of the last `window`; NaN while there are fewer.
    enough : float
    window : int
    """

    verdict: str
    agreements: tuple[float, ...]
    mean: float
    enough: float
    window: int

    def sentence(self, lang: str = "en") -> str:
        """The verdict in words, `lang` being "zh" or "en"."""
        said = _SAID[self.verdict][checked_language(lang) == "en"]
        return said.format(window=self.window, n=len(self.agreements), mean=self.mean, enough=self.enough)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self) | {"mean": None if np.isnan(self.mean) else self.mean}


def when_to_stop(predictions: pd.DataFrame, enough: float = ENOUGH, window: int = WINDOW) -> StopAdvice:
    """The rule of stabilising predictions (Bloodgood and Vijay-Shanker, 2009).

    Stop once the agreement between successive models on one fixed set of unlabelled tickets, as Cohen's
    kappa, is on average at least 0.99 over the last three comparisons. A lower `enough` stops earlier.

    Parameters
    ----------
    predictions : DataFrame of shape (n_tickets, n_models)
        The types that each model says, the oldest model first; as :func:`successive_predictions` gives them.
    enough : float
    window : int

    Raises
    ------
    BadOption
        When there are no tickets, or `enough` is not between 0 and 1.

    >>> same = ["venting", "high_energy"] * 50
    >>> print(when_to_stop(pd.DataFrame({50: same, 100: same, 150: same, 200: same})).sentence()[:12])
    You can stop
    >>> when_to_stop(pd.DataFrame({50: same, 100: same[1:] + same[:1]})).verdict
    'early'
    """
    if not 0 < enough <= 1 or not len(predictions):
        remedy = "give tickets, and an agreement such as 0.99"
        raise BadOption("enough", enough, "an agreement between 0 and 1 on some tickets", remedy)
    columns = [predictions[name].astype(str).to_numpy() for name in predictions.columns]
    found = tuple(kappa_of_two(a, b) for a, b in pairwise(columns))
    if len(found) < window:
        return StopAdvice("early", found, float("nan"), enough, window)
    mean = float(np.mean(found[-window:]))
    return StopAdvice("stop" if mean >= enough else "go_on", found, mean, enough, window)


def successive_predictions(
    labelled: pd.DataFrame,
    stop_set: pd.DataFrame,
    sizes: Sequence[int],
    taxonomy: Taxonomy | None = None,
) -> pd.DataFrame:
    """What quick models say of the stop set, each fitted on the first so many labels.

    Parameters
    ----------
    labelled : DataFrame
        In the order in which they were labelled.
    stop_set : DataFrame
        Tickets without labels that stay the same while labelling goes on; a few hundred are enough.
    sizes : sequence of int
        Numbers of labels, growing.
    taxonomy : Taxonomy, optional

    Returns
    -------
    DataFrame of shape (n_stop_set, n_sizes)
        A column for each size.

    Raises
    ------
    MissingColumns
        When there is no ``customer_type`` among the labelled, or no ``text``.
    BadOption
        When the sizes do not grow, or exceed the labels.
    """
    need_columns(labelled, ("customer_type", "text"))
    need_columns(stop_set, ("text",))
    rising = all(a < b for a, b in pairwise(sizes))
    if not sizes or not rising or sizes[0] < 1 or sizes[-1] > len(labelled):
        remedy = f"give growing numbers up to {len(labelled)}"
        raise BadOption("sizes", list(sizes), "growing numbers of labels that are there", remedy)
    return quick_predictions(labelled, stop_set, sizes, taxonomy or read_taxonomy())
