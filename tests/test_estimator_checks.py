"""scikit-learn's own checks of an estimator: what fails is known, each with its reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from estimator_checks import Written, outcomes, written

EXPECTED = {
    "check_array_api_input": "scikit-learn skips it unless an array API library is switched on",
    "check_class_weight_classifiers": "class weights say what fitting looks at; calibration on the tickets "
    "as they come then takes their effect on the shares of the answers back",
    "check_complex_data": "asks for the words 'Complex data not supported'; no number of any kind is a text, "
    "and the error says so",
    "check_dtype_object": "asks that numbers in an array of objects are taken; only texts are",
    "check_estimators_empty_data_messages": "asks for a sentence about columns of numbers; nothing to fit on "
    "is told in words about texts",
    "check_estimators_nan_inf": "asks for the words NaN and inf; a row without a text is named by its number",
    "check_fit2d_predict1d": "asks that one dimension is refused; a list of texts has one",
    "check_sample_weight_equivalence_on_dense_data": "a ticket twice is not a ticket of weight two: n-grams "
    "are chosen by in how many tickets they recur, and folds are dealt by tickets (weight 0 does leave out)",
}


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return outcomes(Written(n_folds=2, min_groups=1))


def test_only_the_expected_checks_fail(found):
    failed = {name for name, told in found.items() if told}
    assert failed == EXPECTED.keys() & found.keys()


def test_most_checks_pass(found):
    assert sum(not told for told in found.values()) >= 40


def test_the_page_names_every_expected_failure_with_its_reason():
    page = (Path(__file__).parent.parent / "docs" / "estimator.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(check_\w+)` \| (.+) \|$", page, re.MULTILINE))
    assert rows == EXPECTED


def test_numbers_are_written_apart_and_texts_are_left_alone():
    one, other = written([[0.1, 0.9], [0.1, -0.9]])
    assert one[0] == other[0]
    assert one[1] != other[1]
    assert written(["text"]) == ["text"]
