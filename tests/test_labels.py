"""Labelled tickets: what the files say, checked against the taxonomy, with the history they had then."""

from __future__ import annotations

import pandas as pd
import pytest

from complaint_typing.cli_input import customer_records
from complaint_typing.errors import AmbiguousDates, BadLabels, BadValue, MissingColumns, UnreadableInput
from complaint_typing.facts import HISTORY_COLUMNS
from complaint_typing.label_terms import Terms
from complaint_typing.labels import hands_of, labelled_frame, read_labelled, truth_of
from complaint_typing.taxonomy import Taxonomy, Term, read_taxonomy
from complaint_typing.tickets import read_frame

HEADER = (
    "ticket_id,customer_id,created_at,text,fault_found,resolved_at,customer_type,emotional_mode,risk_signals"
)
ROWS = (
    "t1,c1,2026-01-01,没电,no,2026-01-02,compensation_seeking,rational,legal;media",
    "t2,c1,2026-01-05,again,,,repeat_abuser,,",
    "t3,c2,2026-01-05,win prizes,,,none,,",
    "t4,c2,2026-01-06,not labelled yet,,,,,",
)


def write(folder, name="a.csv", header=HEADER, rows=ROWS):
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return folder / name


def test_labelled_rows_come_with_their_history(tmp_path):
    tickets = read_labelled([write(tmp_path)])
    assert tickets["ticket_id"].tolist() == ["t1", "t2", "t3"]
    assert tickets.index.tolist() == [0, 1, 2]
    assert set(HISTORY_COLUMNS) <= set(tickets.columns)
    assert tickets["history_unproven_365d"].tolist() == [0, 1, 0]


def test_what_a_person_corrected_wins_over_the_label_and_needs_none(tmp_path):
    header = "ticket_id,text,customer_type,corrected_type"
    rows = ["t1,a,repeat_abuser,venting", "t2,b,venting,", "t3,c,,resolution_seeking", "t4,d,,"]
    found = read_labelled([write(tmp_path, header=header, rows=rows)])
    assert found["customer_type"].tolist() == ["venting", "venting", "resolution_seeking"]
    alone = write(tmp_path, "b.csv", "text,更正类型", ["a,venting", "b,"])
    assert read_labelled([alone])["customer_type"].tolist() == ["venting"]
    with pytest.raises(BadLabels, match="corrected_type"):
        read_labelled([write(tmp_path, "c.csv", "text,corrected_type", ["a,vent"])])


def test_history_that_is_kept_beside_a_ticket_is_read(tmp_path):
    tickets = read_labelled([write(tmp_path)])
    tickets.iloc[1:2].to_csv(tmp_path / "kept.csv", index=False)
    again = read_labelled([tmp_path / "kept.csv"])
    assert again["history_unproven_365d"].tolist() == [1]
    assert again["history_known"].tolist() == [1]
    both = read_labelled(
        [tmp_path / "kept.csv", write(tmp_path, "z.csv", rows=[ROWS[0].replace("c1", "c9")])]
    )
    assert both["history_unproven_365d"].tolist() == [1, 0]
    assert labelled_frame(both, read_taxonomy()).facts["known"].tolist() == [True, True]


@pytest.mark.parametrize("name", ["kept.csv", "kept.xlsx"])
def test_history_that_a_spreadsheet_kept_is_read(tmp_path, name):
    tickets = read_labelled([write(tmp_path)]).iloc[1:2]
    flags = [column for column in HISTORY_COLUMNS if tickets[column].dtype == bool]
    if name == "kept.csv":
        tickets = tickets.assign(
            **{flag: tickets[flag].map({True: "TRUE", False: "FALSE"}) for flag in flags}
        )
        tickets.assign(history_open="many").to_csv(tmp_path / name, index=False)
    else:
        tickets.to_excel(tmp_path / name, index=False)
    again = read_labelled([tmp_path / name])
    assert again["history_known"].tolist() == [1]
    assert again["history_unproven_365d"].tolist() == [1]
    assert again.attrs["bad_values"] == ({"history_open": 1} if name == "kept.csv" else {})


def test_rows_without_a_label_are_history_of_the_others_all_the_same(tmp_path):
    rows = ["t1,c1,2026-01-01,a,,,,,", "t2,c1,2026-01-02,b,,,venting,,"]
    assert read_labelled([write(tmp_path, rows=rows)])["history_tickets_7d"].tolist() == [1]


def test_a_folder_is_read_in_the_order_of_its_names_and_a_file_is_its_own_collection(tmp_path):
    write(tmp_path, "b.csv", rows=ROWS[:1])
    write(tmp_path, "a.csv", rows=ROWS[1:2])
    write(tmp_path, "c.csv", HEADER + ",collection", [ROWS[2] + ",spam"])
    (tmp_path / "notes.txt").write_text("no tickets")
    tickets = read_labelled([tmp_path])
    assert tickets["ticket_id"].tolist() == ["t2", "t1", "t3"]
    assert tickets["collection"].tolist() == ["a", "b", "spam"]
    assert tickets["history_tickets_7d"].tolist() == [1, 0, 0]


