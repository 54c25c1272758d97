"""The command `report`: one page about a scored file, for the head of service."""

from __future__ import annotations

from datetime import datetime

import click

from .cli_options import POLICY, QUIET, TABLES_LANG, TODAY, Reading, scored_options
from .cli_show import waiting


@click.command("report")
@click.argument("scored", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", "target", required=True, type=click.Path(), help="The HTML file to write.")
@TABLES_LANG
@TODAY
@POLICY
@scored_options
@QUIET
def report_command(
    scored: str,
    target: str,
    lang: str,
    today: str | None,
    policy: str | None,
    reading: Reading,
    quiet: bool,
) -> None:
    """Write one page about a SCORED file: who complains, the trend, causes and places, what is due.

    A single HTML file for a browser: it needs no network, is filtered by period, branch and channel, prints
    on A4, and holds counts only, no text and no id of anybody.

    \b
    Examples:
      complaint-typing report scored.csv -o report.html
      complaint-typing report scored.xlsx -o report.html --lang zh --tz Asia/Shanghai
      complaint-typing report scored.parquet -o june.html --today 2025-06-30 --map branch=门店
    """
    from .times import zone_of
    from .workbench.page import write_page

    with waiting("report", quiet):
        day = today or datetime.now(zone_of(reading["tz"])).date()
        path = write_page(
            scored,
            target,
            day,
            lang,
            policy=policy,
            **reading,
        )
    if not quiet:
        click.echo(str(path))
