"""The history store on SQLite: the facts of the batch, whoever writes at once; forgotten is gone."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_writer import write_many

from complaint_typing import CustomerHistory, SqlHistory, load
from complaint_typing.errors import BadOption, BadValue, KeptHistoryError, StoreUnavailable
from complaint_typing.facts import FACT_NAMES
from complaint_typing.history import add_history
from complaint_typing.labels import read_labelled
from complaint_typing.taxonomy import Taxonomy, Term

AT = CustomerHistory().seconds("2026-06-01")
TOLD = {
    "customer_id": st.sampled_from(["c1", "c2"]),
    "ticket_id": st.sampled_from(["t1", "t2", "t3"]),
    "created_at": st.sampled_from(["2026-05-01", "2026-05-28", "2025-05-01", None]),
    "category": st.sampled_from(["tv", "", None]),
    "resolved_at": st.sampled_from(["2026-05-29", "2026-07-01", None, ""]),
    "fault_found": st.sampled_from(["yes", "no", None]),
    "compensation": st.sampled_from([0, 20, None]),
    "satisfaction": st.sampled_from([1, 5, None]),
    "reopened": st.sampled_from([0, 1, None]),
}


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/history.db"


def bits(facts):
    return {name: (value.dtype, value.tobytes()) for name, value in facts.items()}


@settings(max_examples=20)
@given(st.lists(st.fixed_dictionaries(TOLD), max_size=10), st.data())
def test_facts_are_those_of_the_batch_however_tickets_were_appended(tmp_path_factory, told, data):
    store = SqlHistory(f"sqlite:///{tmp_path_factory.mktemp('s')}/history.db")
    cut = data.draw(st.integers(0, len(told)))
    for part in (told[:cut], told[cut:], told[cut:]):
        store.append(part)
    asked = [{"customer_id": name, "created_at": "2026-06-01", "category": "tv"} for name in ("c1", "c2")]
    frame = pd.DataFrame([*told, *asked], dtype=object).assign(text=[str(i) for i in range(len(told) + 2)])
    batch = add_history(frame).iloc[-2:]
    for i, name in enumerate(("c1", "c2")):
        kept = store.fetch(name)
        if told and len(kept):
            expected = {n: batch[f"history_{n}"].to_numpy()[i : i + 1] for n in FACT_NAMES}
            assert bits(kept.facts(AT, "tv")) == bits(expected)
        assert bits(store.fetch(name, at="2026-06-01").facts(AT, "tv")) == bits(kept.facts(AT, "tv"))
    store.close()


def test_what_was_known_then_says_nothing_of_what_came_later(url):
    store = SqlHistory(url)
    ticket = {"customer_id": "c", "ticket_id": "t", "created_at": "2026-01-01", "category": "tv"}
    store.append([{**ticket, "resolved_at": "2026-01-05", "fault_found": "no", "compensation": 9}])
    assert len(store.fetch("c", at="2026-01-01")) == 0
    open_then = store.fetch("c", at="2026-01-05").to_dict()["tickets"]
    assert open_then == [["t", CustomerHistory().seconds("2026-01-01"), "tv", *[None] * 5]]
    assert store.fetch("c", at="2026-01-05T00:00:01Z").to_dict() == store.fetch("c").to_dict()


def test_outcomes_need_no_customer_and_a_service_is_ready_to_advise(url):
    store = SqlHistory(url)
    claims = [{"customer_id": "c", "ticket_id": i, "created_at": f"2026-0{i}-01"} for i in (1, 2, 3)]
    assert store.append(claims) == 3
    found = {"resolved_at": "2026-03-20", "fault_found": "no", "compensation": 20}
    assert store.append([{"ticket_id": i, **found} for i in (1, 2, 3)]) == 3
    past = store.fetch("c")
    advice = load().advise(text="再送我一个月话费吧", history=past, created_at="2026-04-01")
    assert (advice.facts["unproven_365d"], advice.goodwill, advice.requires_human) == (3, "decline", True)
    stranger = load().advise(text="再送我一个月话费吧", history=store.fetch("new"), created_at="2026-04-01")
    assert stranger.goodwill == "clear"
    assert load().advise(text="再送我一个月话费吧", history=store.fetch(None)).goodwill == "unknown"


def test_tickets_without_an_id_are_known_by_time_and_text_and_no_text_is_kept(url, tmp_path):
    store = SqlHistory(url)
    ticket = {"customer_id": "c", "created_at": "2026-01-01", "text": "my very own words"}
    for _ in range(2):
        store.append([ticket, {**ticket, "text": "other words"}])
    past = store.fetch("c")
    assert past.facts(AT)["tickets_365d"].tolist() == [2]
    assert past.facts(AT)["has_outcomes"].tolist() == [False]
    assert b"my very own" not in (tmp_path / "history.db").read_bytes()


def in_both(url, tickets):
    store = SqlHistory(url)
    store.append({"customer_id": "c", **ticket} for ticket in tickets)
    return len(store.fetch("c")), len(CustomerHistory(tickets))


def test_without_ids_the_store_and_one_history_see_the_same_tickets(url):
    told = [{"created_at": "2026-01-01", "category": name} for name in ("tv", "net")]
    told += [{"created_at": "2026-01-01", "text": "Hello there", "category": name} for name in ("tv", "net")]
    told += [{"text": name} for name in ("undated", "undated, too")]
    assert in_both(url, told) == (5, 5)


def test_a_ticket_without_an_id_that_was_stored_is_known_again_when_it_is_added(url):
    told = {"customer_id": "c", "created_at": "2026-01-01", "subject": "Bill", "text": "It is wrong"}
    store = SqlHistory(url)
    store.append([told, {"customer_id": "c", "ticket_id": "~x", "created_at": "2026-01-01"}])
    past = store.fetch("c")
    past.add(told)
    past.add({"ticket_id": "~x", "resolved_at": "2026-01-02", "fault_found": "yes"})
    assert len(past) == 2
    assert past.facts(AT)["justified_365d"].tolist() == [1]


def test_under_a_key_nothing_of_the_words_can_be_recomputed_without_it(url):
    told = {"created_at": "2026-01-01", "text": "It is wrong"}
    store = SqlHistory(url, id_key=b"secret")
    store.append([{"customer_id": "c", **told}] * 2)
    [kept], [plain] = (past.to_dict()["tickets"] for past in (store.fetch("c"), CustomerHistory([told])))
    assert plain[0].startswith("~")
    assert kept[0].startswith("~")
    assert kept[0] != plain[0]


@pytest.mark.parametrize(
    ("tickets", "message"),
    [
        (
            [{"customer_id": "c"}, None],
            "^row 2, column tickets: not a ticket, got 'NoneType'; give each as a mapping",
        ),
        (["x"], "^row 1, column tickets: not a ticket, got 'str'"),
        ([1], "^row 1, column tickets: not a ticket, got 'int'"),
        ({"customer_id": "c"}, "^tickets: not a list of tickets, got 'dict'"),
        (None, "^tickets: not a list of tickets, got 'NoneType'"),
        (pd.DataFrame({"customer_id": ["c"]}), r"got 'DataFrame'; .*frame.to_dict\('records'\)"),
    ],
)
def test_what_is_no_list_of_tickets_is_refused(url, tickets, message):
    store = SqlHistory(url)
    with pytest.raises(BadValue, match=message):
        store.append(tickets)
    assert len(store.fetch("c")) == 0


def test_a_row_of_a_table_is_a_ticket(url):
    store = SqlHistory(url)
    frame = pd.DataFrame({"customer_id": ["c", "c"], "ticket_id": [1, 2], "created_at": ["2026-01-01"] * 2})
    assert store.append(row for _, row in frame.iterrows()) == 2
    assert len(store.fetch("c")) == 2


def test_a_ticket_of_nobody_is_not_its_neighbours(url):
    store = SqlHistory(url)
    with pytest.raises(
        BadValue, match=r"row 2, column customer_id: .* whose ticket it is: the store does not"
    ):
        store.append([{"customer_id": "c", "created_at": "2026-01-01"}, {"created_at": "2026-01-02"}])


@pytest.mark.parametrize("ticket", [{"created_at": "2026-01-01"}, {"ticket_id": "t9"}, {"customer_id": " "}])
def test_a_ticket_of_nobody_is_refused_and_nothing_of_its_batch_is_kept(url, ticket):
    store = SqlHistory(url)
    with pytest.raises(BadValue, match="row 2, column customer_id: not the id of a customer"):
        store.append([{"customer_id": "c", "ticket_id": "t1", "created_at": "2026-01-01"}, ticket])
    assert len(store.fetch("c")) == 0


def test_two_customers_may_have_tickets_of_one_number(url):
    store = SqlHistory(url, keep_text=True)
    for name in ("c1", "c2"):
        store.append([{"customer_id": name, "ticket_id": "t1", "created_at": "2026-01-01", "text": name}])
    with pytest.raises(BadValue, match="not one customer's alone"):
        store.append([{"ticket_id": "t1", "resolved_at": "2026-01-02"}])
    with pytest.raises(BadValue, match="not one customer's alone"):
        store.correct("t1", "venting")
    store.correct("t1", "venting", customer_id="c2")
    assert [row["customer_id"] for row in store.corrections()] == ["c2"]


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "Ünï", "客户", "'; DROP TABLE x; --", "x" * 5000])
def test_odd_ids_are_kept(url, name):
    store = SqlHistory(url)
    store.append([{"customer_id": name, "ticket_id": name, "created_at": "2026-01-01", "category": name}])
    store.append([{"ticket_id": name, "resolved_at": "2026-01-02"}])
    store.correct(name, "venting")
    assert store.fetch(name).facts(AT)["resolved_365d"].tolist() == [1]
    assert store.forget(name) == 1


def test_ids_of_unlike_half_characters_stay_apart(url):
    store, names = SqlHistory(url), ["\ud800", "\ud801", "?", "\0", "\ufffd", "客户", "a\\b"]
    store.append(
        {"customer_id": who, "ticket_id": ticket, "created_at": "2026-01-01"}
        for who in names
        for ticket in names
    )
    assert [len(store.fetch(name)) for name in names] == [len(names)] * len(names)
    assert store.forget("\ud800") == len(names)
    kept = [ticket[0] for ticket in store.fetch("?").to_dict()["tickets"]]
    assert {"?", "\ufffd", "客户", "a\\b"} < {*kept}


@pytest.mark.parametrize("time", ["", "soon", None])
def test_a_moment_must_be_one(url, time):
    store = SqlHistory(url)
    with pytest.raises(BadValue, match="not a time"):
        store.expire(time)
    if time is not None:
        with pytest.raises(BadValue, match="not a time"):
            store.fetch("c", at=time)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def fill(store, who, n=60):
    store.append(
        {
            "customer_id": who,
            "ticket_id": f"{who}-{i}",
            "created_at": f"2026-01-{i % 28 + 1:02d}",
            "category": f"category of {who}",
            "text": f"words of {who} " * 50,
        }
        for i in range(n)
    )
    store.correct(f"{who}-1", "venting", text=f"words of {who}")


@pytest.mark.parametrize("keep_text", [False, True])
def test_forgotten_customers_leave_nothing_behind(url, tmp_path, keep_text):
    store = SqlHistory(url, keep_text=keep_text)
    for who in ("alice", "bob", "carol"):
        fill(store, who)
    assert everything_in(tmp_path).count(b"alice") > 100
    assert store.forget("alice", "carol") == 120
    left = everything_in(tmp_path)
    assert (left.count(b"alice"), left.count(b"carol")) == (0, 0)
    assert b"bob" in left
    assert (len(store.fetch("alice")), len(store.fetch("bob"))) == (0, 60)
    assert [row["customer_id"] for row in store.corrections()] == ["bob"]
    assert store.forget("alice") == 0
    store.close()


def test_expired_tickets_leave_nothing_behind(url, tmp_path):
    store = SqlHistory(url)
    told = {
        "older": {"created_at": "2025-01-01", "resolved_at": "2025-01-02"},
        "unsolved": {"created_at": "2025-01-01"},
        "undated": {},
        "lasting": {"created_at": "2025-01-01", "resolved_at": "2026-01-02"},
        "newer": {"created_at": "2026-01-01"},
    }
    store.append({"customer_id": "c", "ticket_id": name, **times} for name, times in told.items())
    assert store.expire("2025-06-01") == 3
    left = everything_in(tmp_path)
    assert {name: name.encode() in left for name in told} == {
        "older": False,
        "unsolved": False,
        "undated": False,
        "lasting": True,
        "newer": True,
    }


def test_ids_can_be_kept_under_a_key(url, tmp_path):
    store = SqlHistory(url, id_key=b"secret")
    store.append([{"customer_id": "alice", "ticket_id": "t1", "created_at": "2026-01-01"}])
    assert len(store.fetch("alice")) == len(SqlHistory(url, id_key=b"secret").fetch("alice")) == 1
    assert b"alice" not in everything_in(tmp_path)
    for key in (None, b"another"):
        with pytest.raises(
            KeptHistoryError, match="keeps customer ids in another way; open it with the id_key"
        ):
            SqlHistory(url, id_key=key)
    assert store.forget("alice") == 1


@pytest.mark.parametrize(
    ("key", "got"), [(b"", "0 bytes"), (b"s" * 65, "65 bytes"), ("s" * 9, "str"), (5, "int")]
)
def test_a_key_that_hides_nothing_is_refused_and_not_shown(url, tmp_path, key, got):
    with pytest.raises(
        BadOption, match=f"^id_key: not a secret of 1 to 64 bytes, got '{got}'; give"
    ) as refused:
        SqlHistory(url, id_key=key)
    assert "sss" not in str(refused.value)
    assert not [*tmp_path.iterdir()]


def test_a_newer_store_is_refused(url, tmp_path):
    SqlHistory(url).close()
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute("UPDATE complaint_history_meta SET value = '2' WHERE name = 'schema_version'")
    with pytest.raises(KeptHistoryError, match="schema version 2 of the store is newer than 1; upgrade"):
        SqlHistory(url)


def test_an_unreachable_or_foreign_database_is_told_without_its_password(tmp_path):
    with pytest.raises(StoreUnavailable, match="unable to open database file"):
        SqlHistory(f"sqlite:///{tmp_path}/no/such/folder.db")
    (tmp_path / "text.db").write_text("this is no database, it is a text of more than a few words" * 20)
    with pytest.raises(StoreUnavailable, match="file is not a database"):
        SqlHistory(f"sqlite:///{tmp_path}/text.db")
    for url in ("mysql://me:secret@host/db", "nonsense secret", None):
        with pytest.raises(BadValue, match="not a SQLite or PostgreSQL address") as refused:
            SqlHistory(url)
        assert "secret" not in str(refused.value)


def test_corrections_are_trained_on_and_can_be_taken_back(url, tmp_path):
    store = SqlHistory(url)
    told = {"customer_id": "c", "fault_found": "no", "text": "never kept"}
    days = [(f"2026-0{i}-01", f"2026-0{i}-02") for i in (1, 2, 3)]
    claims = [
        {**told, "ticket_id": f"t{i}", "created_at": first, "resolved_at": last}
        for i, (first, last) in enumerate(days, start=1)
    ]
    store.append(claims)
    store.correct("t3", "resolution_seeking", text="My bill is wrong, call 13800138000")
    store.correct("t2", "venting")
    with pytest.raises(BadValue, match="not a type, got 'angry'"):
        store.correct("t1", "angry")
    with pytest.raises(
        BadOption, match=r"^ticket_id: not a ticket of the store, got 't9'; give an id that was"
    ):
        store.correct("t9", "venting")
    with pytest.raises(BadOption, match="not a ticket of this customer in the store, got 't1'"):
        store.correct("t1", "venting", customer_id="d")
    store.correct("t1", "venting", text=float("nan"))
    assert [row["ticket_id"] for row in store.corrections()] == ["t3"]
    [row] = store.corrections()
    assert (row["corrected_type"], row["history_known"]) == ("resolution_seeking", 1)
    assert row["history_unproven_365d"] == 2
    assert "13800138000" not in row["text"]
    pd.DataFrame([row]).to_csv(tmp_path / "corrections.csv", index=False)
    labelled = read_labelled([tmp_path / "corrections.csv"])
    assert labelled["customer_type"].tolist() == ["resolution_seeking"]
    assert labelled["history_unproven_365d"].tolist() == [2]
    store.correct("t3", "")
    assert store.corrections() == []
    assert b"My bill" not in (tmp_path / "history.db").read_bytes()


def test_an_export_tells_corrections_too(url):
    store = SqlHistory(url, keep_text=True)
    ticket = {"customer_id": "c", "ticket_id": "t1", "subject": "Bill", "text": "It is wrong"}
    store.append([{**ticket, "corrected_type": "clarification_seeking"}])
    assert [(row["text"], row["corrected_type"], row["created_at"]) for row in store.corrections()] == [
        ("Bill\nIt is wrong", "clarification_seeking", "")
    ]
    with pytest.raises(BadValue, match="not a type"):
        store.append([{**ticket, "corrected_type": "angry"}])


def test_corrections_name_types_of_ones_own(url, tmp_path):
    store = SqlHistory(url, types=("new_theme", "venting"))
    store.append([{"customer_id": "c", "ticket_id": "t1", "created_at": "2026-01-01"}])
    store.correct("t1", "new_theme", text="Where is the charging point?")
    pd.DataFrame(store.corrections()).to_csv(tmp_path / "corrections.csv", index=False)
    own = Taxonomy((Term("type", "new_theme", "充电桩", "Charging", "问充电桩。", "Asks for it.", "ours"),))
    read = read_labelled([tmp_path / "corrections.csv"], taxonomy=own)
    assert read["customer_type"].tolist() == ["new_theme"]
    store.correct("t1", "none")
    for name in ("high_energy", "old_theme"):
        with pytest.raises(BadValue, match=f"got '{name}'; use one of new_theme, venting, none; .*types="):
            store.append([{"ticket_id": "t1", "corrected_type": name}])


def test_processes_and_threads_that_write_at_once_lose_nothing_and_count_nothing_twice(url):
    n, context = 10, multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_many, args=(url, f"p{k}", n)) for k in range(2)]
    shared = SqlHistory(url)

    def write():
        for i in range(n):
            shared.append([{"customer_id": f"c{i % 5}", "ticket_id": f"t{i}", "created_at": "2026-01-01"}])
            assert len(shared.fetch(f"c{i % 5}")) > 0

    threads = [threading.Thread(target=write) for _ in range(2)]
    for worker in (*processes, *threads):
        worker.start()
    for worker in (*processes, *threads):
        worker.join()
    assert [process.exitcode for process in processes] == [0, 0]
    found = [shared.fetch(f"c{k}").facts(AT) for k in range(5)]
    assert [int(facts["tickets_365d"][0]) for facts in found] == [6] * 5
    assert [int(facts["justified_365d"][0]) for facts in found] == [2] * 5
