"""Every advice keeps the schema that ships, and the documents know every field of it."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, asdict, fields, replace
from pathlib import Path

import jsonschema
import pytest
from golden_tickets import golden_tickets

import complaint_typing
from complaint_typing import Advice, Advisor, CustomerHistory, advice_schema, load
from complaint_typing.advice import SCHEMA_VERSION
from complaint_typing.columns import SCORED_COLUMNS

DOC = (Path(__file__).parent.parent / "docs" / "advice.md").read_text(encoding="utf-8")
SCHEMA = advice_schema()
PROPERTIES = SCHEMA["properties"]


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return load()


@pytest.fixture(scope="module")
def answers(advisor: Advisor) -> list[dict[str, object]]:
    """Advice on a third of the golden tickets, each with the other tickets of its customer, through JSON."""
    columns = golden_tickets()
    tickets = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    asked = ("ticket_id", "customer_id", "created_at", "category", "text")
    found = []
    for ticket in tickets[::3]:
        past = [t for t in tickets if t["customer_id"] == ticket["customer_id"] and t is not ticket]
        advice = advisor.advise({name: ticket[name] for name in asked}, CustomerHistory(past))
        found.append(json.loads(json.dumps(advice.to_dict(), allow_nan=False)))
    return found


def test_the_schema_is_one_and_every_answer_keeps_it(answers):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert [error.message for answer in answers for error in validator.iter_errors(answer)] == []


def test_the_answers_show_what_the_schema_distinguishes(answers):
    """Otherwise that test would say little."""
    for name in ("goodwill", "language"):
        assert len({answer[name] for answer in answers}) > 1, name
    assert {answer["goodwill_cap"] is None for answer in answers} == {True, False}
    for name in ("risk_signals", "warnings", "questions"):
        assert {bool(answer[name]) for answer in answers} == {True, False}, name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema_version", 2),
        ("customer_type", ""),
        ("confidence", 1.5),
        ("goodwill", "maybe"),
        ("follow_up_days", "3"),
        ("requires_human", 1),
        ("evidence", []),
        ("probabilities", {"venting": "high"}),
        ("facts", {"known": "yes"}),
    ],
)
def test_the_schema_refuses_what_is_no_advice(answers, field, value):
    with pytest.raises(jsonschema.ValidationError, match=r"."):
        jsonschema.validate(answers[0] | {field: value}, SCHEMA)


@pytest.mark.parametrize("field", list(PROPERTIES))
def test_the_schema_demands_every_field(answers, field):
    with pytest.raises(jsonschema.ValidationError, match=rf"'{field}' is a required property"):
        jsonschema.validate({k: v for k, v in answers[0].items() if k != field}, SCHEMA)


def test_schema_advice_and_scored_columns_name_the_same(answers):
    own = [field.name for field in fields(Advice) if field.name not in ("playbook", "taxonomy")]
    assert list(answers[0]) == ["schema_version", *own]
    assert set(PROPERTIES) == set(SCHEMA["required"]) == set(answers[0])
    assert {column.name for column in SCORED_COLUMNS} <= set(PROPERTIES)
    assert PROPERTIES["schema_version"]["const"] == SCHEMA_VERSION
    assert SCHEMA["$id"].endswith(f":{SCHEMA_VERSION}")


@pytest.mark.parametrize("field", list(PROPERTIES))
def test_every_field_is_described_in_the_schema_and_in_the_documents(field):
    assert PROPERTIES[field]["description"].endswith(".")
    assert f"| `{field}` |" in DOC


def test_the_schema_has_no_references_so_that_it_can_stand_in_another(advisor):
    assert "$ref" not in json.dumps(SCHEMA)
    changed = advice_schema()
    changed.clear()
    assert advice_schema() == SCHEMA == complaint_typing.advice_schema()


def test_advice_cannot_be_changed(advisor):
    advice = advisor.advise(text="where is my refund")
    with pytest.raises(FrozenInstanceError, match="confidence"):
        advice.confidence = 1.0
    for name in ("probabilities", "facts"):
        with pytest.raises(TypeError, match="cannot be changed"):
            getattr(advice, name).clear()
        with pytest.raises(TypeError, match="cannot be changed"):
            getattr(replace(advice, goodwill="clear"), name)["x"] = 1
        advice.to_dict()[name].clear()
        assert getattr(advice, name)


@pytest.mark.parametrize("text", ["where is my refund", "退款还没到"])
def test_an_advice_is_hashed_copied_and_pickled_as_an_equal_one(advisor, text):
    advice = advisor.advise(text=text, created_at="2026-05-04")
    others = [pickle.loads(pickle.dumps(advice, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for other in (*others, copy.copy(advice), copy.deepcopy(advice), replace(advice)):
        assert other == advice
        assert hash(other) == hash(advice)
        with pytest.raises(TypeError, match="cannot be changed"):
            other.facts["x"] = 1
    assert asdict(advice)["facts"] == advice.facts
    assert json.loads(json.dumps(advice.facts)) == advice.facts
    assert len({advice, *others, advisor.advise(text="hello", created_at="2026-05-04")}) == 2
