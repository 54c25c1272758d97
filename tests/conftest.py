"""One small fitted model for all tests, hypothesis without a clock, and one thread for each process."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from itertools import permutations
from pathlib import Path

# Before numpy is loaded: two processes with two threads each hinder one another on two cores.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Or each process that a test starts compiles the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from complaint_typing.artifact import save_model
from complaint_typing.classifier import CustomerTypeClassifier
from complaint_typing.model import Model

settings.register_profile("steady", deadline=None, max_examples=40)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Notebooks first: at the end of a run there are only short tests to share between processes."""
    items.sort(key=lambda item: "test_notebook_" not in item.nodeid)


OPENINGS = (
    "宽带坏了三天。",
    "上个月的账单不对。",
    "我在你们店里买的灯不亮。",
    "The router died again. ",
    "My parcel came late. ",
    "About my last bill: ",
)
WISHES = {
    "resolution_seeking": ("请退还多扣的费用。", "Please refund the wrong charge. "),
    "compensation_seeking": ("给我送点礼品补偿一下。", "I want a voucher on top for my trouble. "),
    "respect_seeking": ("你们必须道歉，态度太差。", "Nobody listens to me, I want an apology. "),
    "venting": ("真是受够了，无语。", "What a joke, I am so tired of this. "),
    "repeat_abuser": ("老规矩，再送我一个月。", "You gave me a free month before, do it again. "),
    "none": ("加微信领优惠券。", "Buy followers, cheap and fast. "),
}
MODES = {"respect_seeking": "attack", "venting": "emotional", "none": ""}
CLAIMANT = {
    "known": 1,
    "has_outcomes": 1,
    "tickets_30d": 2,
    "tickets_365d": 5,
    "resolved_365d": 4,
    "unproven_365d": 4,
    "goodwill_365d": 2,
    "goodwill_amount_365d": 80.0,
}


def examples() -> pd.DataFrame:
    """A hundred labelled texts, some with two wishes; the authors of `repeat_abuser` have a history."""
    said = [(name, text) for name, wishes in WISHES.items() for text in wishes]
    rows = [(opening + text, name) for name, text in said for opening in OPENINGS]
    drives = [name for name in WISHES if name not in ("none", "repeat_abuser")]
    rows += [(WISHES[a][i] + WISHES[b][i], a) for a, b in permutations(drives, 2) for i in (0, 1)]
    rows += [(opening, drives[i % len(drives)]) for i, opening in enumerate(OPENINGS)]
    table = pd.DataFrame(rows, columns=["text", "customer_type"])
    kind = table["customer_type"]
    history = {"history_" + name: np.where(kind == "repeat_abuser", v, 0) for name, v in CLAIMANT.items()}
    return table.assign(
        collection=[f"author {i % 3}" for i in range(len(table))],
        emotional_mode=[MODES.get(name, "rational") for name in kind],
        risk_signals=np.where(kind == "respect_seeking", "senior", ""),
        **history,
    )


@pytest.fixture(scope="session")
def corpus() -> pd.DataFrame:
    return examples()


@pytest.fixture(scope="session")
def classifier(corpus: pd.DataFrame) -> CustomerTypeClassifier:
    return CustomerTypeClassifier(n_folds=3).fit(
        corpus,
        corpus["customer_type"],
        groups=corpus["collection"],
        modes=corpus["emotional_mode"],
        signals=[set(filter(None, [cell])) for cell in corpus["risk_signals"]],
    )


@pytest.fixture(scope="session")
def model(classifier: CustomerTypeClassifier) -> Model:
    return classifier.model_


@pytest.fixture(scope="session")
def saved(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder that no test changes."""
    folder = tmp_path_factory.mktemp("artifact") / "model"
    save_model(replace(model, info={"n_tickets": 3, "note": "退款"}), folder, card="# 模型\n")
    return folder


@pytest.fixture
def copy(saved: Path, tmp_path: Path) -> Path:
    """A model folder to do with as one likes."""
    return Path(shutil.copytree(saved, tmp_path / "copy"))
