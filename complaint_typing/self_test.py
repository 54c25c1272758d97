"""A few texts with what a model made of them where it was trained, to be tried again where it is used."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from .array_files import read_bytes
from .errors import ArtifactError
from .model import Model
from .ticket_texts import facts_of

SELF_TEST = "self_test.json"
TOLERANCE = 1e-5
_LARGEST = 1 << 18
_TEXTS = (
    "麻烦尽快修好，把多收的钱退给我。",
    "总得补偿我一点吧，送两个月话费也行。",
    "我不要钱，我要那个柜员当面道歉，请你们经理来。",
    "请问这一项是什么意思，是怎么收的？",
    "建议你们在门口贴个通知，大家就不用白跑一趟了。",
    "真是服了，气死我了！！",
    "請盡快修好，並把多收的錢退回。",
    "Please fix it and refund what I was overcharged.",
    "I want a voucher on top of that for my trouble.",
    "The clerk laughed at me. I want an apology from the manager, in person.",
    "I have written to the regulator and the press, and all my neighbours have signed.",
    "It is quiet here, it is nice to talk to somebody.",
)


def self_test_of(model: Model) -> bytes:
    """The texts and the model's numbers on them, as the file that stands in its folder."""
    content = {"version": model.version, "texts": _TEXTS, "numbers": _numbers(model, _TEXTS)}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def tried_again(model: Model, folder: Path) -> float | None:
    """The largest difference between what the model says now and what was recorded.

    Returns
    -------
    float or None
        None where the folder has no self-test.

    Raises
    ------
    ArtifactError
        When the self-test cannot be read, holds no texts, or is that of another model.
    """
    if not os.path.lexists(folder / SELF_TEST):
        return None
    raw = read_bytes(folder, SELF_TEST, _LARGEST)
    try:
        content = json.loads(raw)
        version, texts = content["version"], [str(text) for text in content["texts"]]
        then = np.array(content["numbers"], dtype=float)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as fault:
        raise ArtifactError(folder, f"{SELF_TEST} cannot be read ({type(fault).__name__})") from None
    if not texts:
        raise ArtifactError(folder, f"{SELF_TEST} holds no texts")
    now = np.array(_numbers(model, texts))
    if version != model.version or then.shape != now.shape:
        raise ArtifactError(folder, f"{SELF_TEST} is that of another model")
    return float(np.nan_to_num(np.abs(now - then), nan=np.inf).max(initial=0.0))


def _numbers(model: Model, texts: Any) -> list[list[float]]:
    """Probabilities of types, modes and signals, and the strangeness; an unknown past."""
    scores = model.score(texts, facts_of(texts))
    numbers = np.concatenate([*scores[:3], scores.strangeness[:, None]], axis=1)
    return [[round(float(p), 7) for p in row] for row in numbers]
