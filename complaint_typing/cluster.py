"""Scores a Dask table on a cluster, with the same answers as one machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .adaptation import adaptation
from .advisor import Advisor, load
from .cells import identities
from .cluster_dates import decided, orders_of
from .cluster_errors import WorkerDiffers
from .cluster_priors import estimate_of_sample, sample_meta, sampled, scores_of_sample
from .columns import SCORED_COLUMNS, map_headers
from .errors import BadOption, BadValue, MissingExtra
from .frames import ReadTable, groups_of, read_table, with_scored
from .priors import PriorEstimate
from .scored_header import own_columns, scored_names
from .scoring import ScoredTickets
from .taxonomy import spoken_language
from .times import checked_order, zone_of

if TYPE_CHECKING:
    import pandas as pd

_BLOCK_ROWS = 4096
_AT, _SHARE, _INDEX = "__at__", "__share__", "__index__"
_ROWS = 1 << 40
_DAYS = [column.name for column in SCORED_COLUMNS].index("follow_up_days")
_DTYPES = {"proba": "float64", "flag": "int64", "days": "Int64"}
_ADVISORS: dict[tuple[str | None, ...], Advisor] = {}
_LOADING = threading.Lock()


class Settings(NamedTuple):
    """What every worker needs to know; small, and the same for all of them.

    Attributes
    ----------
    model, policy : str or None
        Folders that every worker can read; None for what ships with the package.
    model_version, policy_version : str
        What the caller saw there.
    proba : bool
    lang : str or None
    tz : str or tzinfo
    date_order : str or None
    priors : PriorEstimate or None
        What probabilities are adapted to, by the column that it names.
    """

    model: str | None
    policy: str | None
    model_version: str
    policy_version: str
    proba: bool
    lang: str | None
    tz: str | tzinfo = "UTC"
    date_order: str | None = None
    priors: PriorEstimate | None = None


def score_dask(
    ddf: Any,
    model: str | Path | None = None,
    policy: str | Path | None = None,
    *,
    earlier: Any = None,
    proba: bool = False,
    lang: str | None = None,
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
    adapt_priors: bool = False,
    adapt_by: str | None = None,
    on_priors: Callable[[Mapping[str, Any]], None] | None = None,
    keep_order: bool = True,
    npartitions: int | None = None,
) -> Any:
    """Score a Dask table of tickets; lazy, and equal to :meth:`Advisor.score` of the whole table.

    Parameters
    ----------
    ddf : dask.dataframe.DataFrame
        Columns are found by the same names as in files. Every ticket is history for the later ones of its
        customer, in whatever partition they stand.
    model, policy : path, optional
        Folders that every worker can read; what ships by default.
    earlier : dask.dataframe.DataFrame or DataFrame, optional
        Older tickets of the same customers.
    proba : bool
        Append ``p_<type>`` columns.
    lang : str, optional
        ``zh``, ``zh-Hant`` or ``en`` for all texts; each ticket's own language by default.
    tz : str or tzinfo
        Zone of times that name none, also of ``earlier``.
    date_order : {"dmy", "mdy"}, optional
        Order of dates with the year last; by default each table decides for itself.
    adapt_priors : bool
        Adapt probabilities to the shares of the types seen in this table, see ``docs/priors.md``. They are
        estimated at once, by a pass over the table that moves 5,000 texts at most.
    adapt_by : str, optional
        The same by the values of a column.
    on_priors : callable, optional
        Called with that estimate, ready for JSON.
    keep_order : bool
        Bring the rows back into their order, by a second shuffle. Without it they come grouped by customers
        and are told apart by their index.
    npartitions : int, optional
        Into how many shares the customers are divided; as many as ``ddf`` has partitions by default.

    Returns
    -------
    dask.dataframe.DataFrame
        As :meth:`Advisor.score`, with the same index; ``follow_up_days`` is ``Int64``, missing where that has
        an empty text.

    Raises
    ------
    MissingExtra
        When Dask is not installed.
    MissingColumns
        When a table has no text column.
    BadValue, AmbiguousDates
        As :meth:`Advisor.score`, when it is computed; for an option that makes no sense at once.
    WorkerDiffers
        When a worker finds another model or policy than the caller; when it is computed.
    """
    dd = _dask_dataframe()
    _check_table("ddf", ddf)
    if earlier is not None:
        earlier = dd.from_pandas(earlier, npartitions=1) if _is_frame(earlier) else earlier
        _check_table("earlier", earlier)
    _check(lang, npartitions)
    advisor = load(model, policy)
    versions = advisor.model.version, advisor.policy.version
    order, _ = checked_order(date_order), zone_of(tz)
    settings = Settings(_path(model), _path(policy), *versions, proba, lang, tz, order)
    given = _without_own(ddf)
    n, n_in = npartitions or given.npartitions, given.npartitions
    places = map_headers([str(name) for name in given.columns])
    beside = [None if order else orders_of(given, places)]
    if earlier is not None:
        past = _past(earlier)
        theirs = map_headers(list(past.columns))
        beside += [_shared_out(past, theirs, n), None if order else orders_of(past, theirs)]
    if adapt_priors or adapt_by is not None:
        light = sampled(given, places, adapt_by)
        light = _shared_out(light, {str(name): i for i, name in enumerate(light.columns)}, n)
        found = _over_shares(sample_share, light, *beside, settings=settings, meta=sample_meta(advisor.model))
        settings = settings._replace(priors=estimate_of_sample(advisor.model, found.compute(), adapt_by))
        if on_priors and settings.priors:
            on_priors(settings.priors.to_dict())
    kept = scored_meta(given._meta, advisor.model.types if proba else ())
    placed = kept.assign(**{_AT: np.array([], np.int64), _INDEX: kept.index})
    whole = _shared_out(given, places, n)
    scored = _over_shares(score_share, whole, *beside, settings=settings, columns=placed, meta=placed)
    if keep_order:
        scored = scored.set_index(_AT, divisions=[i * _ROWS for i in range(n_in + 1)])
    return scored.clear_divisions().map_partitions(in_place, columns=kept, meta=kept)


def _is_frame(table: Any) -> bool:
    import pandas as pd

    return isinstance(table, pd.DataFrame)


def _check_table(name: str, table: Any) -> None:
    if not hasattr(table, "npartitions"):
        remedy = "use dask.dataframe.from_pandas(frame, npartitions=1), or Advisor.score for a pandas table"
        raise BadOption(name, type(table).__name__, "a Dask table", remedy)
    if twice := [str(column) for column in table.columns[table.columns.duplicated()]]:
        remedy = "rename them; a distributed table tells its columns apart by their names"
        raise BadOption(name, ", ".join(twice), "a table whose columns have different names", remedy)


def _check(lang: str | None, npartitions: int | None) -> None:
    if lang is not None:
        spoken_language(lang)
    if npartitions is not None and not (isinstance(npartitions, (int, np.integer)) and npartitions > 0):
        raise BadOption("npartitions", npartitions, "a number of shares", "use a whole number above 0")


def _over_shares(work: Callable[..., Any], *tables: Any, **how: Any) -> Any:
    """What work makes of each share, with the tables of one partition given to all of them."""
    return _dask_dataframe().map_partitions(
        work, *tables, **how, align_dataframes=False, transform_divisions=False
    )


def _dask_dataframe() -> Any:
    try:
        import dask.dataframe as dd
    except ImportError:
        raise MissingExtra("cluster", "dask") from None
    return dd


def _path(folder: str | Path | None) -> str | None:
    return None if folder is None else str(Path(folder).absolute())


def _without_own(ddf: Any) -> Any:
    """Without the columns of an earlier scoring."""
    own = own_columns([str(name) for name in ddf.columns])
    return ddf[[name for place, name in enumerate(ddf.columns) if place not in own]] if own else ddf


def _past(earlier: Any) -> Any:
    """Of earlier tickets the contract's columns only, under its names."""
    places = map_headers([str(name) for name in earlier.columns])
    names = {earlier.columns[place]: name for name, place in places.items()}
    return earlier[list(names)].rename(columns=names)


