"""Writes scored files block by block, in the forms that scoring uses."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from complaint_typing.scored_forms import scored_form


class ScoredWriter:
    """A context manager; the file is put together when the block ends well."""

    def __init__(self, path: Path, header: Any, proba_types: Any = None, guard: bool = True):
        self._path, self._form = path, scored_form(path, header, proba_types, guard)
        self.header, self.rows_written = self._form.header, 0

    def __enter__(self) -> ScoredWriter:
        self._made = [self._form.head()]
        return self

    def write(self, rows: Any, columns: Any, probabilities: Any = None) -> None:
        self._made.append(self._form.block(rows, columns, probabilities, self.rows_written + 1))
        self.rows_written += len(rows)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            with tempfile.TemporaryDirectory() as folder:
                gathered, whole = Path(folder, "rows"), Path(folder, "whole")
                gathered.write_bytes(b"".join(self._made))
                shutil.copyfile(whole if self._form.assemble(gathered, whole) else gathered, self._path)
