"""When the compiled kernel is used: installed, wanted, and worth its loading."""

from __future__ import annotations

import errno
import os
import sys
import tempfile

import pytest

import complaint_typing
from complaint_typing import fast
from complaint_typing.errors import MissingExtra


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(fast, "_scored", [0])
    monkeypatch.setattr(fast, "_chosen", [None])
    monkeypatch.delenv(fast.VARIABLE, raising=False)


def test_it_is_loaded_once_a_process_has_scored_thousands_of_texts():
    assert fast.kernel_for(fast.WARM_UP) is None
    assert fast.kernel_for(1).__name__ == "complaint_typing.kernel"


@pytest.mark.parametrize(("said", "used"), [("0", False), ("1", True)])
def test_the_environment_variable_decides_at_once(monkeypatch, said, used):
    monkeypatch.setenv(fast.VARIABLE, said)
    assert (fast.kernel_for(10**6 if said == "0" else 1) is not None) == used


def test_what_the_program_says_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv(fast.VARIABLE, "1")
    fast.use_kernel(False)
    assert fast.kernel_for(10**6) is None
    fast.use_kernel(None)
    assert fast.kernel_for(1) is not None


def _forget_the_kernel(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("complaint_typing.kernel")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(complaint_typing, "kernel", raising=False)
    fast._kernel.cache_clear()


@pytest.mark.parametrize("writable", [True, False])
def test_it_is_kept_for_the_next_process_where_anything_can_be_written(monkeypatch, writable):
    """In a container whose file system is read-only numba finds no folder for what it compiled."""

    def refused(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    if not writable:
        monkeypatch.setattr(os, "makedirs", refused)
        monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    _forget_the_kernel(monkeypatch)
    kernel = fast.kernel_for(fast.WARM_UP + 1)
    assert (kernel.word_runs.__module__, kernel.longest.stats.cache_path is None) == (
        "complaint_typing.kernel_words",
        not writable,
    )
    fast._kernel.cache_clear()


def test_without_numba_it_is_not_used_and_asking_for_it_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    _forget_the_kernel(monkeypatch)
    assert fast.kernel_for(10**6) is None
    with pytest.raises(MissingExtra, match=r"complaint-typing\[fast\]"):
        fast.use_kernel(True)
    fast._kernel.cache_clear()
