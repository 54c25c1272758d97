"""What goes wrong only on a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ComplaintTypingError
from .tongue import Tongue


class WorkerDiffers(ComplaintTypingError):
    """A worker of a cluster found another model or policy than the caller saw.

    >>> print(WorkerDiffers(("m2", "p1"), ("m1", "p1")))
    this worker has model m1 and policy p1, the caller m2 and p1; install one release and share the folders
    """

    def __init__(self, wanted: Sequence[str], found: Sequence[str]):
        self.wanted, self.found = tuple(wanted), tuple(found)
        super().__init__(wanted, found)

    def sentence(self, say: Tongue) -> str:
        return say(
            "this worker has model {0} and policy {1}, the caller {2} and {3}; install one release and share "
            "the folders",
            *self.found,
            *self.wanted,
        )
