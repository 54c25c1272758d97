"""Options that several commands share, and how results are printed for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from .errors import BadOption

_OPTIONS = (
    click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="COLUMN=HEADER",
        help="Say which header holds a column; repeatable.",
    ),
    click.option("--encoding", default="auto", show_default=True, help="Encoding of the file."),
    click.option("--tz", default="UTC", show_default=True, help="Time zone of times that name none."),
    click.option(
        "--date-order",
        type=click.Choice(["dmy", "mdy"]),
        help="Whether days or months come first in 03/04/2026.",
    ),
    click.option("--sheet", help="Which sheet of a workbook."),
)

LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language of texts; default: the ticket's own."
)
TABLES_LANG = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    callback=lambda ctx, option, lang: language(lang),
    help="Language; default: that of the environment.",
)
MODEL = click.option("--model", type=click.Path(), help="Model folder; default: the one that ships.")
POLICY = click.option("--policy", type=click.Path(), help="Policy folder; default: the one that ships.")
TAXONOMY = click.option(
    "--taxonomy",
    type=click.Path(exists=True, dir_okay=False),
    help="Table of your own types, modes and signals, as taxonomy.csv of the shipped data.",
)
QUIET = click.option("--quiet", is_flag=True, help="No progress, no summary.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
JOBS = click.option(
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(min=-1),
    callback=lambda ctx, option, jobs: jobs or 1,
    help="Processes; -1 for all cores.",
)
NO_MASK = click.option(
    "--no-mask",
    is_flag=True,
    help="Show personal data as it is, for those who may see it; names are never masked.",
)

Reading = dict[str, Any]
"""How files are to be read: `mapping`, `encoding`, `tz`, `date_order`, `sheet`."""


def language(lang: str | None) -> str:
    """The language of messages: the one given, else that of the environment."""
    return lang or ("zh" if os.environ.get("LANG", "").lower().startswith("zh") else "en")


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --map, --encoding, --tz, --date-order and --sheet; it takes them as one `reading`."""

    @wraps(command)
    def wrapped(*arguments: Any, mapping: Sequence[str], **options: Any) -> Any:
        named = ("encoding", "tz", "date_order", "sheet")
        reading = {"mapping": pairs(mapping), **{name: options.pop(name) for name in named}}
        return command(*arguments, reading=reading, **options)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def pairs(mapping: Sequence[str], option: str = "--map") -> dict[str, str]:
    """``COLUMN=HEADER`` options as a mapping.

    Raises
    ------
    BadValue
        When one is not of that form.

    >>> pairs(["text=正文", "customer_id = 会员号"])
    {'text': '正文', 'customer_id': '会员号'}
    """
    found = {}
    for pair in mapping:
        column, equals, header = pair.partition("=")
        if not (column and equals and header):
            raise BadOption(option, pair, "of the form COLUMN=HEADER", f"write it as {option} text=正文")
        found[column.strip()] = header.strip()
    return found


def print_json(content: Any) -> None:
    """Print a result for programs."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
