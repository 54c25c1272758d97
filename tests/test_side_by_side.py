"""Fits in several processes: what joblib says of replaced workers is not passed on, all else is."""

from __future__ import annotations

import warnings

import pytest

from complaint_typing.side_by_side import side_by_side

REPLACED = (
    "A worker stopped while some jobs were given to the executor. This can be caused by a too short worker "
    "timeout or by a memory leak."
)


def warned(text: str) -> str:
    warnings.warn(text, UserWarning, stacklevel=1)
    return text


def test_replaced_workers_are_nobodys_business(recwarn: pytest.WarningsRecorder) -> None:
    assert side_by_side(warned, [(REPLACED,), ("the fit did not converge",)], jobs=1)[0] == REPLACED
    assert [str(warning.message) for warning in recwarn] == ["the fit did not converge"]


def test_results_come_in_the_order_of_the_tasks_from_several_processes() -> None:
    assert side_by_side(pow, [(n, 2) for n in range(20)], jobs=2) == [n * n for n in range(20)]
