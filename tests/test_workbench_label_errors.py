"""Planted label errors rise to the top; second readings do not; no ticket is lost, no personal data shown."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from planted import planted

from complaint_typing.errors import BadValue, MissingColumns, MissingExtra
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.workbench.label_errors import label_errors
from complaint_typing.workbench.left_out import out_of_fold_probabilities, second_opinion


@pytest.fixture(scope="module")
def labelled() -> pd.DataFrame:
    """A thousand tickets of the shipped corpus."""
    return read_labelled([data_path("training") / f"G{n}.csv" for n in (5, 6, 9, 10, 36)]).head(1000)


@pytest.fixture(scope="module")
def second(labelled: pd.DataFrame) -> pd.DataFrame:
    """What a model of other collections says of them."""
    others = [data_path("training") / f"G{n}.csv" for n in (16, 17, 20, 27, 28, 30)]
    return second_opinion(labelled, read_labelled(others))


@pytest.mark.parametrize("kind", ["uniform", "confusable"])
def test_most_planted_errors_stand_in_the_first_tenth(
    labelled: pd.DataFrame, second: pd.DataFrame, kind: str
) -> None:
    wrong, rows = planted(labelled, kind, seed=3)
    found = label_errors(wrong, out_of_fold_probabilities(wrong, second=second))
    first = found["row"].head(len(wrong) // 10)
    assert np.isin(rows, first).mean() >= 0.6
    assert sorted(found["row"]) == list(range(len(wrong)))
    assert found["rank"].tolist() == list(range(1, len(wrong) + 1))


def test_a_second_opinion_reads_no_label_in_question(corpus: pd.DataFrame) -> None:
    """Neither the tickets' labels, nor labelled tickets of the same text or customer."""
    tickets = corpus.assign(customer_id=[f"c{i}" for i in range(len(corpus))])
    asked, others = tickets.head(4), tickets.iloc[4:]
    told = second_opinion(asked, others)
    assert told.to_numpy().sum(axis=1) == pytest.approx(1)
    assert list(told.index) == list(asked.index)
    twins = asked.assign(customer_type="venting", customer_id="other")
    kin = asked.assign(customer_type="venting", text="something else")
    for more in (twins, kin):
        again = second_opinion(asked.assign(customer_type="venting"), pd.concat([others, more]))
        pd.testing.assert_frame_equal(again, told)
    with pytest.raises(BadValue, match="two types or more"):
        second_opinion(asked, twins)
    with pytest.raises(BadValue, match="rows, one a ticket"):
        out_of_fold_probabilities(tickets, second=told)


def _two_kinds(n: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    tickets = pd.DataFrame(
        {
            "ticket_id": [f"{i:03}" for i in range(2 * n)],
            "text": ["call me on 138-0013-8091"] * (2 * n),
            "customer_type": ["venting"] * n + ["high_energy"] * n,
        }
    )
    p = np.tile([0.9, 0.1], (2 * n, 1))
    p[n:] = [0.1, 0.9]
    p[0], p[n] = [0.2, 0.8], [0.6, 0.4]
    return tickets, pd.DataFrame(p, columns=["venting", "high_energy"])


def test_the_least_credible_label_comes_first_and_ids_and_masks_survive() -> None:
    tickets, p = _two_kinds()
    found = label_errors(tickets, p)
    assert found["ticket_id"].head(2).tolist() == ["000", "006"]
    assert found["suggested_type"].head(2).tolist() == ["high_energy", "venting"]
    assert found["label_quality"].is_monotonic_increasing
    assert "8091" not in "".join(found["text"])
    assert not found["likely_error"].iloc[2:].any()


@pytest.mark.parametrize("column", ["secondary_type", "also_acceptable"])
def test_a_second_reading_is_no_error(column: str) -> None:
    tickets, p = _two_kinds()
    tickets[column] = ["high_energy", *[""] * 11]
    found = label_errors(tickets, p)
    assert found.loc[0, "ticket_id"] == "006"
    row = found.set_index("ticket_id").loc["000"]
    assert row["acceptable"]
    assert not row["likely_error"]
    assert row["suggested_type"] == "venting"


def test_types_too_rare_to_be_judged_come_last() -> None:
    tickets, p = _two_kinds()
    tickets.loc[3, "customer_type"] = "respect_seeking"
    found = label_errors(tickets, p.assign(respect_seeking=0.0))
    assert found["customer_type"].iloc[-1] == "respect_seeking"
    assert np.isnan(found["label_quality"].iloc[-1])
    assert not found["likely_error"].iloc[-1]


def test_no_ticket_is_judged_by_its_own_label(corpus: pd.DataFrame) -> None:
    p = out_of_fold_probabilities(corpus)
    assert p.to_numpy().sum(axis=1) == pytest.approx(1)
    assert list(p.index) == list(corpus.index)
    other = corpus.copy()
    other.loc[0, "customer_type"] = "venting"
    assert out_of_fold_probabilities(other).loc[0].equals(p.loc[0])


def test_a_customer_is_never_cut(corpus: pd.DataFrame) -> None:
    """The labels of a customer change nothing in the probabilities of the customer's own tickets."""
    mine = corpus.assign(customer_id=[f"c{i // 4}" for i in range(len(corpus))])
    other = mine.copy()
    other.loc[[0, 1, 2, 3], "customer_type"] = "venting"
    before, after = out_of_fold_probabilities(mine), out_of_fold_probabilities(other)
    assert before.iloc[:4].equals(after.iloc[:4])
    assert not before.equals(after)


def test_what_cannot_be_judged_is_refused_in_words(corpus: pd.DataFrame) -> None:
    tickets, p = _two_kinds()
    with pytest.raises(MissingColumns, match=r"customer_type.*Headers found: 'text'"):
        out_of_fold_probabilities(corpus[["text"]])
    with pytest.raises(BadValue, match="two types or more"):
        out_of_fold_probabilities(tickets.head(6))
    with pytest.raises(BadValue, match="12 rows, one a ticket"):
        label_errors(tickets, p.head(3))
    with pytest.raises(MissingColumns, match="no column found for: high_energy"):
        label_errors(tickets, p[["venting"]])
    with pytest.raises(BadValue, match="use one of self_confidence"):
        label_errors(tickets, p, method="guess")


def test_without_cleanlab_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab", None)
    with pytest.raises(MissingExtra, match=r"complaint-typing\[workbench\]"):
        label_errors(*_two_kinds())
