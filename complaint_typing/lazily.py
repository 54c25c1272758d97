"""An attribute that is computed when it is first asked for, without a lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazily(Generic[T]):  # noqa: N801, a decorator
    """Computed at first, kept in the object from then on.

    ``functools.cached_property`` of Python 3.10 and 3.11 holds one lock for all objects of a class: threads
    that answer on different tickets wait for each other, and a child forked meanwhile waits for ever. Two
    threads that ask one object at once may both compute; they find the same.

    >>> class Square:
    ...     side = 3
    ...
    ...     @lazily
    ...     def area(self) -> int:
    ...         return self.side**2
    >>> one = Square()
    >>> one.area, vars(one)
    (9, {'area': 9})
    """

    def __init__(self, compute: Callable[[Any], T]):
        self._compute, self._name = compute, compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owned: None, owner: type) -> lazily[T]: ...

    @overload
    def __get__(self, owned: object, owner: type | None = None) -> T: ...

    def __get__(self, owned: object | None, owner: type | None = None) -> lazily[T] | T:
        if owned is None:
            return self
        value = owned.__dict__[self._name] = self._compute(owned)
        return value
