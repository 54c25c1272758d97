"""Errors of the workbench: what comes back from labellers, and columns that hold nothing."""

from __future__ import annotations

from collections.abc import Sequence

from ..error_parts import first_faults
from ..errors import InputError, TableFault
from ..tongue import Tongue


class LabellingError(InputError):
    """Labels that came back cannot be used as they are; all faults are told at once.

    Attributes
    ----------
    path : str
        The file.
    faults : tuple of TableFault
        Rows are those that a spreadsheet shows (the header is row 1); of Label Studio's JSON, the
        number of the task in the file, from 1.

    >>> fault = TableFault(4, "customer_type", "angry", "not one of the types", "choose one from the list")
    >>> print(LabellingError("labels_anna.xlsx", [fault]))
    labels_anna.xlsx: 1 fault; nothing was taken over
      row 4, column customer_type: not one of the types, got 'angry'; choose one from the list
    """

    def __init__(self, path: object, faults: Sequence[TableFault]):
        self.path, self.faults = str(path), tuple(faults)
        super().__init__(path, faults)

    def sentence(self, say: Tongue) -> str:
        n = len(self.faults)
        one, several = "{0}: 1 fault; nothing was taken over", "{0}: {1} faults; nothing was taken over"
        head = say(one, self.path) if n == 1 else say(several, self.path, n)
        return "\n  ".join([head, *first_faults(self.faults, say)])


class EmptyColumn(InputError):
    """A column is there, but none of its values can be read.

    Attributes
    ----------
    column : str
        By its name in the contract.
    tickets : int

    >>> print(EmptyColumn("created_at", 84))
    created_at: the column is there, but in none of 84 tickets is there a value that can be read; fill it in,
    or name another column with mapping={'created_at': 'YOUR_HEADER'}
    """

    def __init__(self, column: str, tickets: int):
        self.column, self.tickets = column, tickets
        super().__init__(column, tickets)

    def sentence(self, say: Tongue) -> str:
        return say(
            "{0}: the column is there, but in none of {1} tickets is there a value that can be read; fill it "
            "in, or name another column with mapping={2}",
            self.column,
            self.tickets,
            {self.column: say("YOUR_HEADER")},
        )
