"""The command `score`: a file scored, stopped in good order, continued."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from . import cli_batch
from .batch_errors import ScoringStopped, UnfinishedWork
from .cli_options import (
    JOBS,
    JSON,
    LANG,
    MODEL,
    NO_MASK,
    POLICY,
    QUIET,
    Reading,
    earlier_exports,
    print_json,
    reading_options,
)
from .cli_priors import show_priors

ARGUMENTS = "complaint_typing.arguments"
STOPPED = 3


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", "target", required=True, type=click.Path(), help="The scored file.")
@earlier_exports
@MODEL
@POLICY
@reading_options
@click.option("--proba", is_flag=True, help="Append a probability for each type.")
@LANG
@click.option(
    "--no-guard", is_flag=True, help="Leave cells that would start a spreadsheet formula as they are."
)
@click.option("--quarantine", type=click.Path(), help="Where rows go that cannot be read.")
@click.option(
    "--adapt-priors", is_flag=True, help="Adapt to the shares of types seen in this file (docs/priors.md)."
)
@click.option("--adapt-by", metavar="COLUMN", help="The same for each value of COLUMN, for example channel.")
@NO_MASK
@click.option("--resume", is_flag=True, help="Continue a run that was stopped; where there is none, begin.")
@click.option("--restart", is_flag=True, help="Drop what a stopped run left, and begin anew.")
@JOBS
@QUIET
@JSON
@click.pass_context
def score(
    ctx: click.Context,
    source: str,
    target: str,
    reading: Reading,
    no_guard: bool,
    no_mask: bool,
    quiet: bool,
    as_json: bool,
    lang: str | None,
    **options: Any,
) -> None:
    """Type every ticket of an exported file and write it with strategies.

    CSV of any encoding and delimiter, JSON Lines, Excel, Parquet, with any vendor's headers; the scored file
    has the format of its name. Every ticket counts as history for the customer's later ones, whatever the
    order of the rows. What is scored is kept beside the output until all of it is there: a run that was
    stopped or killed is continued with --resume and gives the same file. Beside the output stands its
    manifest. Exit status 1 when rows were quarantined, 3 when stopped and resumable.

    \b
    Examples:
      complaint-typing score export.csv -o scored.csv
      complaint-typing score june.csv -o june_scored.csv --history april.csv --history may.csv --proba
      complaint-typing score export.csv -o scored.csv --map text=正文 --map customer_id=会员号
      complaint-typing score export.xlsx --sheet May -o scored.xlsx
      complaint-typing score big.csv.gz -o scored.parquet --jobs 2 --json > summary.json
      complaint-typing score big.csv.gz -o scored.parquet --jobs 2 --resume
      complaint-typing score reviews.csv -o scored.csv --adapt-by channel
    """
    if options["resume"] and options["restart"]:
        raise click.UsageError("--resume and --restart exclude each other")
    options |= reading
    try:
        with _stoppable(), cli_batch.progress(quiet) as shown:
            from .batch import score_csv  # takes a moment, in which it may be stopped

            summary = score_csv(
                source,
                target,
                guard=not no_guard,
                mask=not no_mask,
                lang=lang,
                progress=shown,
                on_priors=None if quiet else partial(show_priors, lang=lang, to_stdout=False),
                **options,
            )
    except UnfinishedWork as error:
        cli_batch.unfinished(error, _command(ctx, "--resume"), _command(ctx, "--restart"), lang)
        sys.exit(2)
    except (KeyboardInterrupt, ScoringStopped) as error:
        cli_batch.stopped(error, target, _command(ctx, "--resume"), lang)
        sys.exit(STOPPED)
    if as_json:
        print_json(summary.to_dict())
    elif not quiet:
        cli_batch.summary(summary, lang)
    sys.exit(1 if summary.rows_quarantined else 0)


@contextmanager
def _stoppable() -> Iterator[None]:
    """While it lasts, a request to end (SIGTERM, a closed terminal) stops as Ctrl-C does."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _command(ctx: click.Context, flag: str) -> str:
    """The command that was given, with a flag that says how to go on, ready for a shell."""
    given = [word for word in ctx.meta[ARGUMENTS] if word not in ("--resume", "--restart")]
    words = [*_program(), *given, flag]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _program() -> list[str]:
    """How this program was started."""
    started = Path(sys.argv[0])
    if started.name == "__main__.py":
        return [sys.executable, "-m", "complaint_typing"]
    found = shutil.which(started.name)
    return [started.name if found and Path(found).resolve() == started.resolve() else sys.argv[0]]
