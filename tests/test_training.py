"""Training from files: what a model notes of them, what its card may say, and what it does not take in."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from complaint_typing.artifact import load_model
from complaint_typing.errors import BadValue, TargetExists, UnwritableTarget
from complaint_typing.fitting import Recipe
from complaint_typing.labels import read_with_files
from complaint_typing.training import train
from complaint_typing.workbench.provenance import learned


def written(table: pd.DataFrame, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)
    return path


def trained(paths: Sequence[Path], folder: Path) -> tuple[dict, str]:
    """What the model notes, and its card."""
    train(paths, folder / "model", Recipe(min_groups=1))
    return dict(load_model(folder / "model").info), (folder / "model" / "MODEL_CARD.md").read_text("utf-8")


@pytest.fixture(scope="module")
def single(corpus: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, str]:
    """Of one file that names no collection and no customer; one row has no text."""
    folder = tmp_path_factory.mktemp("single")
    table = corpus.drop(columns="collection").assign(genre="phone 138-0013-8091")
    table.loc[0, "text"] = ""
    return trained([written(table, folder / "may.csv")], folder)


def test_the_card_says_what_was_left_out_and_drawn(single: tuple[dict, str]) -> None:
    info, card = single
    assert (info["n_collections"], info["left_out"], info["drawn"]) == (1, "ticket", "ticket")
    assert "101 labelled tickets of 1 collection," in card
    assert "Figures on tickets that the weights had not seen" in card
    assert "95 % intervals over\ntickets:" in card
    assert "author and labeller one language model" not in card


def test_rows_without_a_text_and_what_masks_are_noted(single: tuple[dict, str]) -> None:
    info, card = single
    assert info["unusable"] == 1
    assert [*info["parts"]["genre"]] == ["phone [phone …91]"]
    assert "8091" not in card


def test_collections_and_customers_are_told_apart(corpus: pd.DataFrame, tmp_path: Path) -> None:
    info, card = trained(
        [written(corpus.assign(customer_id=corpus.index % 40), tmp_path / "may.csv")], tmp_path
    )
    assert info["collections"] == ["author 0", "author 1", "author 2"]
    assert (info["n_collections"], info["drawn"]) == (3, "customer")
    assert "left_out" not in info
    assert "Figures on tickets of collections that" in card
    assert "intervals over\ncustomers:" in card
    june = written(corpus.iloc[:9], tmp_path / "june.csv")
    tickets, files = read_with_files([june])
    assert learned(load_model(tmp_path / "model"), tickets, files).same_name.all()


def test_files_of_one_name_each_keep_their_digest(corpus: pd.DataFrame, tmp_path: Path) -> None:
    parts = {"a/labels.csv": 0, "b/labels.csv": 1, "x/a/labels.csv": 2, "june.csv": 3}
    paths = [written(corpus.iloc[i::4], tmp_path / name) for name, i in parts.items()]
    info, _ = trained([*paths, paths[0]], tmp_path)
    top = tmp_path.name
    assert {*info["data"]} == {f"{top}/a/labels.csv", "b/labels.csv", "x/a/labels.csv", "june.csv"}
    assert {*info["data"].values()} == {sha256(path.read_bytes()).hexdigest() for path in paths}
    assert info["n_tickets"] == len(corpus)


def test_a_weight_of_zero_leaves_a_ticket_out(corpus: pd.DataFrame, tmp_path: Path) -> None:
    table = corpus.assign(weight=(corpus["customer_type"] != "venting").astype(int))
    info, _ = trained([written(table, tmp_path / "may.csv")], tmp_path)
    assert "venting" not in info["types"]
    assert info["n_tickets"] == int(table["weight"].sum())
    none = written(table.assign(weight=0), tmp_path / "none.csv")
    with pytest.raises(BadValue, match="weight above zero"):
        train([none], tmp_path / "other")


def test_copies_of_a_text_teach_nobody_the_answer(tmp_path: Path) -> None:
    """The type of a text cannot be told; only its copy can tell it."""
    texts = [f"{a}{b}" for a in "甲乙丙丁戊己" for b in "子丑寅卯辰巳"]
    types = [["venting", "respect_seeking"][(i // 6 + i) % 2] for i in range(len(texts))]
    once = pd.DataFrame({"text": texts, "customer_type": types})
    twice = written(pd.concat([once, once]), tmp_path / "twice.csv")
    figures = train([twice], tmp_path / "model", Recipe(min_groups=1))[1]
    assert figures["accuracy"]["value"] < 0.7


def test_a_signal_of_every_ticket_can_be_learned(corpus: pd.DataFrame, tmp_path: Path) -> None:
    info, _ = trained([written(corpus.assign(risk_signals="legal"), tmp_path / "may.csv")], tmp_path)
    assert info["figures"]["signal_f1"]["legal"]["f1"] == 1


def test_a_folder_of_something_else_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(TargetExists):
        train([tmp_path / "no_such_file.csv"], tmp_path)
    with pytest.raises(UnwritableTarget, match="nowhere/model: the folder is not there; make the folder"):
        train([tmp_path / "no_such_file.csv"], tmp_path / "nowhere" / "model")
