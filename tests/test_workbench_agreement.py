"""Agreement equals scikit-learn's and published figures; what is torn is told; labels are agreed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from complaint_typing.errors import BadValue, MissingColumns
from complaint_typing.workbench.agreement import (
    agreed_labels,
    agreement,
    disagreements,
    labellers_confusion,
    with_labels,
)
from complaint_typing.workbench.pool import ticket_keys

TYPES = np.array(["venting", "respect_seeking", "high_energy"])


def _labels(said: dict[str, list[str]]) -> pd.DataFrame:
    rows = [(str(i), who, name) for who, names in said.items() for i, name in enumerate(names) if name]
    return pd.DataFrame(rows, columns=["ticket_id", "labeller", "customer_type"])


def _two(n: int = 200, wrong: float = 0.25, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    truth = rng.choice(TYPES, n, p=[0.6, 0.3, 0.1])
    other = np.where(rng.random(n) < wrong, rng.choice(TYPES, n), truth)
    return _labels({"anna": truth.tolist(), "bo": other.tolist()})


def test_two_labellers_get_cohens_kappa_in_all_and_for_each_type() -> None:
    labels = _two()
    anna, bo = (labels.loc[labels["labeller"] == who, "customer_type"].to_numpy() for who in ("anna", "bo"))
    found = agreement(labels).set_index("type")
    assert found.index[0] == "all"
    assert found.loc["all", "kappa"] == pytest.approx(cohen_kappa_score(anna, bo))
    assert found.loc["all", "observed"] == pytest.approx((anna == bo).mean())
    for name in TYPES:
        assert found.loc[name, "kappa"] == pytest.approx(cohen_kappa_score(anna == name, bo == name))
        both, any_of = ((anna == name) & (bo == name)).sum(), ((anna == name) | (bo == name)).sum()
        assert found.loc[name, "observed"] == pytest.approx(both / any_of)
        assert found.loc[name, "tickets"] == any_of
    assert (found["low"] < found["kappa"]).all()
    assert (found["kappa"] < found["high"]).all()
    assert set(found["measure"]) == {"cohen_kappa"}


def test_intervals_hold_the_kappa_of_the_whole() -> None:
    """Of samples of a large pair of labellings, most intervals hold its kappa."""
    whole = _two(5000, seed=1)
    anna, bo = (whole.loc[whole["labeller"] == who, "customer_type"].to_numpy() for who in ("anna", "bo"))
    kappa, rng, held = cohen_kappa_score(anna, bo), np.random.default_rng(2), 0
    for _ in range(12):
        rows = rng.choice(5000, 150, replace=False)
        found = agreement(_labels({"anna": anna[rows].tolist(), "bo": bo[rows].tolist()}), draws=200).iloc[0]
        held += found["low"] <= kappa <= found["high"]
    assert held >= 9


def test_more_labellers_get_krippendorffs_alpha_as_published() -> None:
    """Krippendorff (2011), example C: four observers, twelve units, missing data; nominal alpha 0.743."""
    said = {
        "a": "1 2 3 3 2 1 4 1 2 . . .",
        "b": "1 2 3 3 2 2 4 1 2 5 . 3",
        "c": ". 3 3 3 2 3 4 2 2 5 1 .",
        "d": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    labels = _labels({who: [s.replace(".", "") for s in row.split()] for who, row in said.items()})
    found = agreement(labels)
    assert found["kappa"].iloc[0] == pytest.approx(0.743, abs=5e-4)
    assert found["tickets"].iloc[0] == 11
    assert set(found["measure"]) == {"krippendorff_alpha"}


def test_full_agreement_is_one_and_chance_is_nothing() -> None:
    same = TYPES[np.arange(60) % 3].tolist()
    assert agreement(_labels({"x": same, "y": same}))["kappa"].tolist() == [1.0] * 4
    assert agreement(_labels({"x": ["venting"] * 5, "y": ["venting"] * 5}))["kappa"].tolist() == [1.0] * 2
    rng = np.random.default_rng(0)
    drawn = {who: rng.choice(TYPES, 3000).tolist() for who in "xyz"}
    assert abs(agreement(_labels(drawn), draws=20)["kappa"].iloc[0]) < 0.03


def test_confusion_counts_every_pair() -> None:
    labels = _labels(
        {"anna": ["venting", "venting", "high_energy"], "bo": ["venting", "high_energy", "venting"]}
    )
    table = labellers_confusion(labels)
    assert (table.index.name, table.columns.name) == ("anna", "bo")
    assert table.loc["venting", "high_energy"] == 1
    assert table.to_numpy().sum() == 3


def test_disagreements_put_the_commonest_confusion_first_and_mask_texts() -> None:
    said = {
        "anna": ["venting"] * 4 + ["high_energy"],
        "bo": ["venting", "high_energy", "high_energy", "respect_seeking", "high_energy"],
    }
    tickets = pd.DataFrame({"ticket_id": list("01234"), "text": ["call 138-0013-8091"] * 5})
    found = disagreements(_labels(said), tickets)
    assert found["ticket_id"].tolist() == ["1", "2", "3"]
    assert found["same_confusion"].tolist() == [2, 2, 1]
    assert found.loc[2, ["anna", "bo"]].tolist() == ["venting", "respect_seeking"]
    assert "8091" not in "".join(found["text"])


def test_a_majority_decides_and_a_tie_is_left_out() -> None:
    labels = _labels({"x": ["venting", "venting"], "y": ["venting", "high_energy"], "z": ["high_energy", ""]})
    found = agreed_labels(labels)
    assert found.to_dict("records") == [{"ticket_id": "0", "customer_type": "venting", "labellers": 3}]


def test_labels_go_back_to_whole_tickets() -> None:
    tickets = pd.DataFrame(
        {"ticket_id": ["007", "8"], "text": ["call 138-0013-8091", "b"], "plan": ["gold", ""]}
    )
    labels = pd.DataFrame({"ticket_id": ["007"], "customer_type": ["venting"]})
    found = with_labels(tickets, labels, ticket_keys(tickets))
    assert found.to_dict("records") == [
        {"ticket_id": "007", "text": "call 138-0013-8091", "plan": "gold", "customer_type": "venting"}
    ]
    with pytest.raises(BadValue, match="not a ticket of this table, got '9'"):
        with_labels(tickets, labels.assign(ticket_id="9"), ticket_keys(tickets))


def test_what_cannot_be_compared_is_refused_in_words() -> None:
    with pytest.raises(MissingColumns, match="no column found for: labeller"):
        agreement(_two().drop(columns="labeller"))
    with pytest.raises(BadValue, match="give some tickets to two labellers"):
        agreement(_labels({"anna": ["venting"]}))
    with pytest.raises(BadValue, match="labelled once by each labeller"):
        agreement(pd.concat([_two(5), _two(5)]))
