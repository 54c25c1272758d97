"""What is handed in wrongly is told by its own error, with its name and what to do."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from complaint_typing import (
    AdvisorHandle,
    Conversation,
    CustomerHistory,
    SqlHistory,
    add_history,
    check_reply,
    load,
)
from complaint_typing.cli import cli
from complaint_typing.errors import (
    AmbiguousDates,
    BadLabels,
    BadOption,
    BadValue,
    DataNotFound,
    KeptHistoryError,
    LabelFault,
    MissingColumns,
    PolicyError,
    TableFault,
)
from complaint_typing.inspection import inspect_file
from complaint_typing.labels import read_labelled
from complaint_typing.resources import data_path
from complaint_typing.workbench.care import care

HOTLINE = data_path("examples") / "zh_hotline.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env={"LANG": "en_GB.UTF-8"})


def test_a_page_in_a_language_without_texts() -> None:
    with pytest.raises(BadValue, match="lang: not a language of the texts, got 'fr'; use zh, zh-Hant or en"):
        load().advise(text="refund").render("fr")


@pytest.mark.parametrize("lang", ["", ["zh"], np.array(["zh", "en"]), pd.NA, pd.Series(["zh"])])
def test_a_language_that_is_none(lang: Any) -> None:
    advisor = load()
    advice = advisor.advise(text="refund")
    talk = Conversation(advisor)
    turn = talk.add("customer", "refund")
    for ask in (
        lambda: advisor.advise(text="refund", lang=lang),
        lambda: advisor.explain(text="refund", lang=lang),
        lambda: advisor.score(pd.DataFrame({"text": ["refund"]}), lang=lang),
        lambda: Conversation(advisor, lang=lang),
        lambda: advice.render(lang),
        lambda: advisor.explain(text="refund").render(lang),
        lambda: turn.render(lang),
        lambda: turn.why(lang),
        lambda: check_reply("Sorry.", advice, lang),
    ):
        with pytest.raises(BadOption, match=r"lang: not a language of the texts, .*; use zh, zh-Hant or en"):
            ask()


@pytest.mark.parametrize("words", [None, 5, b"sorry", ["sorry"], float("nan")])
def test_words_that_are_no_text(words: Any) -> None:
    with pytest.raises(BadOption, match=r"draft: not a text, got '.*'; give the words of the reply"):
        check_reply(words, load().advise(text="refund"))
    with pytest.raises(BadValue, match="column text: not the words of a turn"):
        Conversation(load()).add("customer", words)


def test_answers_and_advisors_that_are_none() -> None:
    advisor = load()
    advice = advisor.advise(text="refund")
    for given in (advice.to_dict(), None):
        with pytest.raises(BadOption, match=r"^advice: not an Advice, got .*; give what advise"):
            check_reply("hi", given)  # type: ignore[arg-type]
    for given in (None, AdvisorHandle()):
        with pytest.raises(
            BadOption, match=r"^advisor: not an Advisor, got .*; give load\(\), or handle.adv"
        ):
            Conversation(given)  # type: ignore[arg-type]


def test_moments_and_tables_that_are_none() -> None:
    past = CustomerHistory([{"created_at": "2026-01-01"}])
    for moment in ("2026-05-01", None, pd.NaT):
        with pytest.raises(BadOption, match=r"^at: not seconds since 1970, got .*past.facts\(past.seconds"):
            past.facts(moment)  # type: ignore[arg-type]
    at = past.seconds("2026-05-01")
    facts = past.facts(at)
    for same in (np.int64(at), float(at)):
        np.testing.assert_equal(past.facts(same), facts)
    with pytest.raises(BadOption, match=r"^tickets: not a table, got 'NoneType'; give a DataFrame"):
        add_history(None)


def test_a_policy_folder_of_a_reply_check_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"no_such_folder: 1 fault\n  is no folder; correct its name"):
        check_reply("Sorry.", load().advise(text="refund"), policy=tmp_path / "no_such_folder")


@pytest.mark.parametrize("today", [None, 5, pd.NaT, float("nan"), "30.6."])
def test_a_day_of_care_that_is_none(today: Any) -> None:
    with pytest.raises(BadOption, match=r"today: not a date, got '.*'; write it as 2026-12-31"):
        care(scored_frame(), today)


def test_an_order_and_answers_of_care_that_are_none() -> None:
    with pytest.raises(BadOption, match="date_order: not an order of day and month, got 'x'"):
        care(scored_frame(), "2026-01-03", date_order="x")
    with pytest.raises(MissingColumns, match="no column found for: done, useful, anything_else"):
        care(scored_frame(), "2026-01-03", answers=pd.DataFrame({"ticket_id": ["1"]}))


def scored_frame() -> pd.DataFrame:
    tickets = {"ticket_id": ["1"], "created_at": ["2026-01-01"], "text": ["Where is my refund?"]}
    return load().score(pd.DataFrame(tickets))


@pytest.mark.parametrize("priors", ["x", 3, ["venting"]])
def test_shares_that_are_none(priors: object) -> None:
    with pytest.raises(
        BadOption, match=r"priors: not an estimate or a mapping, got .*; give an estimate, or sh"
    ):
        load().with_priors(priors)


@pytest.mark.parametrize("kept", [None, 3, b"\xff", "[]"])
def test_a_history_that_was_never_kept(kept: object) -> None:
    with pytest.raises(KeptHistoryError, match="no history that was kept; build it again"):
        CustomerHistory.from_json(kept)


@pytest.mark.parametrize(("name", "tables"), [("frame", (["a"],)), ("frame", (None,)), ("earlier", (1, 2))])
def test_tables_that_are_none(name: str, tables: tuple[object, ...]) -> None:
    given = (pd.DataFrame({"text": ["a"]}), tables[1]) if name == "earlier" else tables
    with pytest.raises(BadOption, match=f"{name}: not a table, got .*; give a DataFrame"):
        load().score(*given)


def test_an_option_is_called_by_its_name_and_survives_a_process() -> None:
    with pytest.raises(BadOption, match=r"^tz: not a time zone, got 'Mars/Base'; ") as told:
        inspect_file(HOTLINE, tz="Mars/Base")
    again = pickle.loads(pickle.dumps(told.value))
    assert (str(again), again.column, again.row) == (str(told.value), "tz", None)


def labelled(folder: Path, name: str, header: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_labels_are_told_under_the_header_of_the_file(tmp_path: Path) -> None:
    path = labelled(tmp_path, "may.csv", "正文,类别", "退钱,vent")
    with pytest.raises(BadLabels, match=r"may.csv, row 1, column 类别: .*perhaps venting") as told:
        read_labelled([path], mapping={"customer_type": "类别"})
    assert told.value.faults[0].column == "customer_type"


def test_dates_are_told_with_their_file_and_header(tmp_path: Path) -> None:
    plain = labelled(tmp_path, "a.csv", "text,customer_type,created_at", "a,venting,2026-01-01")
    unclear = labelled(tmp_path, "b.csv", "text,customer_type,受理时间", "a,venting,03/04/2026")
    with pytest.raises(AmbiguousDates, match=r"b\.csv, column 受理时间: day and month cannot be told apart"):
        read_labelled([plain, unclear])


def test_few_tickets_of_a_type_are_warned_of(tmp_path: Path) -> None:
    path = labelled(
        tmp_path, "two.csv", "text,customer_type", "refund please,venting", "sorry,respect_seeking"
    )
    done = run("train", path, "-o", tmp_path / "model", "--quiet")
    assert done.exit_code == 0
    assert (
        "warning: fewer than 30 training tickets of respect_seeking 1, venting 1; such types" in done.stderr
    )


def test_a_history_is_read_as_it_says_and_strangers_are_told(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    rows = ["会员号,写信时间,正文", *(f"007,0{i}/02/2025 09:00,断网" for i in (1, 2, 3))]
    path.write_bytes("\n".join(rows).encode("gb18030"))
    reading = ("--map", "customer_id=会员号", "--map", "created_at=写信时间", "--date-order", "dmy")
    asked = ("advise", "refund", "--at", "2025-03-01", "--format", "json", "--history", path, *reading)
    known = run(*asked, "--customer", "007", "--encoding", "gb18030", "--tz", "Asia/Shanghai")
    assert '"tickets_30d": 3' in known.stdout
    assert known.stderr == ""
    stranger = run(*asked, "--customer", "7")
    assert stranger.exit_code == 0
    assert "no ticket of this customer in the history, whose customers number 1:" in stranger.stderr
    assert "007 is not 7" in stranger.stderr


def test_who_is_not_in_a_history_is_somebody_new(tmp_path: Path) -> None:
    path = labelled(tmp_path, "history.csv", "customer_id,text,fault_found,compensation", "7,no signal,no,5")
    asked = ("advise", "refund", "--format", "json")
    assert '"goodwill": "clear"' in run(*asked, "--history", path, "--customer", "9").stdout
    assert '"goodwill": "unknown"' in run(*asked).stdout


def test_a_mistyped_path_is_no_ticket(tmp_path: Path) -> None:
    draft = labelled(tmp_path, "draft.txt", "Sorry.")
    done = run("check-reply", draft, "--ticket", tmp_path / "lettr.txt")
    assert done.exit_code == 2
    assert "there is no such file; correct its name, or give the text itself" in done.stderr
    assert run("check-reply", draft, "--ticket", "Your file.txt is wrong").exit_code in (0, 1)


def test_rows_below_none_are_refused() -> None:
    assert run("inspect", HOTLINE, "--rows", "-3").exit_code == 2
    assert run("inspect", HOTLINE, "--rows", "0").exit_code == 0


def test_the_first_second_of_1970_is_a_time(tmp_path: Path) -> None:
    store = SqlHistory(f"sqlite:///{tmp_path}/history.db")
    store.append([{"customer_id": "c", "ticket_id": "t", "created_at": "1970-01-01T00:00:00"}])
    past = store.fetch("c", at="1970-01-02")
    assert past.facts(past.seconds("1970-01-02"))["tickets_30d"].tolist() == [1]


def test_corrections_ask_the_database_once_however_many_there_are(tmp_path: Path) -> None:
    import sqlalchemy as sa

    store = SqlHistory(f"sqlite:///{tmp_path}/history.db", keep_text=True)
    told = {"text": "断网", "created_at": "2026-01-02", "corrected_type": "venting"}
    for i in range(4):
        store.append([{**told, "customer_id": f"c{i}", "ticket_id": f"t{i}{n}"} for n in "ab"])
        store.append([{"customer_id": f"c{i}", "ticket_id": f"t{i}", "created_at": "2026-01-01"}])
    asked: list[str] = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    rows = store.corrections()
    assert [row["history_tickets_30d"] for row in rows] == [1] * 8
    assert sum(query.startswith("SELECT") for query in asked) <= 2


PHONE = "13812345678"
PRIVATE = f"Zhang Wei {PHONE}"


@pytest.mark.parametrize(
    "error",
    [
        BadValue(None, "created_at", PRIVATE, "a time", "write it as 2024-12-31 09:30"),
        BadOption("tz", PRIVATE, "a time zone", "write tz='Asia/Shanghai'"),
        MissingColumns(["text"], ["id", PRIVATE], {"text": [PRIVATE]}),
        AmbiguousDates("created_at", [PRIVATE]),
        BadLabels([LabelFault("may.csv", 7, "customer_type", PRIVATE, "a term")], {}),
        PolicyError("policy.csv", [TableFault(3, "goodwill_cap", PRIVATE, "not a number", "write one")]),
        DataNotFound("model", ["here"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_masked_however_it_is_shown(error: Exception) -> None:
    assert PHONE not in str(error)
    assert repr(error) == f"{type(error).__name__}({str(error)!r})"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), repr(again), vars(again)) == (type(error), repr(error), vars(error))
    assert PHONE not in repr(getattr(error, "faults", ()))
