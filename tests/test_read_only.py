"""A read-only dictionary refuses every way to change a dict."""

from __future__ import annotations

import pickle

import pytest

from complaint_typing.read_only import ReadOnlyDict

CHANGES = {
    "__setitem__": ("a", 2),
    "__delitem__": ("a",),
    "__ior__": ({"b": 2},),
    "clear": (),
    "pop": ("a",),
    "popitem": (),
    "setdefault": ("b", 2),
    "update": ({"b": 2},),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_refused(name):
    fixed = ReadOnlyDict({"a": 1})
    with pytest.raises(TypeError, match=r"change dict\(\.\.\.\) of it"):
        getattr(fixed, name)(*CHANGES[name])
    assert fixed == {"a": 1}


def test_no_way_to_change_a_dict_was_forgotten():
    reading = set(dir(dict)) & set(dir(frozenset)) | {"__getitem__", "__reversed__", "__ror__"}
    reading |= {"get", "items", "keys", "values", "fromkeys", "__class_getitem__"}
    assert set(dir(dict)) - reading == set(CHANGES)


def test_equal_ones_have_one_hash_whatever_their_order():
    fixed = ReadOnlyDict(a=1, b=None)
    assert len({fixed, ReadOnlyDict(b=None, a=1), pickle.loads(pickle.dumps(fixed)), ReadOnlyDict()}) == 2
