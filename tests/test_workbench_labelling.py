"""The queue holds what its reasons promise, nothing twice, nothing labelled; and labelling ends by a rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from complaint_typing.errors import BadValue, MissingColumns
from complaint_typing.model import Model
from complaint_typing.workbench.labelling import QUEUE_COLUMNS, SHARES, queue
from complaint_typing.workbench.pool import folded_keys
from complaint_typing.workbench.stopping import successive_predictions, when_to_stop

WORDS = ("cable", "invoice", "parcel", "lamp", "window", "driver", "coupon", "screen", "ticket", "meter")


@pytest.fixture(scope="module")
def export(corpus: pd.DataFrame) -> pd.DataFrame:
    """The small corpus as an export, with strange words and copies."""
    rng = np.random.default_rng(0)
    strange = [" ".join(rng.permutation(list("zxqjvkwy")[:6])) for _ in range(20)]
    texts = [f"{text} {WORDS[i % 10]}" for i, text in enumerate(corpus["text"])]
    texts += [*strange, "", *(text.upper() for text in texts[:30])]
    return pd.DataFrame({"ticket_id": [f"{i:04}" for i in range(len(texts))], "text": texts})


def test_every_reason_has_its_share_of_every_stretch(export: pd.DataFrame, model: Model) -> None:
    known = pd.DataFrame({"text": ["a", "b"], "customer_type": ["venting", "compensation_seeking"]})
    found = queue(export, 40, model, known)
    assert list(found.columns) == list(QUEUE_COLUMNS)
    assert found["rank"].tolist() == list(range(1, 41))
    for part in (found.head(20), found):
        counts = part["reason"].value_counts()
        for reason in SHARES:
            assert counts.get(reason, 0) >= 1


def test_nothing_comes_twice_and_nothing_that_is_labelled(export: pd.DataFrame, model: Model) -> None:
    labelled = export.head(20).assign(customer_type="venting")
    own = export.assign(customer_type=["venting" if i == 40 else "" for i in range(len(export))])
    found = queue(own, 500, model, labelled)
    assert found["ticket_id"].is_unique
    folded = folded_keys(found["text"].tolist())
    assert len(set(folded)) == len(folded)
    assert not {*folded} & {*folded_keys(labelled["text"].tolist())}
    assert not {*found["ticket_id"]} & {*labelled["ticket_id"], "0040"}
    assert "" not in found["text"].tolist()
    assert export.loc[found["row"], "ticket_id"].tolist() == found["ticket_id"].tolist()


def test_the_same_seed_gives_the_same_queue(export: pd.DataFrame, model: Model) -> None:
    once, again, other = (queue(export, 30, model, seed=seed) for seed in (1, 1, 2))
    assert once.equals(again)
    assert not once.equals(other)


def test_reasons_are_true_and_said_in_both_languages(export: pd.DataFrame, model: Model) -> None:
    found = queue(export, 40, model)
    torn = found[found["reason"] == "unsure"]
    assert ((torn["p_top"] - torn["p_second"]) < 0.5).all()
    new = found[found["reason"] == "new_words"]
    assert new["known_share"].mean() < found["known_share"].mean()
    assert torn["why"].str.startswith("torn between ").all()
    assert queue(export, 40, model, lang="zh")["why"].iloc[0].startswith("模型在")


def test_rare_types_are_those_with_few_labels(export: pd.DataFrame, model: Model) -> None:
    labelled = pd.DataFrame(
        {
            "text": ["a", "b"] * 40,
            "customer_type": ["venting", "compensation_seeking"] * 39 + ["respect_seeking"] * 2,
        }
    )
    found = queue(export, 40, model, labelled)
    rare = found[found["reason"] == "rare_type"]
    assert rare["why"].str.contains("Respect seeking|Resolution seeking").all()
    assert rare["why"].str.contains(r"a rare type \(labels so far: [02]\)").all()


def test_texts_are_masked_unless_asked(model: Model) -> None:
    tickets = pd.DataFrame({"subject": ["Refund"], "text": ["call 138-0013-8091"]})
    assert queue(tickets, 1, model)["text"].tolist() == ["Refund\ncall [phone …91]"]
    assert queue(tickets, 1, model, masked=False)["text"].tolist() == ["Refund\ncall 138-0013-8091"]


def test_strange_exports(model: Model) -> None:
    assert queue(pd.DataFrame({"text": ["", None]}), 5, model).empty
    with pytest.raises(MissingColumns, match=r"no column found for: text\. Headers found: 'body'"):
        queue(pd.DataFrame({"body": ["a"]}), 5, model)
    with pytest.raises(BadValue, match="use zh or en"):
        queue(pd.DataFrame({"text": ["a"]}), 5, model, lang="fr")
    odd = pd.DataFrame({"ticket_id": ["1", "1", ""], "text": ["a refund", "apologise now", "what a joke"]})
    assert sorted(queue(odd, 5, model)["ticket_id"]) == ["row 1", "row 2", "row 3"]


def test_labelling_stops_when_models_agree_and_not_before() -> None:
    rng = np.random.default_rng(0)
    said = rng.choice(["venting", "high_energy", "respect_seeking"], 400).astype(object)
    columns = {}
    for size, moved in ((50, 0), (100, 0.2), (150, 0.1), (200, 0.002), (250, 0.002), (300, 0.002)):
        said = np.where(rng.random(400) < moved, "venting", said)
        columns[size] = said
    told = pd.DataFrame(columns)
    assert when_to_stop(told[[50, 100, 150]]).verdict == "early"
    going = when_to_stop(told[[50, 100, 150, 200]])
    assert (going.verdict, going.to_dict()["window"]) == ("go_on", 3)
    stopped = when_to_stop(told)
    assert stopped.verdict == "stop"
    assert "可以停了" in stopped.sentence("zh")
    assert when_to_stop(told[[50, 100]]).to_dict()["mean"] is None
    with pytest.raises(BadValue, match="an agreement between 0 and 1"):
        when_to_stop(told, enough=1.5)


def test_successive_models_learn_from_the_first_labels_only(corpus: pd.DataFrame) -> None:
    mixed = corpus.sample(frac=1, random_state=0).reset_index(drop=True)
    told = successive_predictions(mixed, mixed.tail(20), [20, 40, 80])
    assert list(told.columns) == [20, 40, 80]
    later = mixed.assign(customer_type=[*mixed["customer_type"][:40], *["venting"] * (len(mixed) - 40)])
    again = successive_predictions(later, mixed.tail(20), [20, 40, 80])
    assert again[[20, 40]].equals(told[[20, 40]])
    with pytest.raises(BadValue, match="growing numbers"):
        successive_predictions(mixed, mixed, [40, 20])
    with pytest.raises(MissingColumns, match="customer_type"):
        successive_predictions(mixed[["text"]], mixed, [20])
