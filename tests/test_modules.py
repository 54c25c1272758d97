"""What services load is light, and every module says what it is for."""

from __future__ import annotations

import ast
import subprocess
import sys

from test_floors import _modules


def test_services_import_neither_scikit_learn_nor_pandas() -> None:
    code = (
        "import sys, complaint_typing as ct; ct.load().advise(text='where is my refund');"
        "print([m for m in ('sklearn', 'pandas', 'joblib', 'click', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_module_says_what_it_is_for() -> None:
    for name, path in _modules().items():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), name
