"""Eight threads answer 80,000 tickets on one handle while its model is swapped a hundred times.

Run it with ``python -m pytest tests/endurance/test_hot_swap.py`` (some minutes).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hot_swap import answers_under_swaps, tickets_of_the_load

from complaint_typing.artifact import load_model, save_model
from complaint_typing.resources import data_path


def test_every_answer_is_the_serial_answer_of_one_of_the_two_models(tmp_path: Path) -> None:
    shipped = load_model(data_path("model"))
    save_model(replace(shipped, temperature=shipped.temperature * 1.5), tmp_path / "other")
    wrong, counted = answers_under_swaps(
        (data_path("model"), tmp_path / "other"),
        tickets_of_the_load(500),
        per_thread=10_000,
        n_threads=8,
        n_swaps=100,
    )
    assert wrong == []
    assert counted.total() == 80_000
    assert min(counted.values()) > 10_000
