"""Values in error texts: short, masked, and shown whatever they are."""

from __future__ import annotations

import pickle

import pytest

from complaint_typing import load
from complaint_typing.error_parts import LONGEST_REASON, quoted
from complaint_typing.errors import BadOption, BadValue, StoreUnavailable


class Unsayable:
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("value", "shown"), [(Unsayable(), "'Unsayable'"), (10**5000, "'int'")], ids=["text", "int"]
)
def test_a_value_without_a_text_is_shown_by_its_kind(value, shown):
    assert quoted(value) == shown
    with pytest.raises(BadValue, match=f"lang: not a language of the texts, got {shown}"):
        load().advise(text="refund", lang=value)


def test_the_reason_of_a_store_is_told_to_its_end_and_masked():
    said = "connection failed: connection to server at 10.0.0.7, port 5432 failed: Connection refused"
    error = StoreUnavailable("postgresql://u:***@h/db", f"{said}, call 138 0013 8000 {'x' * 900}")
    assert f"'{said}, call [phone …00] x" in str(error)
    assert len(str(error)) < LONGEST_REASON + 200
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert len(str(BadOption("o", said, "a", "b"))) < len(said)
