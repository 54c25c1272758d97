"""The error for columns that were named by hand and are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .error_parts import quoted
from .errors import MissingColumns
from .tongue import Tongue


class AbsentHeaders(MissingColumns):
    """Headers that were named for columns are not in the file.

    >>> print(AbsentHeaders({"text": "memo"}, ["id", "mem"], {"text": ["mem"]}))
    there is no header 'memo'. no column found for: text. Headers found: 'id', 'mem'. Nearest guesses: ...
    """

    def __init__(
        self,
        named: Mapping[str, str],
        found: Sequence[str],
        guesses: Mapping[str, Sequence[str]] | None = None,
    ):
        super().__init__(list(named), found, guesses)
        self.named = dict(named)
        self.args = (named, found, guesses)

    def sentence(self, say: Tongue) -> str:
        absent = ", ".join(map(quoted, self.named.values()))
        return say("there is no header {0}. {1}", absent, super().sentence(say))
