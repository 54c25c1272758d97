"""Nothing is nothing, however a table in memory writes it; texts are always something."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaint_typing.missing import is_missing


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("sNaN")],
)
def test_missing_values(value):
    assert is_missing(value) is True


@given(st.one_of(st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False), st.dates()))
def test_values(value):
    assert is_missing(value) is False
