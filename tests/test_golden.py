"""Models of every release are read, and answer as they did when they were made."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from golden_models import ANSWERS, GOLDEN, recorded, said
from golden_tickets import N_TICKETS, golden_tickets

from complaint_typing import __version__
from complaint_typing.artifact import PROTOCOL, load_model, read_manifest

LARGEST = 1_500_000
VERSIONS = sorted(GOLDEN.iterdir())


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda folder: folder.name)
def test_a_released_model_answers_as_it_did(folder: Path) -> None:
    types, numbers = said(load_model(folder / "model"))
    types_then, numbers_then = recorded(folder)
    np.testing.assert_allclose(numbers, numbers_then, rtol=0, atol=1e-6)
    assert types == types_then


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda folder: folder.name)
def test_golden_answers_tell_something_and_are_small(folder: Path) -> None:
    with open(folder / ANSWERS, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == N_TICKETS
    assert len({row["customer_type"] for row in rows}) >= 5
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < LARGEST


def test_this_release_has_its_golden_model() -> None:
    """Where this fails after the version was raised: ``python tests/golden_models.py``."""
    assert __version__ in [folder.name for folder in VERSIONS]


def test_every_protocol_has_a_golden_model() -> None:
    """Where this fails after the protocol was raised: ``python tests/golden_models.py NAME``."""
    protocols = {read_manifest(folder / "model")["protocol"] for folder in VERSIONS}
    assert protocols == set(range(1, PROTOCOL + 1))


def test_golden_tickets_are_all_different_and_in_three_scripts() -> None:
    texts = [str(text) for text in golden_tickets()["text"]]
    assert len(set(texts)) == N_TICKETS
    for sign in ("，", "請", "the "):
        assert sum(sign in text for text in texts) >= 20
