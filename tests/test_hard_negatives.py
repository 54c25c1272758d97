"""The shipped model calls no customer an abuser who must never be called so."""

from __future__ import annotations

import numpy as np

from complaint_typing.artifact import load_model
from complaint_typing.labels import read_labelled
from complaint_typing.people_first import hard_negatives
from complaint_typing.resources import data_path
from complaint_typing.ticket_texts import facts_of, texts_of


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
