"""Shares of the types in a Dask table, from the same sample of its tickets as of a file or a table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import cells
from .adaptation import estimate_of
from .columns import place_of
from .frames import ReadTable, groups_of
from .model import Model, Scores
from .priors import PriorEstimate
from .text_limit import judged_part
from .ticket_sample import sample_rows
from .ticket_table import join_texts

if TYPE_CHECKING:
    import pandas as pd

ROW, WORDS, GROUP, STRANGE = "__row__", "__words__", "__group__", "__strange__"
_WORDS = ("subject", "text")


def partition_starts(ddf: Any) -> NDArray[np.int64]:
    """How many rows of a Dask table stand before each partition, and at the end how many there are."""
    import pandas as pd

    column = ddf[[ddf.columns[0]]]
    sizes = column.clear_divisions().map_partitions(_size, meta=pd.Series([], dtype="int64")).compute()
    return np.concatenate([[0], np.cumsum(sizes.to_numpy())]).astype(np.int64)


def _size(part: pd.DataFrame) -> pd.Series:
    import pandas as pd

    return pd.Series([len(part)], dtype="int64")


def sampled(ddf: Any, places: Mapping[str, int], by: str | None) -> Any:
    """The contract's columns of a Dask table, with the words of sampled tickets only, aside.

    In the place of words stands a hash of them, so that a ticket that is listed twice is still one event.

    Parameters
    ----------
    ddf : dask.dataframe.DataFrame
    places : mapping of str to int
        Contract column -> place in it.
    by : str, optional
        The column by which shares are estimated.

    Returns
    -------
    dask.dataframe.DataFrame
        With the number of each sampled row in `ROW` (else -1), its words in `WORDS`, its group in `GROUP`.
    """
    if by is not None:
        place_of(by, [str(name) for name in ddf.columns])
    starts = partition_starts(ddf)
    rows = sample_rows(int(starts[-1]))
    meta = lightened(ddf._meta, starts, rows, places, by)
    return ddf.clear_divisions().map_partitions(lightened, starts, rows, dict(places), by, meta=meta)


def lightened(
    part: pd.DataFrame,
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    places: Mapping[str, int],
    by: str | None,
    partition_info: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """A partition as :func:`sampled` hands it on.

    Parameters
    ----------
    part : DataFrame
    starts : ndarray of shape (n_partitions + 1,)
        Rows before each partition.
    rows : ndarray of int64
        Numbers of the sampled rows.
    places, by
        As for :func:`sampled`.
    partition_info : mapping, optional
        As Dask gives it.

    >>> import pandas as pd
    >>> part = pd.DataFrame({"text": ["no light", "no water", None], "plan": ["a", "b", "c"]})
    >>> light = lightened(part, np.array([0, 3]), np.array([1]), {"text": 0}, "plan")
    >>> light["__words__"].tolist(), light["__row__"].tolist(), light["__group__"].tolist()
    (['', 'no water', ''], [-1, 1, -1], ['a', 'b', 'c'])
    >>> light["text"].tolist()[2]
    ''
    """
    number = (partition_info or {"number": 0})["number"]
    row = np.arange(len(part), dtype=np.int64) + (starts[number] if len(part) else 0)
    row[~np.isin(row, rows)] = -1
    words = np.array(_words(part, places), dtype=object)
    kept = {name: place for name, place in places.items() if name not in _WORDS}
    light = part.iloc[:, list(kept.values())].set_axis(list(kept), axis=1)
    told = {"text": _hashes(words), WORDS: np.where(row < 0, "", words)}
    told[GROUP] = np.array([""] * len(part) if by is None else groups_of(part, by), dtype=object)
    return light.assign(**told, **{ROW: row}).astype(dict.fromkeys(told, "string[pyarrow]"))


def _words(part: pd.DataFrame, places: Mapping[str, int]) -> list[str]:
    """What is judged of each ticket."""
    columns = [cells.texts(part.iloc[:, places[n]].tolist()) if n in places else None for n in _WORDS]
    return [judged_part(text) for text in join_texts(*columns)]


def _hashes(words: NDArray[Any]) -> NDArray[Any]:
    """A short text for each, the same in every process where they are equal; what is blank is empty."""
    return np.array(["" if not text or text.isspace() else _hash(text) for text in words], dtype=object)


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def sample_meta(model: Model) -> pd.DataFrame:
    """An empty table as :func:`scores_of_sample` gives one."""
    import pandas as pd

    kinds = {ROW: "int64", GROUP: "string[pyarrow]", STRANGE: "float64"}
    kinds |= dict.fromkeys(model.types, "float64")
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


def scores_of_sample(model: Model, table: ReadTable) -> pd.DataFrame:
    """What the model says of the sampled rows of a share, as a table.

    Parameters
    ----------
    model : Model
    table : ReadTable
        Of what :func:`lightened` made.

    Returns
    -------
    DataFrame
        `ROW`, `GROUP`, `STRANGE`, and a column of float64 for each type.
    """
    chosen = np.flatnonzero(table.given[ROW].to_numpy() >= 0)
    known = {name: values[chosen] for name, values in table.facts.items()}
    scores = model.score(table.given[WORDS].iloc[chosen].tolist(), known)
    types = dict(zip(model.types, scores.types.astype(float).T, strict=True))
    told = table.given.iloc[chosen][[ROW, GROUP]].reset_index(drop=True)
    return told.assign(**{STRANGE: scores.strangeness.astype(float)}, **types)


def estimate_of_sample(model: Model, sample: pd.DataFrame, by: str | None) -> PriorEstimate:
    """The estimate from all that :func:`scores_of_sample` told.

    Parameters
    ----------
    model : Model
    sample : DataFrame
        In any order.
    by : str, optional
    """
    sample = sample.sort_values(ROW)
    types = sample[list(model.types)].to_numpy(dtype=np.float32)
    nothing = np.zeros((len(sample), 0), dtype=np.float32)
    scores = Scores(types, nothing, nothing, sample[STRANGE].to_numpy(dtype=np.float32))
    return estimate_of(model, scores, None if by is None else sample[GROUP].tolist(), by)