def test_files_may_lack_columns_that_others_have(tmp_path):
    one = write(tmp_path, "a.csv", rows=ROWS[:1])
    other = write(tmp_path, "b.csv", "text,customer_type", ["plain,venting"])
    data = labelled_frame(read_labelled([one, other]), read_taxonomy())
    assert data.modes.tolist() == ["rational", ""]
    assert data.signals.sum(axis=1).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "t,c,2026-01-01,a,,,angry,,",
            "row 2, column customer_type: not a term of the taxonomy, got 'angry'",
        ),
        ("t,c,2026-01-01,a,,,undetermined,,", "row 2, column customer_type: not a term"),
        (
            "t,c,2026-01-01,a,,,venting,furious,",
            "(?s)row 2, column emotional_mode: .*allowed in emotional_mode: attack, emotional",
        ),
        ("t,c,2026-01-01,a,,,venting,,legal;lawsuit", "row 2, column risk_signals: .* got 'lawsuit'"),
    ],
)
def test_labels_outside_the_taxonomy_are_refused(tmp_path, row, message):
    with pytest.raises(BadLabels, match=message):
        read_labelled([write(tmp_path, rows=[ROWS[0], row])])


def test_all_faults_of_all_files_are_told_at_once_with_their_places(tmp_path):
    one = write(
        tmp_path, "may.csv", "text,customer_type,weight", ["a,vent,1", ",venting,1", "b,venting,heavy"]
    )
    two = write(
        tmp_path, "june.csv", "text,customer_type,risk_signals", ["a,venting,legal;media;x 13800138000"]
    )
    with pytest.raises(BadLabels, match="3 labels are not allowed; correct them and run again") as told:
        read_labelled([one, two])
    assert str(told.value).splitlines()[1:4] == [
        "  may.csv, row 1, column customer_type: not a term of the taxonomy, got 'vent'; perhaps venting",
        "  may.csv, row 3, column weight: not a number from 0 up, got 'heavy'",
        "  june.csv, row 1, column risk_signals: not a term of the taxonomy, got 'x [phone …00]'",
    ]
    first = told.value.faults[0]
    assert (first.path, first.row, first.value) == ("may.csv", 1, "vent")


def test_labelled_files_are_read_with_the_options_of_any_export(tmp_path):
    place = tmp_path / "a.csv"
    place.write_bytes("nr,正文,when,customer_type\n1,没人管,03/04/2026,venting\n".encode("gb18030"))
    with pytest.raises(AmbiguousDates, match="03/04/2026"):
        read_labelled([place], mapping={"created_at": "when"})
    read = read_labelled(
        [place],
        mapping={"created_at": "when", "text": "正文"},
        date_order="dmy",
        tz="Asia/Shanghai",
        encoding="gbk",
    )
    assert (read["text"][0], read["created_at"][0]) == ("没人管", "2026-04-02T16:00:00Z")


def test_labelled_json_lines_beside_csv(tmp_path):
    write(tmp_path, "a.csv", rows=ROWS[:1])
    (tmp_path / "b.jsonl").write_text(
        '{"ticket_id": "t9", "text": "no answer", "customer_type": "venting"}\n'
    )
    assert read_labelled([tmp_path])["ticket_id"].tolist() == ["t1", "t9"]


def test_a_second_type_is_a_type_too(tmp_path):
    path = write(tmp_path, header="text,customer_type,secondary_type", rows=["a,venting,none"])
    with pytest.raises(
        BadLabels, match="row 1, column secondary_type: not a term of the taxonomy, got 'none'"
    ):
        read_labelled([path])


def test_files_without_labels_are_refused(tmp_path):
    with pytest.raises(
        MissingColumns, match=r"a\.csv: no column found for: customer_type. Headers found: 'text', 'memo'"
    ):
        read_labelled([write(tmp_path, header="text,memo", rows=["a,b"])])


def test_an_error_names_the_headers_of_the_file_itself(tmp_path):
    path = write(tmp_path, header="Ticket #,Requester ID,Description,Colour", rows=["1,a,b,c"])
    own = "'Ticket #', 'Requester ID', 'Description', 'Colour'"
    with pytest.raises(MissingColumns, match=f"customer_type. Headers found: {own}"):
        read_labelled([path])
    with pytest.raises(
        MissingColumns, match=r"no column found for: customer_id. Headers found: 'Description'"
    ):
        customer_records(read_frame(write(tmp_path, header="Description", rows=["b"])), "a")


def test_where_nothing_is_nothing_is_read(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "missing.csv"):
        with pytest.raises(
            UnreadableInput, match=f"{name}: no file of tickets is there; name labelled files"
        ):
            read_labelled([tmp_path / name])


def test_the_table_is_laid_out_as_training_reads_it(tmp_path):
    taxonomy = read_taxonomy()
    data = labelled_frame(read_labelled([write(tmp_path)]), taxonomy)
    assert data.types.tolist() == ["compensation_seeking", "repeat_abuser", "none"]
    assert data.modes.tolist() == ["rational", "", ""]
    assert data.signal_names == taxonomy.signals
    named = [{taxonomy.signals[i] for i in row.nonzero()[0]} for row in data.signals]
    assert named == [{"legal", "media"}, set(), set()]
    assert data.facts["unproven_365d"].tolist() == [0, 1, 0]
    assert data.weight.tolist() == [1, 1, 1]
    assert data.natural.all()


