"""Plain words of danger to life are reported whatever the model makes of them; idioms are not."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from complaint_typing import load
from complaint_typing.cue_search import held_cues
from complaint_typing.folding import fold_texts
from complaint_typing.labels import read_labelled
from complaint_typing.plain_danger import SIGNAL, in_danger, tells_danger
from complaint_typing.resources import data_path
from complaint_typing.signal_cues import cue_text, danger_cues
from complaint_typing.spoken import one_of
from complaint_typing.taxonomy import read_taxonomy

PLAIN = (
    "再不给我处理，我就从你们楼上跳下去。",
    "你们不退钱我就不活了，我今天就死在你们大厅。",
    "再不處理我就從頂樓跳下去。",
    "我真的不想活了，遺書都寫好了。",
    "欠債還不起，我只能一死了之。",
    "我要喝药水自杀",
    "我真的要跳楼了哈哈哈哈反正没人在乎",
    "明天我带把刀去你们营业厅，看谁还敢笑。",
    "我知道你家住哪，你下班小心点。",
    "我要一把火烧了你们的店。",
    "電梯困住三個人，其中一個孕婦，快派人來！",
    "厨房里一股煤气味，阀门关不上，你们热线一直占线。",
    "插座冒煙了，我家只有小孩在家。",
    "I will end it all, you have ruined me.",
    "I can't go on like this, I just want to die.",
    "I have taken all my tablets because of this debt.",
    "I will come down there with a knife tomorrow.",
    "I know where you live, watch your back.",
    "There is smoke coming out of the socket and my kids are upstairs.",
    "The gas smell is getting stronger and nobody is answering.",
    "My mum is trapped in your lift and she is diabetic.",
)
ALIKE = (
    "跳楼价大甩卖是骗人的吧",
    "笑死我了这什么客服",
    "气死了，等了三小时",
    "买的水果刀少了一把",
    "菜刀买回来是钝的，帮我换一把",
    "煤气费多收了，请查",
    "热水器打不着火",
    "热水器点不着火，孩子洗不了澡",
    "检查前要喝药水，没写隔多久",
    "打死他们都不承认",
    "问个毛毯像要她的命",
    "等他下班去拿快递",
    "小心点开箱，玻璃易碎",
    "把他们的货全砍了价",
    "我在桥上堵了两小时，下次再也不走这条路",
    "I nearly died laughing at your reply",
    "It would not kill you to answer",
    "I would kill for a decent coffee here",
    "My fire stick is not working",
    "I jumped ship to another provider",
    "My son is stuck in level 3 of your game",
)


@pytest.fixture(scope="module")
def advisor():
    return load()


@pytest.mark.parametrize("text", PLAIN)
def test_plain_danger_calls_a_person_at_once(advisor, text):
    advice = advisor.advise(text=text)
    assert SIGNAL in advice.risk_signals
    assert (advice.requires_human, advice.follow_up_days) == (True, 0)
    assert one_of(advice.language, "今天就回访", "Follow up today") in advice.render()


@pytest.mark.parametrize("text", ALIKE)
def test_what_only_sounds_alike_is_no_danger(text):
    assert not tells_danger(text)


def test_a_table_and_one_ticket_agree(advisor):
    texts = [*PLAIN, *ALIKE]
    table = advisor.score(pd.DataFrame({"text": texts}))["risk_signals"].tolist()
    assert table == [";".join(advisor.advise(text=text).risk_signals) for text in texts]


def test_every_phrase_stands_behind_one_of_its_keys(advisor):
    held = held_cues(advisor.model.signals, fold_texts(PLAIN)).danger
    assert in_danger(PLAIN, held).all()
    searched = [[bool(re.search(c.pattern, cue_text(t))) for c in danger_cues()] for t in (*PLAIN, *ALIKE)]
    assert searched == [[c.found_in(cue_text(t)) for c in danger_cues()] for t in (*PLAIN, *ALIKE)]


def test_hardly_a_ticket_of_the_labelled_ones_is_called_dangerous_wrongly():
    tickets = read_labelled([data_path("training"), data_path("held_out")], read_taxonomy())
    told = np.array([tells_danger(text) for text in tickets["text"]])
    labelled = tickets["risk_signals"].str.split(";").map(lambda names: SIGNAL in names).to_numpy()
    assert told.sum() >= 10
    assert labelled[told].mean() >= 0.9
