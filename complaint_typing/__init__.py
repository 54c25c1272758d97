"""What kind of customer is writing, how sure that is, why, and how to handle them.

For services: `load`, `AdvisorHandle`, `Advisor`, `Advice`, `CustomerHistory`, `SqlHistory`, `Conversation`,
`check_reply`, `advice_schema`.
For analysts: `CustomerTypeClassifier`, `add_history`, `read_scored`, `PolicyTable`.
For files: `score_csv`, `BatchSummary`, `read_transcripts`. For clusters: `score_dask`.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .advice import Advice
    from .advice_contract import advice_schema
    from .advisor import Advisor, load
    from .batch import BatchSummary, score_csv
    from .classifier import CustomerTypeClassifier
    from .cluster import score_dask
    from .conversation import Conversation
    from .customer_history import CustomerHistory
    from .errors import ComplaintTypingError
    from .handle import AdvisorHandle
    from .history import add_history
    from .policy import PolicyTable
    from .reply_check import check_reply
    from .scored import read_scored
    from .store import SqlHistory
    from .transcripts import read_transcripts

logging.getLogger(__name__).addHandler(logging.NullHandler())

__version__ = "0.1.0"

_HOME = {
    "Advice": "advice",
    "Advisor": "advisor",
    "AdvisorHandle": "handle",
    "BatchSummary": "batch",
    "ComplaintTypingError": "errors",
    "Conversation": "conversation",
    "CustomerHistory": "customer_history",
    "CustomerTypeClassifier": "classifier",
    "PolicyTable": "policy",
    "SqlHistory": "store",
    "add_history": "history",
    "advice_schema": "advice_contract",
    "check_reply": "reply_check",
    "load": "advisor",
    "read_scored": "scored",
    "read_transcripts": "transcripts",
    "score_csv": "batch",
    "score_dask": "cluster",
}

__all__ = [
    "Advice",
    "Advisor",
    "AdvisorHandle",
    "BatchSummary",
    "ComplaintTypingError",
    "Conversation",
    "CustomerHistory",
    "CustomerTypeClassifier",
    "PolicyTable",
    "SqlHistory",
    "add_history",
    "advice_schema",
    "check_reply",
    "load",
    "read_scored",
    "read_transcripts",
    "score_csv",
    "score_dask",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when first used, so that importing the package stays light."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
