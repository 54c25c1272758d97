"""Whatever the bytes of a scored file depend on is told when it differs; names of files are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaint_typing.batch_plan import differences, plan_of
from complaint_typing.errors import UnreadableInput


def plan(folder: Path, text: str = "a", name: str = "export.csv", **changed: object) -> dict[str, object]:
    (folder / name).write_text(text)
    (folder / "may.csv").write_text("b")
    options = {"tz": "UTC", "mapping": {"text": "memo"}, "proba": False}
    made = plan_of([folder / name, folder / "may.csv"], ("m1", "p1"), options | changed)
    return made


def test_the_same_run_under_another_name_is_the_same(tmp_path: Path) -> None:
    assert differences(plan(tmp_path), plan(tmp_path, name="renamed.csv")) == []


@pytest.mark.parametrize(
    "changed, told",
    [
        ({"text": "c"}, ["input export.csv"]),
        ({"tz": "Asia/Shanghai"}, ["option tz (UTC then, Asia/Shanghai now)"]),
        ({"mapping": {"text": "body"}}, ["option mapping (memo then, body now)"]),
        ({"mapping": None}, ["option mapping (memo then, nothing now)"]),
    ],
)
def test_what_changed_is_named(tmp_path: Path, changed: dict[str, object], told: list[str]) -> None:
    assert differences(plan(tmp_path), plan(tmp_path, **changed)) == told  # type: ignore[arg-type]


def test_versions_and_history_count(tmp_path: Path) -> None:
    before = plan(tmp_path)
    after = before | {"model": "m2", "numpy": "9.9", "history": []}
    told = "; ".join(differences(before, after))
    assert "history files" in told
    assert "model (m1 then, m2 now)" in told
    assert "numpy" in told


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"gone\.csv: No such file"):
        plan_of([tmp_path / "gone.csv"], ("m", "p"), {})
