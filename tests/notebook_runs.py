"""Notebooks run top to bottom, as they ship and once more on another export."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def run(
    name: str, folder: Path, again: str | None = None, instead: str | None = None, **options: str
) -> tuple[list[Any], list[Any]]:
    """Outputs of a notebook, and those of a second run in the same process with ``SOURCE = again``.

    `instead` is the source of the first run where it is not the notebook's own; `options` (mapping, policy)
    take the place of those that the notebook opens with.
    """
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    n = len(notebook.cells)
    if instead is not None:
        _change_source(notebook.cells, instead)
    for option, value in options.items():
        _change(notebook.cells, f"{option.upper()} = ", value)
    if again is not None:
        second = deepcopy(notebook.cells)
        _change_source(second, again)
        notebook.cells += second
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    return _outputs(notebook.cells[:n]), _outputs(notebook.cells[n:])


def _change_source(cells: list[Any], source: str) -> None:
    (cell,) = (cell for cell in cells if cell.source.startswith("SOURCE ="))
    cell.source = f"SOURCE = {source}"


def _change(cells: list[Any], line: str, value: str) -> None:
    (cell,) = (cell for cell in cells if f"\n{line}" in f"\n{cell.source}")
    lines = cell.source.split("\n")
    cell.source = "\n".join(f"{line}{value}" if told.startswith(line) else told for told in lines)


def _outputs(cells: list[Any]) -> list[Any]:
    return [output for cell in cells for output in cell.get("outputs", [])]


def pictures(outputs: list[Any]) -> int:
    """How many charts there are."""
    return sum("image/png" in output.get("data", {}) for output in outputs)


def printed(outputs: list[Any], stream: str = "stdout") -> str:
    """What was printed."""
    return "".join(output["text"] for output in outputs if output.get("name") == stream)
