"""What services load is light."""

from __future__ import annotations

import subprocess
import sys


def test_services_import_neither_scikit_learn_nor_pandas() -> None:
    code = (
        "import sys, complaint_typing as ct; ct.load().advise(text='where is my refund');"
        "print([m for m in ('sklearn', 'pandas', 'joblib', 'click', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
