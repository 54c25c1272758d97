"""The dates of what is counted: in the reasons of an advice and in the evidence of verdicts near abuse."""

from __future__ import annotations

import pandas as pd
import pytest

from complaint_typing import CustomerHistory, load
from complaint_typing.claim_dates import claim_dates
from complaint_typing.screening import screening_reasons

DAYS = ("2025-09-03", "2025-11-10", "2026-01-07")
TOLD = {"customer_id": "c", "text": "送我话费", "fault_found": "no", "compensation": 30}
CLAIMS = [{**TOLD, "ticket_id": day, "created_at": day, "resolved_at": f"{day} 18:00"} for day in DAYS]
NOW = {"customer_id": "c", "text": "上次就送了一个月话费，这次也照样再送我一个月", "created_at": "2026-02-01"}


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "一年内前诉：2025-09-03 至 2026-01-07（UTC）"),
     ("en", "earlier tickets of the year: 2025-09-03 to 2026-01-07 (UTC)")],
)  # fmt: skip
def test_an_abuse_verdict_names_its_dates_alone_and_in_a_table(lang, told):
    advisor = load()
    advice = advisor.advise(NOW, history=CLAIMS, lang=lang)
    assert "repeat_abuser" in (advice.top_type, advice.secondary_type)
    assert advice.evidence[-1] == told
    assert any(told[1:] in reason for reason in advice.goodwill_reasons)
    table = advisor.score(pd.DataFrame([*CLAIMS, NOW]), lang=lang)
    assert table["evidence"].iloc[-1].split("; ") == list(advice.evidence)
    assert "2025-09-03" not in "".join(table["evidence"].iloc[:2])


def test_tickets_that_no_longer_count_have_no_date():
    past, at = CustomerHistory(CLAIMS), CustomerHistory().seconds("2026-11-01")
    facts = {name: value.item() for name, value in past.facts(at).items()}
    assert claim_dates(at, facts, "en") == "earlier tickets of the year: 2025-11-10 to 2026-01-07 (UTC)"
    later = CustomerHistory().seconds("2027-01-07")
    facts = {name: value.item() for name, value in past.facts(later).items()}
    assert claim_dates(later, facts, "zh") == "一年内前诉：2026-01-07（UTC）"
    facts = {name: value.item() for name, value in past.facts(later + 1).items()}
    assert claim_dates(later + 1, facts, "en") == ""


def test_reasons_without_a_moment_have_no_dates():
    past, at = CustomerHistory(CLAIMS), CustomerHistory().seconds("2026-02-01")
    facts = {name: value.item() for name, value in past.facts(at).items()}
    assert screening_reasons(facts, "en", at)[-2] == (
        "Earlier tickets of the year: 2025-09-03 to 2026-01-07 (UTC)."
    )
    assert not any("2025" in reason for reason in screening_reasons(facts, "en"))
