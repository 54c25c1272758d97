"""Training again from the shipped corpus gives the shipped model's types."""

from __future__ import annotations

import numpy as np
import sklearn

from complaint_typing.artifact import load_model
from complaint_typing.classifier import facts_of, texts_of
from complaint_typing.fitting import Recipe, fit_model
from complaint_typing.labels import labelled_frame, read_labelled
from complaint_typing.people_first import hard_negatives
from complaint_typing.resources import data_path
from complaint_typing.taxonomy import read_taxonomy

CURRENT = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9)
PROMISED = 0.99 if CURRENT else 0.97  # older solvers stop elsewhere: 1.3 gave 0.975, 1.5 0.974, 1.7 0.988


def test_same_type_on_99_percent_of_golden_tickets() -> None:
    tickets = read_labelled([data_path("training")])
    data = labelled_frame(tickets.assign(emotional_mode="", risk_signals=""), read_taxonomy())
    retrained = fit_model(data, np.ones(len(tickets), dtype=bool), Recipe())
    shipped = load_model(data_path("model"))
    golden = tickets.iloc[::11]
    views = shipped.text_views(texts_of(golden))
    then = shipped.weigh(views, facts_of(golden)).logits
    now = retrained.weigh(retrained.text_views(texts_of(golden)), facts_of(golden)).logits
    assert retrained.types == shipped.types
    n = len(shipped.types)
    calibrated = now[:, :n] + shipped.bias[:n] - retrained.bias[:n]
    same = then[:, :n].argmax(axis=1) == calibrated.argmax(axis=1)
    assert np.array_equal(np.sort(shipped.keys), np.sort(retrained.keys))
    assert same.mean() >= PROMISED


def test_hard_negative_customers_are_never_typed_abusers() -> None:
    """Customers who return because a real fault was not fixed, or whose claims were proven."""
    customers = hard_negatives()
    collections = sorted({customer.split("-")[0] for customer in customers})
    tickets = read_labelled([data_path("training") / f"{name}.csv" for name in collections])
    hard = tickets[tickets["customer_id"].isin(customers)]
    assert hard["customer_id"].nunique() == len(customers)
    model = load_model(data_path("model"))
    types = np.array(model.types)[model.score(texts_of(hard), facts_of(hard)).types.argmax(axis=1)]
    assert hard["ticket_id"][types == "repeat_abuser"].tolist() == []
