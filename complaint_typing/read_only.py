"""A dictionary that is read, compared, hashed, copied and pickled, but never changed."""

from __future__ import annotations

from typing import Any, NoReturn


class ReadOnlyDict(dict[str, Any]):
    """A dict that refuses every change; unlike a mappingproxy it can be pickled, hashed and written as JSON.

    >>> fixed = ReadOnlyDict({"venting": 0.7})
    >>> fixed == {"venting": 0.7}, dict(fixed) | {"venting": 0.1}
    (True, {'venting': 0.1})
    >>> fixed["venting"] = 0.1
    Traceback (most recent call last):
        ...
    TypeError: it cannot be changed; change dict(...) of it
    """

    __slots__ = ()

    def _refuse(self, *given: object, **named: object) -> NoReturn:
        raise TypeError("it cannot be changed; change dict(...) of it")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[ReadOnlyDict], tuple[dict[str, Any]]]:
        return ReadOnlyDict, (dict(self),)
