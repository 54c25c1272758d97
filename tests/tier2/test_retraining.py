"""A model trained again from the shipped corpus (folder in the variable MODEL) is the shipped one."""

from __future__ import annotations

import os

import numpy as np

from complaint_typing.artifact import load_model
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.ticket_texts import facts_of, texts_of


def test_same_type_on_99_percent_of_golden_tickets() -> None:
    shipped, retrained = load_model(data_path("model")), load_model(os.environ["MODEL"])
    golden = read_labelled([data_path("training")]).iloc[::11]
    then, now = (
        np.array(model.types)[model.score(texts_of(golden), facts_of(golden)).types.argmax(axis=1)]
        for model in (shipped, retrained)
    )
    assert retrained.types == shipped.types
    assert (then == now).mean() >= 0.99