def _shared_out(ddf: Any, places: Mapping[str, int], n: int) -> Any:
    """The rows by shares of the customers, one share a partition."""
    meta = ddf._meta.assign(
        **{_AT: np.array([], np.int64), _SHARE: np.array([], np.int64), _INDEX: ddf._meta.index}
    )
    marked = ddf.clear_divisions().map_partitions(
        with_share, customer=places.get("customer_id"), n=n, meta=meta
    )
    return marked.set_index(_SHARE, divisions=[*range(n), n - 1]).clear_divisions()


def with_share(
    part: pd.DataFrame, customer: int | None, n: int, partition_info: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Note of each row where it stood, and to which share of the customers it belongs.

    Parameters
    ----------
    part : DataFrame of shape (n_tickets, …)
    customer : int, optional
        Place of the column with the customers; tickets of nobody are dealt out evenly.
    n : int
        How many shares.
    partition_info : mapping, optional
        As Dask gives it.

    >>> import pandas as pd
    >>> shares = with_share(pd.DataFrame({"customer_id": ["c1", None, " c1"]}), 0, 64)["__share__"]
    >>> shares[[0, 2]].nunique()
    1
    """
    from pandas.util import hash_array

    at = np.arange(len(part), dtype=np.int64) + (partition_info or {"number": 0})["number"] * _ROWS
    who = [""] * len(part) if customer is None else identities(part.iloc[:, customer].tolist())[0]
    known = np.array([name != "" for name in who], dtype=bool)
    share = np.where(known, hash_array(np.array(who, dtype=object)), hash_array(at)) % np.uint64(n)
    return part.assign(**{_AT: at, _SHARE: share.astype(np.int64), _INDEX: part.index})


def scored_meta(given: pd.DataFrame, types: Sequence[str]) -> pd.DataFrame:
    """An empty table with the columns and their kinds that scoring gives.

    Parameters
    ----------
    given : DataFrame
        An empty one of what is scored.
    types : sequence of str
        Whose probabilities are appended.
    """
    import pandas as pd

    kinds = [*(column.kind for column in SCORED_COLUMNS), *("proba" for _ in types)]
    names = scored_names([str(name) for name in given.columns], types)
    dtypes = zip(names, kinds, strict=True)
    empty = {name: pd.Series([], dtype=_DTYPES.get(k, "string[pyarrow]")) for name, k in dtypes}
    return given.iloc[:0].assign(**{name: column.set_axis(given.index[:0]) for name, column in empty.items()})


def score_share(
    part: pd.DataFrame,
    orders: pd.DataFrame | None,
    past: pd.DataFrame | None = None,
    past_orders: pd.DataFrame | None = None,
    *,
    settings: Settings,
    columns: pd.DataFrame,
) -> pd.DataFrame:
    """Score all tickets of a share of the customers.

    Parameters
    ----------
    part, past : DataFrame
        As :func:`with_share` marked them, in any order.
    orders, past_orders : DataFrame, optional
        As :func:`~complaint_typing.cluster_dates.date_orders` gives them, of all partitions.
    settings : Settings
    columns : DataFrame
        An empty table with the columns to return.
    """
    if not len(part):
        return columns
    advisor = _advisor(settings)
    table, at = _read_share(part, orders, past, past_orders, settings)
    blocks = list(_blocks(advisor, table, settings))
    scored = with_scored(table.given, blocks, advisor.model.types if settings.proba else ())
    days = scored.columns[len(table.given.columns) + _DAYS]
    scored[days] = [None if day == "" else day for day in scored[days]]
    return _of_kinds(scored.assign(**{_AT: at, _INDEX: scored.index}), columns)


def sample_share(
    part: pd.DataFrame,
    orders: pd.DataFrame | None,
    past: pd.DataFrame | None = None,
    past_orders: pd.DataFrame | None = None,
    *,
    settings: Settings,
) -> pd.DataFrame:
    """What the model says of the sampled tickets of a share.

    Parameters
    ----------
    part : DataFrame
        As :func:`~complaint_typing.cluster_priors.lightened` and :func:`with_share` made it.
    orders, past, past_orders, settings
        As for :func:`score_share`.
    """
    model = _advisor(settings).model
    if not len(part):
        return sample_meta(model)
    table, _ = _read_share(part, orders, past, past_orders, settings)
    return scores_of_sample(model, table)


def _read_share(
    part: pd.DataFrame,
    orders: pd.DataFrame | None,
    past: pd.DataFrame | None,
    past_orders: pd.DataFrame | None,
    settings: Settings,
) -> tuple[ReadTable, NDArray[np.int64]]:
    """The tickets of a share in their order, and where each stood."""
    part = part.sort_values(_AT).set_index(_INDEX)
    at = part.pop(_AT).to_numpy()
    if past is not None:
        past = past.sort_values(_AT).drop(columns=[_AT, _INDEX])
    given = settings.date_order
    try:
        table = read_table(part, past, given or decided(orders), given or decided(past_orders), settings.tz)
    except BadValue as error:
        raise _placed(error, at) from None
    return table, at


def in_place(part: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The rows in their order and with their index, without the notes of where they stood."""
    part = part.drop(columns=_AT) if _AT in part.columns else part.sort_index()
    return part.set_index(_INDEX).rename_axis(columns.index.name)


def _blocks(advisor: Advisor, table: ReadTable, settings: Settings) -> Iterator[ScoredTickets]:
    """Scored in blocks, so that memory does not grow with the share."""
    by = settings.priors and settings.priors.by
    groups = groups_of(table.given, by) if by else None
    for start in range(0, len(table.tickets), _BLOCK_ROWS):
        stop = start + _BLOCK_ROWS
        known = {name: values[start:stop] for name, values in table.facts.items()}
        adapted = None
        if settings.priors is not None:
            adapted = adaptation(advisor.model, settings.priors, groups and groups[start:stop])
        yield advisor.score_tickets(table.tickets.part(start, stop), known, settings.lang, adapted)


def _of_kinds(scored: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    kinds = columns.dtypes
    return scored.astype({name: kinds[name] for name in columns.columns if scored[name].dtype != kinds[name]})


def _placed(error: BadValue, at: NDArray[np.int64]) -> BadValue:
    """The error with the place in the whole table of the row that it names."""
    partition, row = divmod(int(at[(error.row or 1) - 1]), _ROWS)
    remedy = f"{error.remedy}, as row {row + 1} of partition {partition}"
    return BadValue(None, error.column, error.value, error.expected, remedy)


def _advisor(settings: Settings) -> Advisor:
    """The advisor of this process, loaded once for each model and policy."""
    with _LOADING:
        if settings[:4] not in _ADVISORS:
            advisor = load(settings.model, settings.policy)
            found, wanted = (advisor.model.version, advisor.policy.version), settings[2:4]
            if found != wanted:
                raise WorkerDiffers(wanted, found)
            _ADVISORS.clear()
            _ADVISORS[settings[:4]] = advisor
        return _ADVISORS[settings[:4]]
