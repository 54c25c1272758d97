"""Types and signals of one's own: from a table of terms to a scored file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from complaint_typing import load
from complaint_typing.artifact import load_model, save_model
from complaint_typing.classifier import CustomerTypeClassifier
from complaint_typing.cli import cli
from complaint_typing.decision import Thresholds
from complaint_typing.errors import ArtifactError, BadLabels, TargetExists
from complaint_typing.own_terms import carried, taxonomy_of
from complaint_typing.policy import PolicyTable
from complaint_typing.policy_draft import draft_policy
from complaint_typing.resources import data_path
from complaint_typing.scored import read_scored
from complaint_typing.taxonomy import Taxonomy, Term, read_taxonomy, write_taxonomy

THEME = Term(
    "type", "new_theme", "充电桩", "Charging points", "问充电桩的事。", "Asks for charging points.", "ours"
)
VIRAL = Term("signal", "viral", "上热搜", "Goes viral", "已经传开。", "Is being passed around.", "ours")
SHIPPED = read_taxonomy()


def with_terms(*terms: Term) -> Taxonomy:
    kinds = list(dict.fromkeys(term.kind for term in SHIPPED.terms))
    return Taxonomy(tuple(sorted((*SHIPPED.terms, *terms), key=lambda term: kinds.index(term.kind))))


OWN = with_terms(THEME, VIRAL)


@pytest.fixture(scope="module")
def labelled(corpus) -> pd.DataFrame:
    theme = pd.DataFrame(
        {
            "text": [f"{place}的充电桩在哪里，能多装几个充电桩吗。" for place in "东西南北中上下左右前"],
            "customer_type": "new_theme",
            "collection": [f"author {i % 3}" for i in range(10)],
            "emotional_mode": "rational",
            "risk_signals": "viral",
        }
    )
    history = [name for name in corpus.columns if name.startswith("history_")]
    return pd.concat([corpus, theme], ignore_index=True).fillna(dict.fromkeys(history, 0))


@pytest.fixture(scope="module")
def model(labelled, tmp_path_factory):
    classifier = CustomerTypeClassifier(n_folds=3, taxonomy=OWN).fit(
        labelled,
        labelled["customer_type"],
        groups=labelled["collection"],
        modes=labelled["emotional_mode"],
        signals=[{cell} - {""} for cell in labelled["risk_signals"]],
    )
    return save_model(classifier.model_, tmp_path_factory.mktemp("own") / "model")


def test_a_model_carries_its_own_terms_and_no_others(model, tmp_path):
    assert taxonomy_of(model) == OWN
    assert [term["id"] for term in model.info["terms"]] == ["new_theme", "viral"]
    assert model.signals == OWN.signals
    assert carried(model, SHIPPED) == carried(model, None) == {}


def test_a_name_that_nobody_describes_stands_for_itself(model):
    told = taxonomy_of(replace(model, info={}))
    assert told.name("new_theme", "en") == told.name("new_theme", "zh") == "new_theme"
    assert [term.id for term in told.terms] == [term.id for term in OWN.terms]


def test_a_word_for_a_shipped_type_may_be_another(model):
    terms = [replace(term, name_en="Fix it") if term.id == "venting" else term for term in SHIPPED.terms]
    info = carried(model, Taxonomy(tuple(terms)))
    assert taxonomy_of(replace(model, info=info)).name("venting", "en") == "Fix it"


@pytest.mark.parametrize(
    "terms", ["x", [3], [{"id": "x"}], [dict.fromkeys(vars(THEME), 1)], [{**vars(THEME), "kind": "role"}]]
)
def test_terms_that_are_none_are_refused(model, terms):
    with pytest.raises(ArtifactError, match="the terms that it carries are no rows of a taxonomy"):
        taxonomy_of(replace(model, info={"terms": terms}))


def test_a_policy_without_the_type_is_refused_with_what_to_do(model):
    with pytest.raises(ArtifactError, match="knows no new_theme, viral; 'complaint-typing policy export"):
        load_with(model, PolicyTable.read())


def load_with(model, policy):
    from complaint_typing.advisor import Advisor

    return Advisor(model, policy)


def test_draft_rows_have_a_person_read_what_is_new(model, tmp_path):
    names = [path.name for path in draft_policy(model, tmp_path / "policy")]
    assert names == ["policy.csv", "risk_rules.csv", "playbook.csv", "taxonomy.csv"]
    policy = PolicyTable.read(tmp_path / "policy")
    new = [rule for rule in policy.rules if rule.conditions["customer_type"] == ("new_theme",)]
    assert [rule.rule_id for rule in new] == [f"P-NEW_THEME-0{i}" for i in (1, 2, 3, 4)]
    assert all(rule.requires_human for rule in new)
    assert policy.taxonomy == OWN
    sure = replace(model, thresholds=Thresholds(0.0, 0.0, 1.1), signal_thresholds=(0.0,) * 8)
    advice = load_with(sure, policy).advise(text="北边能装个充电桩吗，充电桩太少", lang="zh")
    assert (advice.customer_type, advice.requires_human) == ("new_theme", True)
    assert "viral" in advice.risk_signals
    assert "上热搜：答复前请负责人先看。" in advice.next_step
    for rule in PolicyTable.read().rules:
        assert rule in policy.rules


def test_a_draft_of_a_shipped_model_is_the_shipped_policy(tmp_path):
    draft_policy(load_model(data_path("model")), tmp_path / "policy")
    assert PolicyTable.read(tmp_path / "policy").version == PolicyTable.read().version
    assert not (tmp_path / "policy" / "taxonomy.csv").exists()
    with pytest.raises(TargetExists, match="already there and left as it is"):
        draft_policy(load_model(data_path("model")), tmp_path / "policy")


def test_a_draft_goes_on_from_a_policy_of_ones_own(model, tmp_path):
    draft_policy(replace(model, types=(*model.types[:-1], "other"), info={}), tmp_path / "one")
    draft_policy(model, tmp_path / "two", PolicyTable.read(tmp_path / "one"))
    both = PolicyTable.read(tmp_path / "two")
    assert {"other", "new_theme"} <= set(both.taxonomy.types)


def test_modes_of_ones_own_are_answered_as_emotional_ones_and_a_person_reads_them(model, tmp_path):
    modes = tuple("calm" if mode == "rational" else mode for mode in model.modes)
    draft_policy(replace(model, modes=modes), tmp_path / "policy")
    policy = PolicyTable.read(tmp_path / "policy")
    assert policy.taxonomy.modes == (*SHIPPED.modes, "calm")
    rows = {
        mode: policy.row_of[:, policy.taxonomy.modes.index(mode)].ravel() for mode in ("calm", "emotional")
    }
    for pair in set(zip(rows["calm"].tolist(), rows["emotional"].tolist(), strict=True)):
        calm, like = (policy.rules[row] for row in pair)
        assert (calm.strategy_id, calm.next_step_en) == (like.strategy_id, like.next_step_en)
        assert calm == like or calm.requires_human
    new = [rule for rule in policy.rules if rule.conditions["emotional_mode"] == ("calm",)]
    assert len(new) > 30
    assert all((rule.requires_human, rule.source) == (True, "draft") for rule in new)
    texts = pd.DataFrame({"text": ["东边的充电桩在哪里", "你们就是骗子", "please refund me"] * 4})
    scored = load_with(replace(model, modes=("calm",) * 3), policy).score(texts)
    assert set(scored["emotional_mode"]) == {"calm"}


def test_a_policy_without_the_mode_emotional_lends_its_last_one(model, tmp_path):
    draft_policy(replace(model, modes=("calm", "loud", "cold")), tmp_path / "one")
    folder = tmp_path / "one"
    for name in ("policy.csv", "taxonomy.csv"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert "emotional" in text
        (folder / name).write_text(
            text.replace("emotional", "heated").replace("heated_mode", "emotional_mode")
        )
    draft_policy(replace(model, modes=("shy",)), tmp_path / "two", PolicyTable.read(folder))
    policy = PolicyTable.read(tmp_path / "two")
    last = policy.taxonomy.modes[-2]
    assert last == "cold"
    shy, cold = policy.row_of[:, -1].ravel(), policy.row_of[:, -2].ravel()
    pairs = set(zip(shy.tolist(), cold.tolist(), strict=True))
    assert all(policy.rules[one].strategy_id == policy.rules[other].strategy_id for one, other in pairs)


def test_a_policy_with_a_taxonomy_of_its_own_is_copied_whole(tmp_path, model):
    draft_policy(model, tmp_path / "one")
    PolicyTable.read(tmp_path / "one").export(tmp_path / "two")
    assert PolicyTable.read(tmp_path / "two").version == PolicyTable.read(tmp_path / "one").version


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("customer_type", "new_them", "labels, row 1, column customer_type: .*perhaps new_theme"),
        ("emotional_mode", "calm", "labels, row 1, column emotional_mode: not a term of the taxonomy"),
        ("risk_signals", "virl", "labels, row 1, column risk_signals: .*perhaps viral"),
    ],
)
def test_labels_that_the_taxonomy_lacks_are_told(labelled, column, value, message):
    table = labelled.copy()
    table.loc[0, column] = value
    with pytest.raises(BadLabels, match=message):
        CustomerTypeClassifier(taxonomy=OWN).fit(
            table,
            table["customer_type"],
            modes=table["emotional_mode"],
            signals=[{cell} - {""} for cell in table["risk_signals"]],
        )


def test_entirely_other_types_need_no_abuser(tmp_path):
    said = {"wants_tea": "a cup of tea", "wants_cake": "a piece of cake", "wants_quiet": "less noise please"}
    types = sorted(said) * 6
    texts = [f"{said[name]} {chr(97 + i) * 3}" for i, name in enumerate(types)]
    own = Taxonomy(
        (
            *(Term("type", name, name, name, "想要。", "A wish.", "ours") for name in said),
            *(term for term in SHIPPED.terms if term.kind != "type"),
        )
    )
    write_taxonomy(tmp_path / "taxonomy.csv", own)
    fitted = CustomerTypeClassifier(min_groups=1, n_folds=2, taxonomy=tmp_path / "taxonomy.csv")
    model = save_model(fitted.fit(texts, types).model_, tmp_path / "model")
    assert not len(model.gated_places)
    draft_policy(model, tmp_path / "policy")
    scored = load(tmp_path / "model", tmp_path / "policy").score(pd.DataFrame({"text": texts}), proba=True)
    assert scored["top_type"].tolist() == types
    assert np.allclose(scored[[f"p_{name}" for name in said]].sum(axis=1), 1, atol=1e-5)


def test_the_command_line_goes_the_whole_way(labelled, tmp_path):
    write_taxonomy(tmp_path / "terms.csv", OWN)
    labelled.to_csv(tmp_path / "labelled.csv", index=False)

    def run(*arguments: object) -> str:
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output
        return result.output

    data, model, policy = tmp_path / "labelled.csv", tmp_path / "model", tmp_path / "policy"
    run("train", data, "-o", model, "--taxonomy", tmp_path / "terms.csv", "--quiet")
    assert "充电桩" in run("model", "show", model, "--lang", "zh")
    assert "policy.csv" in run("policy", "export", policy, "--model", model)
    assert '"accuracy"' in run("evaluate", data, "--model", model, "--json")
    run("score", data, "-o", tmp_path / "scored.csv", "--model", model, "--policy", policy, "--quiet")
    scored = read_scored(tmp_path / "scored.csv")
    theme = scored[labelled["customer_type"] == "new_theme"]
    assert (theme["top_type"] == "new_theme").mean() > 0.8
    assert "new_theme" in run(
        "advise", "装个充电桩", "--model", model, "--policy", policy, "--format", "json"
    )
