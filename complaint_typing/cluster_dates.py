"""The order of day and month in the dates of a Dask table, decided by all of its partitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .column_values import TIME_COLUMNS, find_date_order
from .times import order_from

if TYPE_CHECKING:
    import pandas as pd


def orders_of(ddf: Any, places: Mapping[str, int]) -> Any:
    """What all dates of a table together say about the order of day and month; None where none can."""
    texts = {
        name: ddf.columns[places[name]]
        for name in TIME_COLUMNS
        if name in places and ddf._meta.iloc[:, places[name]].dtype.kind not in "Miuf"
    }
    if not texts:
        return None
    times = ddf[list(texts.values())].rename(columns={header: name for name, header in texts.items()})
    meta = {"order": "string[pyarrow]", "example": "string[pyarrow]", "where": "string[pyarrow]"}
    return times.clear_divisions().map_partitions(date_orders, meta=meta).repartition(npartitions=1)


def date_orders(part: pd.DataFrame) -> pd.DataFrame:
    """What the dates of a partition say about the order of day and month.

    >>> import pandas as pd
    >>> date_orders(pd.DataFrame({"created_at": ["25/12/2024"]})).values.tolist()
    [['dmy', '25/12/2024', 'created_at']]
    """
    import pandas as pd

    evidence, where = find_date_order({name: part[name].tolist() for name in part.columns})
    rows = [(order, example, where) for order, example in evidence.items()]
    return pd.DataFrame(rows, columns=["order", "example", "where"]).astype("string[pyarrow]")


def decided(orders: pd.DataFrame | None) -> str | None:
    """The order that all partitions decide; None where every date speaks for itself."""
    if orders is None:
        return None
    where = sorted(set(" and ".join(orders["where"]).split(" and ")) - {""})
    return order_from(dict(zip(orders["order"], orders["example"], strict=True)), " and ".join(where))
