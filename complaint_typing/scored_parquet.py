"""A scored table as a Parquet file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from .parquet_rows import pyarrow_parquet
from .scored_json import ScoredJson, gathered_rows

_ROWS = 10_000


class ScoredParquet(ScoredJson):
    """Blocks are gathered as lines of JSON; at the end they become a Parquet file, group by group.

    Cells of the input are texts; confidence and probabilities float64, flags and days int64.

    Parameters
    ----------
    input_header : sequence of str
    proba_types : sequence of str, optional

    Raises
    ------
    MissingExtra
        When pyarrow is not installed.
    """

    def __init__(self, input_header: Sequence[str], proba_types: Sequence[str] | None = None):
        pyarrow_parquet()
        super().__init__(input_header, proba_types, typed=False)

    def assemble(self, gathered: Path, whole: Path) -> bool:
        """Make the Parquet file of the lines."""
        parquet = pyarrow_parquet()
        import pyarrow as pa

        types = {"proba": pa.float64(), "flag": pa.int64(), "days": pa.int64()}
        kinds = zip(self.header, self.kinds, strict=True)
        schema = pa.schema([(name, types.get(kind, pa.string())) for name, kind in kinds])
        rows = gathered_rows(gathered)
        with parquet.ParquetWriter(whole, schema) as writer:
            while group := list(islice(rows, _ROWS)):
                columns = zip(*group, strict=True)
                arrays = [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        return True
