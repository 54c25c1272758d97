"""The JSON Schema of an advice, for services that hand it on."""

from __future__ import annotations

import json
from typing import Any

from .resources import data_path


def advice_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what :meth:`~complaint_typing.advice.Advice.to_dict` returns.

    Returns
    -------
    dict
        A new one for each call; without references, so that it can stand inside another schema.

    >>> schema = advice_schema()
    >>> schema["properties"]["schema_version"]["const"], "customer_type" in schema["required"]
    (1, True)
    """
    schema: dict[str, Any] = json.loads(data_path("advice.schema.json").read_text(encoding="utf-8"))
    return schema
