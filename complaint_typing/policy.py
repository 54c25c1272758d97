"""The decision table, proved at load, and the risk rules that make its answers more cautious."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import BadValue, TargetExists
from .lazily import lazily
from .paths import path_of
from .playbook import Playbook, read_playbook
from .policy_domain import GOODWILL, conditions_of
from .policy_explain import Explanation, explanation
from .policy_review import Finding, findings, grid
from .policy_rules import Outcome, RiskRule, Rule, combined, read_risk_rules, read_rules
from .resources import data_path
from .taxonomy import Table, Taxonomy, read_taxonomy, write_table, write_taxonomy

TABLES = ("policy.csv", "risk_rules.csv", "playbook.csv")


@dataclass(frozen=True, eq=False)
class PolicyTable:
    """Decision table, risk rules and playbook, checked; read with `PolicyTable.read`.

    Attributes
    ----------
    rules : tuple of Rule
        Rows of the decision table; `decide` answers with positions in it.
    risk_rules : tuple of RiskRule
        Rows of the risk rules.
    playbook : Playbook
        Strategies by id.
    taxonomy : Taxonomy
        Types, modes, signals and roles that the tables speak of.
    conditions : mapping of str to tuple of str
        The conditions in the order of the codes, each with its values; a code is a position among them.

    >>> policy = PolicyTable.read()
    >>> policy.decide_one(customer_type="repeat_abuser", emotional_mode="rational", goodwill="decline",
    ...     confidence="high", earlier_tickets="many", same_fault_open="no", justified_before="no").rule_id
    'P-ABU-01'
    """

    rules: tuple[Rule, ...]
    risk_rules: tuple[RiskRule, ...]
    playbook: Playbook
    taxonomy: Taxonomy
    conditions: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Table]
    row_of: NDArray[np.int16]
    _outcomes: dict[tuple[int, int], Outcome] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, directory: str | Path | None = None) -> PolicyTable:
        """Read and check the tables of a folder.

        Parameters
        ----------
        directory : path, optional
            A folder with `policy.csv`, `risk_rules.csv` and `playbook.csv`, and with `taxonomy.csv` where
            that is not the shipped one; the tables that ship with the library when left out.

        Raises
        ------
        PolicyError
            With every fault of the first table that has any.

        >>> PolicyTable.read("no_such_folder")
        Traceback (most recent call last):
            ...
        complaint_typing.errors.PolicyError: no_such_folder/playbook.csv: 1 fault
          cannot be opened (No such file or directory); ...
        """
        folder = data_path() if directory is None else path_of(directory, "policy")
        own_taxonomy = folder / "taxonomy.csv"
        taxonomy = read_taxonomy(own_taxonomy if own_taxonomy.exists() else None)
        conditions = conditions_of(taxonomy)
        playbook = read_playbook(folder)
        policy = read_rules(folder / "policy.csv", taxonomy, playbook, conditions)
        risks = read_risk_rules(folder / "risk_rules.csv", taxonomy)
        tables = dict(zip(TABLES, (policy.table, risks.table, playbook.table), strict=True))
        return cls(policy.rules, risks.rules, playbook, taxonomy, conditions, tables, policy.row_of)

    @lazily
    def version(self) -> str:
        """Fingerprint of what the tables say, whatever their encoding, quoting, or order of rows.

        >>> PolicyTable.read().version.startswith("policy-")
        True
        """
        order = [[term.kind, term.id] for term in self.taxonomy.terms]
        rules = sorted(self.rules, key=lambda rule: rule.rule_id)
        risk_rules = sorted(self.risk_rules, key=lambda rule: rule.rule_id)
        content = [order, rules, risk_rules, list(self.playbook.values())]
        text = json.dumps(content, default=vars, sort_keys=True)
        return f"policy-{hashlib.sha256(text.encode('ascii')).hexdigest()[:8]}"

    def decide(self, codes: ArrayLike) -> NDArray[np.int16]:
        """The rows of the decision table that apply.

        Parameters
        ----------
        codes : int array of shape (n_tickets, 7)
            Value codes, one column per condition in the order of `conditions`. In the goodwill column 3 is
            `unknown`, which is read as `review`.

        Returns
        -------
        int16 array of shape (n_tickets,)
            Positions in `rules`.

        Raises
        ------
        BadValue
            When the array has another shape, or a code stands for no value.

        >>> policy = PolicyTable.read()
        >>> rows = policy.decide([[0, 2, 0, 0, 0, 1, 1], [8, 2, 3, 1, 1, 1, 0]])
        >>> [policy.rules[row].rule_id for row in rows]
        ['P-RES-01', 'P-IMP-03']
        >>> policy.decide([[99, 0, 0, 0, 0, 0, 0]])
        Traceback (most recent call last):
            ...
        complaint_typing.errors.BadValue: column customer_type: not a code from 0 to 10, got '99'; ...
        """
        codes = np.asarray(codes)
        if codes.ndim != 2 or codes.shape[1] != len(self.conditions):
            remedy = f"give one column for each of {', '.join(self.conditions)}"
            raise BadValue(
                None, "codes", codes.shape, f"of shape (n_tickets, {len(self.conditions)})", remedy
            )
        for name, column, size in zip(self.conditions, codes.T, self.row_of.shape, strict=True):
            if column.size and not (column.min() >= 0 and column.max() < size):
                wrong = column[(column < 0) | (column >= size)][0]
                remedy = "use positions in PolicyTable.conditions"
                raise BadValue(None, name, wrong, f"a code from 0 to {size - 1}", remedy)
        return self.row_of[tuple(codes.T)]

    def decide_one(self, /, **values: str) -> Rule:
        """The rule for one combination, one value for each condition.

        Raises
        ------
        BadValue
            When a condition is left out, or a value or a name is unknown.

        >>> PolicyTable.read().decide_one(customer_type="grumpy")
        Traceback (most recent call last):
            ...
        complaint_typing.errors.BadValue: column customer_type: not a value of this condition, got 'grumpy'...
        """
        for name in values:
            if name not in self.conditions:
                raise BadValue(None, name, values[name], "a condition", f"use {', '.join(self.conditions)}")
        codes = [self._code(name, values.get(name, "")) for name in self.conditions]
        return self.rules[int(self.decide([codes])[0])]

    def explain(self, /, **values: str) -> Explanation:
        """Which row applies to one combination, which values it read, and which rows almost matched.

        Raises
        ------
        BadValue
            When a condition is left out, or a value or a name is unknown.

        >>> told = PolicyTable.read().explain(customer_type="compensation_seeking", emotional_mode="rational",
        ...     goodwill="unknown", confidence="high", earlier_tickets="some", same_fault_open="no",
        ...     justified_before="no")
        >>> told.rule.rule_id, told.values["goodwill"]
        ('P-CMP-05', 'review')
        >>> [(miss.rule.rule_id, miss.condition, miss.allowed) for miss in told.near[1:3]]
        [('P-CMP-01', 'goodwill', ('clear',)), ('P-CMP-06', 'justified_before', ('yes',))]
        """
        return explanation(self.decide_one(**values), self.rules, self.conditions, values)

    def _code(self, name: str, value: str) -> int:
        known = GOODWILL if name == "goodwill" else self.conditions[name]
        if value not in known:
            raise BadValue(None, name, value, "a value of this condition", f"use one of {', '.join(known)}")
        return known.index(value)

    def combine_masks(
        self, rows: NDArray[Any], masks: NDArray[np.int64]
    ) -> tuple[list[Outcome], NDArray[np.intp]]:
        """Answers of the decision table, made more cautious by risk signals.

        Parameters
        ----------
        rows : int array of shape (n_tickets,)
            As `decide` returns them.
        masks : int64 array of shape (n_tickets,)
            The signals of each ticket as bits, the first of `taxonomy.signals` the lowest.

        Returns
        -------
        outcomes : list of Outcome
            Each distinct one once.
        index : int array of shape (n_tickets,)
            Which of them belongs to each ticket.
        """
        n_signals = len(self.taxonomy.signals)
        distinct, index = np.unique((rows.astype(np.int64) << n_signals) | masks, return_inverse=True)
        low = (1 << n_signals) - 1
        outcomes = [self.outcome(key >> n_signals, key & low) for key in distinct.tolist()]
        return outcomes, index.reshape(-1)

    def outcome(self, row: int, mask: int) -> Outcome:
        """One row of the decision table, with the signals of a ticket as the bits of one number."""
        outcome = self._outcomes.get((row, mask))
        if outcome is None:
            present = {signal for bit, signal in enumerate(self.taxonomy.signals) if mask >> bit & 1}
            outcome = self._outcomes[row, mask] = self.outcome_of(self.rules[row], present)
        return outcome

    def outcome_of(self, rule: Rule, signals: Collection[str]) -> Outcome:
        """Let risk signals make the answer of a rule more cautious.

        The graver role, the earlier follow-up and the person in the loop win; the rest is as the rule says.

        Parameters
        ----------
        rule : Rule
            Of the decision table.
        signals : collection of str
            Ids of those that are there.

        >>> policy = PolicyTable.read()
        >>> policy.outcome_of(policy.rules[0], ["media", "senior"]).rule_ids
        ('P-SAM-01', 'K-MED-01', 'K-SEN-01')
        """
        fired = [risk for risk in self.risk_rules if risk.signal in signals]
        return combined(rule, fired, self.taxonomy.ids("role"))

    def check(self) -> list[Finding]:
        """What the owner of a valid policy may want to look at: see `Finding`.

        >>> PolicyTable.read().check()
        []
        """
        return findings(self.rules, self.risk_rules, self.playbook, self.taxonomy)

    def rows_for_show(self, lang: str) -> tuple[list[str], list[list[str]]]:
        """Headers and rows of a readable grid, in `lang` ("zh" or "en").

        >>> header, rows = PolicyTable.read().rows_for_show("en")
        >>> header[:3], rows[0][0]
        (['Rule', 'Customer type', 'Mode'], 'P-SAM-01')
        """
        return grid(self.rules, self.playbook, self.taxonomy, self.conditions, lang)

    def export(self, directory: str | Path) -> list[Path]:
        """Write the tables to start one's own: UTF-8 with BOM, as spreadsheets like it.

        A taxonomy that is not the shipped one goes with them.

        Raises
        ------
        TargetExists
            When one of the files is already there; nothing is written then.
        """
        folder = Path(directory)
        own = self.taxonomy != read_taxonomy()
        targets = [folder / name for name in (*self.tables, *(("taxonomy.csv",) if own else ()))]
        for target in targets:
            if target.exists():
                raise TargetExists(target)
        folder.mkdir(parents=True, exist_ok=True)
        for target, table in zip(targets, self.tables.values(), strict=False):
            write_table(target, table)
        if own:
            write_taxonomy(targets[-1], self.taxonomy)
        return targets
