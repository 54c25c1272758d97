"""Every step takes time in proportion to size, whatever the text: time(2n) / time(n) for hostile contents.

    python tests/benchmarks/linear_reading.py [--size 1000000] [--only fold mask score advise]

Files are read, and single texts folded, masked, guarded, scored and advised on, at n and 2 n characters in
turns, five rounds; the least processor time of each counts. The last column must not exceed 2.5, where it
takes 10 ms at all; what exceeds it is measured once more over three doublings, which arrays that outgrow a
cache or come with fresh pages do not bend as one doubling (a quadratic step shows 4 there, too). Rows are
accounted for on the way. `--only` chooses by how the names begin.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from clocks import seconds

from complaint_typing import Advisor, load
from complaint_typing.errors import InputError
from complaint_typing.folding import fold_text
from complaint_typing.formula_guard import guard
from complaint_typing.masking import mask
from complaint_typing.ticket_texts import facts_of
from complaint_typing.tickets import TicketFile

HEAD = "ticket_id,text,note\n"
ROUNDS, LIMIT, SHORTEST = 5, 2.5, 0.01
FILES: dict[str, Callable[[int], str]] = {
    "one field": lambda n: HEAD + "1," + "x" * n + ",\n",
    "one quoted field of lines": lambda n: HEAD + '1,"' + "x\r\n" * (n // 3) + '",\n',
    "one field of quotes": lambda n: HEAD + '1,"' + '""' * (n // 2) + '",\n',
    "quotes that close nothing": lambda n: HEAD + '1,"a" b\n' * (n // 8),
    "quotes that never close": lambda n: HEAD + '1,"a\n' * (n // 5),
    "backslashes before quotes": lambda n: HEAD + '1,"' + '\\"' * (n // 2) + '",\n',
    "undoubled quotes in one line": lambda n: HEAD + '1,"' + 'a"b' * (n // 3) + '",\n',
    "delimiters alone": lambda n: HEAD + "," * n + "\n",
    "line ends alone": lambda n: HEAD + "\n" * n,
    "lone carriage returns": lambda n: HEAD + "1,a" + "\r" * n + "b,\n",
    "NULs": lambda n: HEAD + "1," + "\0" * n + ",\n",
    "blank lines and headers": lambda n: HEAD + ("\n" + HEAD) * (n // 21),
    "JSON lines": lambda n: '{"text": "no answer"}\n' * (n // 22),
    "JSON lines that are broken": lambda n: '{"text": "a"}\n' + '{"text": "a\n' * (n // 12),
    "JSON, deep": lambda n: '{"text": "a"}\n{"x": ' + "[" * n + "\n",
    "JSON array": lambda n: "[" + ", ".join(['{"text": "a"}'] * (n // 15)) + "]",
    "JSON array that is broken": lambda n: '[{"text": "a"}, ' + '{"text": ' * (n // 9),
    "dates of every form": lambda n: "text,created at\n" + "a,2024-01-0\n" * (n // 12),
}
HOSTILE = {
    "digits": "1",
    "digits and blanks": "138 ",
    "at signs": "a@",
    "handles": "@a ",
    "links": "http://a.b/",
    "points behind w": "www.",
    "blanks": " ",
    "characters that vanish": "a\u0301\u200b",
    "sentences": "长。",
    "one word": "x",
    "complaints": "退款 please, ",
}


@cache
def advisor() -> Advisor:
    return load()


def score(text: str) -> object:
    """To probabilities; what files and services hand over is shorter, for they cut a text to 20,000."""
    return advisor().model.score([text], facts_of([text]))


def advise(text: str) -> None:
    """A text without a word is refused, which must not take longer."""
    with suppress(InputError):
        advisor().advise(text=text)


STEPS: dict[str, Callable[[str], object]] = {
    "fold": fold_text,
    "mask": mask,
    "guard": guard,
    "score": score,
    "advise": advise,
}


def read(text: str) -> None:
    """Read a file as scoring does."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "export")
        place.write_text(text, encoding="utf-8", newline="")
        try:
            file = TicketFile.open(place)
            counted = sum(len(block.rows) + len(block.quarantined) for block in file.blocks())
        except InputError:
            return
        assert counted == file.report.rows_in


def ratio(
    work: Callable[[str], object], make: Callable[[int], str], n: int, doublings: int = 1
) -> tuple[float, float]:
    """Seconds for n, and how many times that after a doubling, on average over so many."""
    texts = make(n), make(2**doublings * n)
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for i, text in enumerate(texts):
            best[i] = min(best[i], seconds(partial(work, text), time.process_time))
    return best[0], (best[1] / best[0]) ** (1 / doublings)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", default=[""])
    asked = parser.parse_args()
    size, worst = asked.size, 0.0
    print(f"| {size:,} characters of | seconds | time(2n) / time(n) |\n|---|---|---|")
    jobs = [(name, read, make) for name, make in FILES.items()]
    for step, call in STEPS.items():
        for name, unit in HOSTILE.items():
            jobs.append((f"{step}: {name}", call, lambda n, unit=unit: unit * (n // len(unit))))
    jobs = [job for job in jobs if job[0].startswith(tuple(asked.only))]
    for name, work, make in jobs:
        least, times = ratio(work, make, size)
        if times > LIMIT and least >= SHORTEST:
            print(f"| {name}, once | {least:.3f} | {times:.2f} |", flush=True)
            least, times = ratio(work, make, size, doublings=3)
        worst = max(worst, times if least >= SHORTEST else 0.0)
        print(f"| {name} | {least:.3f} | {times:.2f} |", flush=True)
    print(f"worst: {worst:.2f} (at most {LIMIT})")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
