"""What a model was trained on is told as far as it says."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from complaint_typing.artifact import load_model, save_model
from complaint_typing.errors import ArtifactError
from complaint_typing.model import Model
from complaint_typing.workbench.provenance import learned, noted


def test_the_same_bytes_under_another_name_are_the_same_file(model: Model, tmp_path: Path) -> None:
    mine, other = tmp_path / "renamed.csv", tmp_path / "may.csv"
    mine.write_bytes(b"text\nhello\n")
    other.write_bytes(b"text\nhello again\n")
    trained = replace(model, info={"data": {"may.csv": sha256(mine.read_bytes()).hexdigest()}})
    tickets = pd.DataFrame({"text": ["a", "b", "c"], "collection": ["renamed", "may", "june"]})
    found = learned(trained, tickets, [mine, other, other])
    assert found.same_file.tolist() == [True, False, False]
    assert found.same_name.tolist() == [False, True, False]
    assert found.any.tolist() == [True, True, False]


def test_a_model_that_says_nothing_is_not_taken_to_be_innocent(model: Model) -> None:
    found = learned(replace(model, info={}), pd.DataFrame({"text": ["a"]}))
    assert found.to_dict() == {"says": False, "same_file": 0, "same_name": 0}


@pytest.mark.parametrize("odd", [{"data": 3}, {"data": ["x"]}, {"collections": "x"}])
def test_what_training_did_not_write_is_an_error_of_the_model(model: Model, odd: dict) -> None:
    with pytest.raises(ArtifactError, match="not as training writes it"):
        learned(replace(model, info=odd), pd.DataFrame({"text": ["a"], "collection": "x"}))


def test_a_model_of_a_notebook_keeps_its_collections(
    model: Model, corpus: pd.DataFrame, tmp_path: Path
) -> None:
    save_model(noted(model, corpus), tmp_path / "model")
    kept = load_model(tmp_path / "model")
    assert kept.info["n_tickets"] == len(corpus)
    assert sum(kept.info["types"].values()) == len(corpus)
    assert learned(kept, corpus).same_name.all()
    assert not learned(kept, corpus.assign(collection="new")).same_name.any()
