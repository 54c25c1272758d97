"""Options that several commands share, and how results are printed for people and programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial, wraps
from locale import LC_CTYPE, setlocale
from typing import Any

import click
from rich.console import Console

from .errors import BadOption
from .spoken import CHINESE, ENGLISH, SPOKEN

Options = dict[str, Callable[[Callable[..., Any]], Any]]
_OF_EXPORTS: Options = {
    "mapping": click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="COLUMN=HEADER",
        help="Say which header holds a column; repeatable.",
    ),
    "encoding": click.option("--encoding", default="auto", show_default=True, help="Encoding of the file."),
    "tz": click.option("--tz", default="UTC", show_default=True, help="Time zone of times that name none."),
    "date_order": click.option(
        "--date-order",
        type=click.Choice(["dmy", "mdy"]),
        help="Whether days or months come first in 03/04/2026.",
    ),
    "sheet": click.option("--sheet", help="Which sheet of a workbook."),
}
_OF_SCORED_FILES: Options = {
    "mapping": _OF_EXPORTS["mapping"],
    "tz": click.option(
        "--tz", default="UTC", show_default=True, help="Time zone of times that name none, and of days."
    ),
    "date_order": _OF_EXPORTS["date_order"],
}
_OF_EARLIER_EXPORTS: Options = {
    "history": click.option(
        "--history",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False),
        help="An earlier export of these customers; repeatable.",
    ),
    "history_mapping": click.option(
        "--history-map",
        "history_mapping",
        multiple=True,
        metavar="COLUMN=HEADER",
        callback=lambda ctx, option, given: pairs(given, "--history-map") or None,
        help="--map for the earlier exports; default: --map, as far as they have such headers.",
    ),
}
_OF_ONE_CUSTOMER: Options = {
    "history": click.option(
        "--history", type=click.Path(exists=True, dir_okay=False), help="The customer's earlier tickets."
    ),
    "customer": click.option(
        "--customer", help="Customer id: only this customer's rows of the history count."
    ),
    "created_at": click.option("--at", "created_at", help="When the ticket was written; default: now."),
}

LANG = click.option("--lang", type=click.Choice(SPOKEN), help="Language of texts; default: the ticket's own.")
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
TODAY = click.option(
    "--today", metavar="DATE", help="What is due before it is overdue; default: the real day."
)
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

SHIPPED = ("shipped", "-")
"""What the model or the policy that ships is called where a folder is named."""
_ENVIRONMENT = ("LC_ALL", "LC_MESSAGES", "LANG")
Reading = dict[str, Any]
"""How files are to be read: `mapping`, `tz`, `date_order`; exports also `encoding`, `sheet`."""


def language(lang: str | None) -> str:
    """The language of messages, `zh` or `en`: the one given, else that of the environment.

    The environment is read in the order of POSIX; where it is silent, as on Windows, the character locale.
    """
    said = lang or next(filter(None, map(os.environ.get, _ENVIRONMENT)), None) or setlocale(LC_CTYPE)
    return CHINESE if said.lower().startswith(("zh", "chinese")) else ENGLISH


def _read_as(options: Options, command: Callable[..., Any]) -> Any:
    @wraps(command)
    def wrapped(*arguments: Any, **given: Any) -> Any:
        reading = {name: given.pop(name) for name in options}
        reading["mapping"] = pairs(reading["mapping"])
        return command(*arguments, reading=reading, **given)

    return _with(options, wrapped)


def _with(options: Options, command: Callable[..., Any]) -> Any:
    for option in reversed(options.values()):
        command = option(command)
    return command


reading_options = partial(_read_as, _OF_EXPORTS)
"""Gives a command --map, --encoding, --tz, --date-order and --sheet; it takes them as one `reading`."""
scored_options = partial(_read_as, _OF_SCORED_FILES)
"""The same for a command on a scored file: --map, --tz and --date-order."""
earlier_exports = partial(_with, _OF_EARLIER_EXPORTS)
"""Gives a command --history and --history-map, both repeatable; it takes `history`, `history_mapping`."""
one_customer = partial(_with, _OF_ONE_CUSTOMER)
"""Gives a command on one ticket --history, --customer and --at; it takes the last as `created_at`."""


def pairs(
    given: Sequence[str], name: str = "--map", form: str = "of the form COLUMN=HEADER", remedy: str = ""
) -> dict[str, str]:
    """Options or arguments like ``COLUMN=HEADER`` as a mapping; what to write is said by `remedy`.

    Raises
    ------
    BadValue
        When one is not of that form.

    >>> pairs(["text=正文", "customer_id = 会员号"])
    {'text': '正文', 'customer_id': '会员号'}
    """
    found = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not (key and equals and value):
            raise BadOption(name, pair, form, remedy or f"write it as {name} text=正文")
        found[key.strip()] = value.strip()
    return found


def named_folder(name: str) -> str | None:
    """The folder that an argument names; None for what ships, which is called ``-`` or ``shipped``.

    Raises
    ------
    UsageError
        When there is no such folder.

    >>> named_folder("shipped"), named_folder("-")
    (None, None)
    >>> named_folder("no_such_model")
    Traceback (most recent call last):
        ...
    click.exceptions.UsageError: there is no folder no_such_model; name one, or `shipped`
    """
    if name in SHIPPED:
        return None
    if not os.path.isdir(name):
        raise click.UsageError(f"there is no folder {name}; name one, or `shipped`")
    return name


def plain_console(to_stdout: bool = True, width: int | None = None) -> Console:
    """Where text for people goes as it is; of some width where it is no terminal."""
    wide = width and not (sys.stdout if to_stdout else sys.stderr).isatty()
    return Console(
        stderr=not to_stdout, highlight=False, markup=False, emoji=False, width=width if wide else None
    )


def print_json(content: Any) -> None:
    """Print a result for programs."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
