"""Policy folders that tests may spoil."""

import csv
import io
import itertools
import shutil

import pytest

from complaint_typing.errors import PolicyError
from complaint_typing.policy import TABLES, PolicyTable
from complaint_typing.resources import data_path

POLICY = PolicyTable.read()
NAMES = list(POLICY.conditions)
SIGNALS = POLICY.taxonomy.signals
CODES = list(itertools.product(*(range(len(values)) for values in POLICY.conditions.values())))
DOMAIN = [dict(zip(NAMES, values, strict=True)) for values in itertools.product(*POLICY.conditions.values())]
DECIDED = [POLICY.rules[row] for row in POLICY.decide(CODES)]


def copy_tables(folder):
    for name in TABLES:
        shutil.copy(data_path(name), folder / name)
    return folder


def read_cells(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def write_cells(path, cells, encoding="utf-8-sig", **dialect):
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(cells)
    path.write_bytes(text.getvalue().encode(encoding))


def change(path, *changes):
    """Set cells, each given as (rule id, column, value); returns the rows as a spreadsheet numbers them."""
    cells = read_cells(path)
    ids = [row[0] for row in cells]
    for rule_id, column, value in changes:
        cells[ids.index(rule_id)][cells[0].index(column)] = value
    write_cells(path, cells)
    return {rule_id: number for number, rule_id in enumerate(ids, start=1)}


def refused(folder):
    with pytest.raises(PolicyError, match="fault") as caught:
        PolicyTable.read(folder)
    return caught.value