def test_columns_that_are_not_there_are_not_taught():
    data = labelled_frame(pd.DataFrame({"text": ["a", "b"], "customer_type": "venting"}), read_taxonomy())
    assert (data.modes, data.signals, data.signal_names) == (None, None, ())
    assert data.groups.tolist() == [0, 1]


def test_weights_and_sampling_are_read(tmp_path):
    rows = ["a,venting,0.3,designed", "b,venting,,natural", "c,venting,2,"]
    path = write(tmp_path, header="text,customer_type,weight,sampling", rows=rows)
    data = labelled_frame(read_labelled([path]), read_taxonomy())
    assert data.weight.tolist() == [0.3, 1, 2]
    assert data.natural.tolist() == [False, True, False]


@pytest.mark.parametrize("weight", ["heavy", "-1", "inf", "nan"])
def test_weights_that_are_none_are_refused(weight):
    table = pd.DataFrame({"text": ["a", "b"], "customer_type": "venting", "weight": ["1", weight]})
    with pytest.raises(BadValue, match=f"row 2, column weight: not a number from 0 up, got '{weight}'"):
        labelled_frame(table, read_taxonomy())


def test_the_truth_is_what_is_labelled(tmp_path):
    truth = truth_of(read_labelled([write(tmp_path)]).assign(also_acceptable=["venting", "", None]))
    assert truth.types.tolist() == ["compensation_seeking", "repeat_abuser", "none"]
    assert truth.acceptable == [{"venting"}, set(), set()]
    assert truth.modes.tolist() == ["rational", "", ""]
    assert truth.signals == [{"legal", "media"}, set(), set()]


def test_what_is_not_labelled_is_not_judged():
    truth = truth_of(pd.DataFrame({"text": ["a"], "customer_type": ["venting"]}))
    assert (truth.acceptable, truth.modes, truth.signals) == (None, None, None)


def test_a_table_without_types_has_no_truth():
    with pytest.raises(MissingColumns, match="no column found for: customer_type"):
        truth_of(pd.DataFrame({"text": ["a"]}))


def test_labels_are_read_by_id_and_by_name(tmp_path):
    header = "text,customer_type,secondary_type,emotional_mode,risk_signals"
    rows = ["a,实质解决型,,理智模式,法律行动；media", "b, Respect Seeking ,VENTING,Attack,legal; Regulator;"]
    tickets = read_labelled([write(tmp_path, header=header, rows=[*rows, "c,不是投诉,,,"])])
    assert tickets["customer_type"].tolist() == ["resolution_seeking", "respect_seeking", "none"]
    assert tickets["secondary_type"].tolist() == ["", "venting", ""]
    assert tickets["emotional_mode"].tolist() == ["rational", "attack", ""]
    assert tickets["risk_signals"].tolist() == ["legal;media", "legal;regulator", ""]


def test_an_id_of_its_own_goes_before_another_types_name():
    terms = [
        Term("type", "bug", "报修", "How to", "。", ".", "x"),
        Term("type", "how to", "问", "Ask", "。", ".", "x"),
    ]
    understood = Terms(Taxonomy(tuple(terms))).understood
    assert [understood("customer_type", name) for name in ("how to", "报修", "HOW TO")] == [
        "how to",
        "bug",
        None,
    ]


def test_a_row_without_a_collection_is_of_its_files(tmp_path):
    found = read_labelled(
        [write(tmp_path, header="text,customer_type,collection", rows=["a,venting,G1", "b,venting,"])]
    )
    assert found["collection"].tolist() == ["G1", "a"]


def test_what_was_not_used_is_counted(tmp_path):
    header = "text,customer_type,created_at"
    paths = [
        write(tmp_path, name, header, ["a,venting,soon", ",venting,2026-01-01"])
        for name in ("a.csv", "b.csv")
    ]
    assert read_labelled(paths).attrs == {"unusable": 2, "bad_values": {"created_at": 2}, "repeated": 0}
    both = [write(tmp_path), write(tmp_path, "b.csv", rows=ROWS[1:])]
    assert read_labelled(both).attrs["repeated"] == 2


@pytest.mark.parametrize(
    ("columns", "kind", "hands"),
    [
        ({"collection": ["a", "b", "a"]}, "collection", ["a", "b", "a"]),
        ({"collection": "a", "customer_id": ["x", "", "y"]}, "customer", ["x", "\n0", "y"]),
        ({"customer_id": "guest"}, "ticket", ["\n0", "\n0", "\n1"]),
        ({}, "ticket", ["\n0", "\n0", "\n1"]),
    ],
)
def test_who_wrote_a_ticket(columns, kind, hands):
    tickets = pd.DataFrame({"text": ["same", "same", "other"], "customer_type": "venting"}).assign(**columns)
    assert hands_of(tickets) == (kind, hands)
