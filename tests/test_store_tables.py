"""SQLite files of the history store: forgotten is gone from write-ahead logs, too, however many are named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from complaint_typing import SqlHistory, store_tables
from complaint_typing.errors import BadOption, BadValue, StoreUnavailable

SECRETS = (b"alice", b"her words")


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """A file that somebody switched to a write-ahead log; that stays so."""
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def filled(path: Path) -> SqlHistory:
    store = SqlHistory(f"sqlite:///{path}", keep_text=True)
    store.append(
        {"customer_id": who, "ticket_id": f"{who}-{i}", "created_at": "2026-01-01", "text": f"{words} words"}
        for who, words in (("alice", "her"), ("bob", "his"))
        for i in range(50)
    )
    return store


def files_with(folder: Path, *words: bytes) -> dict[str, list[bytes]]:
    """The files of a folder in which one of the words stands."""
    found = {p.name: [word for word in words if word in p.read_bytes()] for p in folder.iterdir()}
    return {name: words for name, words in found.items() if words}


@pytest.mark.parametrize("does", [lambda s: s.forget("alice"), lambda s: s.expire("2027-01-01")])
def test_what_is_deleted_is_in_no_file_although_there_is_a_write_ahead_log(
    logged: Path, does: object
) -> None:
    with closing(sqlite3.connect(logged)) as another:
        assert another.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        another.execute("SELECT count(*) FROM sqlite_master").fetchone()
        store = filled(logged)
        assert "history.db-wal" in files_with(logged.parent, *SECRETS)
        does(store)  # type: ignore[operator]
        assert {path.name for path in logged.parent.iterdir()} >= {"history.db", "history.db-wal"}
        assert files_with(logged.parent, *SECRETS) == {}
    store.close()
    assert files_with(logged.parent, *SECRETS) == {}


def test_a_log_that_others_are_reading_is_told(logged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_tables, "BUSY_SECONDS", 0.05)
    store = filled(logged)
    with closing(sqlite3.connect(logged, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM complaint_history_tickets").fetchone()
        with pytest.raises(StoreUnavailable, match="the write-ahead log is being read"):
            store.forget("alice")
    assert store.forget("alice") == 0
    assert files_with(logged.parent, *SECRETS) == {}


def test_any_number_of_customers_is_forgotten_at_once(tmp_path: Path) -> None:
    store = filled(tmp_path / "history.db")
    strangers = [f"m{i}" for i in range(40_000)]
    assert store.forget(*strangers, "alice", *strangers, "bob", "alice") == 100
    assert files_with(tmp_path, *SECRETS) == {}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:kept?mode=memory&cache=shared&uri=true",
    ],
)
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(
        BadOption, match=r"^url: not the address of a file, got .*; write it as sqlite:///history"
    ):
        SqlHistory(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:p@127.0.0.1:notaport/db", "not a SQLite or PostgreSQL address, got 'no address'"),
        ("sqlite+aiosqlite:///x.db", r"got 'sqlite\+aiosqlite'; write it as sqlite:///history.db"),
        ("postgresql+asyncpg://u@h/db", r"got 'postgresql\+asyncpg'"),
        ("postgresql+nosuch://u@h/db", r"got 'postgresql\+nosuch'"),
        ("postgresql://u:se@cret@h/db", "not an address, got 'an @ in a name or password'; write %40"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(BadOption, match=f"^url: .*{told}") as error:
        SqlHistory(url)
    assert "cret" not in str(error.value)


def test_a_long_reason_is_told_whole_and_without_personal_data() -> None:
    told = str(
        StoreUnavailable("postgresql://db", f"{'connection to server failed ' * 3}for 13800138000: refused")
    )
    assert "[phone …00]: refused" in told


@pytest.mark.parametrize(
    "several", [["alice"], ("alice",), {"alice"}, {"id": "alice"}, pd.Series(["alice"]), b"alice"]
)
def test_several_ids_or_bytes_are_no_customer(tmp_path: Path, several: object) -> None:
    store = filled(tmp_path / "history.db")
    for ask in (
        lambda: store.forget(several),
        lambda: store.forget("bob", several),
        lambda: store.fetch(several),
        lambda: store.append([{"customer_id": several, "created_at": "2026-01-01"}]),
    ):
        with pytest.raises(BadValue, match=r"column customer_id: not an id, got .*; give one text or number"):
            ask()
    assert len(store.fetch("bob")) == 50


@pytest.mark.parametrize("nobody", [None, "", " ", float("nan"), pd.NA])
def test_nobody_cannot_be_forgotten(tmp_path: Path, nobody: object) -> None:
    store = filled(tmp_path / "history.db")
    with pytest.raises(
        BadValue, match=r"column customer_id: not the id of a customer, got .*; give the ids o"
    ):
        store.forget("bob", nobody)
    assert (store.forget("bob"), store.forget("nobody here"), store.forget()) == (50, 0, 0)
