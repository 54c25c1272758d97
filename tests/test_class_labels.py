"""Labels as they come: names, numbers that stand for names, and what is neither."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import DataConversionWarning

from complaint_typing.class_labels import class_labels
from complaint_typing.errors import BadOption, BadValue

NAMES = ["venting", "none", "respect_seeking", "venting"]


@pytest.mark.parametrize(
    "labels",
    [
        NAMES,
        tuple(NAMES),
        np.array(NAMES),
        np.array(NAMES, dtype=object),
        pd.Series(NAMES, index=[9, 8, 7, 6]),
        pd.Series(NAMES, dtype="string"),
        pd.Series(NAMES, dtype="category"),
    ],
    ids=["list", "tuple", "array", "objects", "Series", "string", "category"],
)
def test_names_are_read_from_anything(labels):
    found = class_labels(labels)
    assert found.names.tolist() == NAMES
    assert found.classes.tolist() == list(found.types) == ["respect_seeking", "venting"]
    assert not found.nameless


@pytest.mark.parametrize(
    "labels",
    [[2, 0, 1, 2], np.array([2, 0, 1, 2], dtype=np.int8), [2.0, 0.0, 1.0, 2.0], pd.Series([2, 0, 1, 2])],
)
def test_numbers_stand_for_names(labels):
    found = class_labels(labels, ["none", "respect_seeking", "venting"])
    assert found.names.tolist() == NAMES
    assert (found.classes.tolist(), found.types) == ([1, 2], ("respect_seeking", "venting"))
    beside = class_labels(labels, column=pd.Series(NAMES))
    assert beside.names.tolist() == NAMES
    assert not found.nameless
    assert not beside.nameless


def test_truth_values_are_labels_of_their_own():
    found = class_labels([True, False, True])
    assert (found.classes.tolist(), found.types, found.nameless) == ([False, True], ("False", "True"), True)


@pytest.mark.parametrize(
    "column",
    [
        ["venting", "none", "respect_seeking", "none"],
        ["venting", "none", "none", "venting"],
        ["venting", "none", None, "venting"],
        ["venting"],
    ],
    ids=["two for one", "one for two", "a gap", "too short"],
)
def test_a_column_that_means_something_else_names_nothing(column):
    assert class_labels([2, 0, 1, 2], column=column).nameless


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "not a list of labels, got 'None'; fit requires y to be passed"),
        ("venting", "not a list of labels, got 'venting'; give the type of each ticket"),
        ([], "not a list of labels, it is empty"),
        (np.zeros((2, 2)), r"not one label a row, got '\(2, 2\)'"),
        (["venting", None], "row 2, column customer_type: not a label, got 'None'"),
        (["venting", 3], "row 2, column customer_type: not a label, got '3'"),
        ([1, "venting"], "row 2, column customer_type: not a label, got 'venting'"),
        ([1, float("nan")], "row 2, column customer_type: not a label, got 'nan'"),
        ([float("inf"), 1], "row 1, column customer_type: not a label, got 'inf'"),
        ([1.5, 2], "row 1, column customer_type: not a label .Unknown label type: continuous., got '1.5'"),
        (pd.Series([1, None], dtype="Int64"), "row 2, column customer_type: not a label"),
        ([{"venting"}], "row 1, column customer_type: not a label"),
    ],
)
def test_what_is_no_label_is_refused(labels, message):
    with pytest.raises(BadValue, match=message):
        class_labels(labels)


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (["one"], "types: not as many names as there are numbers among the labels, got '1'; give a name"),
        (["one", "one", "two"], "types: not a list of different names"),
        ([1, 2, 3], "types: not a list of different names"),
    ],
)
def test_names_that_do_not_fit_the_numbers_are_refused(types, message):
    with pytest.raises(BadOption, match=message):
        class_labels([0, 1], types)


def test_a_column_of_one_is_taken_with_scikit_learns_warning():
    with pytest.warns(DataConversionWarning, match="A column-vector y was passed"):
        assert class_labels(pd.DataFrame({"customer_type": NAMES})).names.tolist() == NAMES
