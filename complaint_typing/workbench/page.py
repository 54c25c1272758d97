"""One page for the head of service: a single file that needs no network and answers to a filter."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date, tzinfo
from os import PathLike
from pathlib import Path
from typing import Any

from .. import __version__
from ..atomic import atomic_writer
from ..errors import BadOption, UnreadableInput
from ..resources import data_path
from ..taxonomy import checked_language, read_table
from .care_tickets import Scored, care_tickets
from .followups import as_day
from .page_data import page_data
from .page_font import embedded_font
from .page_groups import FEWEST_CUSTOMERS
from .plots import page as charts
from .plots.style import ACCENT, altair, colours

_SCRIPTS = ("rates.js", "cubes.js", "days.js", "page.js")
_HTML_LANG = {"zh": "zh-Hans", "en": "en"}
_MARKS = "\u2028\u2029"


def write_page(
    scored: Scored,
    target: str | PathLike[str],
    today: str | date,
    lang: str = "zh",
    **options: Any,
) -> Path:
    """Write the page of a scored file.

    Parameters
    ----------
    scored, today, lang, **options
        See :func:`page`, and for what it raises.
    target : path
        The HTML file to be; it takes its name when it is whole.

    Raises
    ------
    BadOption
        When the target is the scored file itself.

    >>> write_page("scored.csv", "scored.csv", "2026-01-31")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.BadOption: target: not another file than the scored one, got ...
    """
    if isinstance(scored, (str, PathLike)) and Path(scored).resolve() == Path(target).resolve():
        remedy = "choose another name, such as report.html"
        raise BadOption("target", Path(target).name, "another file than the scored one", remedy)
    text = page(scored, today, lang, **options)
    with atomic_writer(target) as file:
        file.write(text.encode("utf-8"))
    return Path(target)


def page(
    scored: Scored,
    today: str | date,
    lang: str = "zh",
    *,
    policy: str | Path | None = None,
    mapping: Mapping[str, str] | None = None,
    tz: str | tzinfo = "UTC",
    date_order: str | None = None,
) -> str:
    """The page of a scored file as HTML.

    It holds counts, no rows, and its scripts are named by their digests: no other script runs in it, and
    nothing is fetched.

    Parameters
    ----------
    scored : DataFrame, path or CareTickets
        As :func:`~complaint_typing.scored.read_scored` returns it, or the file itself.
    today : str or date
        Of the page; follow-ups due before it are overdue.
    lang : {"zh", "en"}, default "zh"
    policy : path, optional
        Folder with the playbook; what ships by default.
    mapping, tz, date_order
        See :func:`~complaint_typing.workbench.care_tickets.care_tickets`.

    Raises
    ------
    MissingScoredColumns
        When the file is not scored.
    UnreadableInput
        When it is no scored file or has no rows.
    BadOption
        When an argument is none of those allowed.
    MissingExtra
        When the extra ``workbench`` is not installed.

    >>> import pandas as pd
    >>> page(pd.DataFrame({"text": []}), "2026-01-31")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.UnreadableInput: scored tickets: there are no rows; ...
    """
    altair()
    day, lang = as_day(today).date(), checked_language(lang)
    tickets = care_tickets(scored, mapping, tz, date_order)
    if not len(tickets.table):
        name = scored if isinstance(scored, (str, PathLike)) else "scored tickets"
        raise UnreadableInput(name, "there are no rows", "score an export that has some")
    made = page_data(tickets, day, lang, policy)
    made["whole"]["quarantined"] = _quarantined(scored)
    texts = page_texts(lang)
    made |= {"lang": lang, "today": str(day), "texts": texts, "fewest": FEWEST_CUSTOMERS, "accent": ACCENT}
    made |= _looks(made, texts, lang)
    return _rendered(made, texts, lang)


def page_texts(lang: str) -> dict[str, str]:
    """Every sentence of the page in one language, by its id.

    >>> page_texts("zh")["types"]
    '来的是哪些客户'
    """
    table = read_table(data_path("report/strings.csv"), ("id", *_HTML_LANG))
    return {row["id"]: row[lang] for _, row in table}


def _looks(made: Mapping[str, Any], texts: Mapping[str, str], lang: str) -> dict[str, Any]:
    """Colours of the types, and charts without their data."""
    alt = altair()
    later = alt.NamedData(name="later")
    of_types = list(colours(made["types"]).values())
    names = [
        texts.get(n, n) if i in made["pooled"]["type"] else n for i, n in enumerate(made["names"]["type"])
    ]
    due = {"due_overdue": "#c8702b", "due_today": "#23272e", "due_upcoming": ACCENT}
    specs = {
        "bars": charts.share_bars(later, lang),
        "trend": charts.stacked_periods(later, dict(zip(names, of_types, strict=True)), lang),
        "attacks": charts.stacked_periods(later, {texts["attacks"]: "#7d8fa3"}, lang),
        "rates": charts.rates_with_intervals(later, lang),
        "due": charts.day_bars(later, {texts[id]: colour for id, colour in due.items()}, lang),
    }
    return {"colours": of_types, "specs": {name: _spec(chart) for name, chart in specs.items()}}


def _spec(chart: Any) -> dict[str, Any]:
    """A chart as data; its heading stands in the page, where it can be read aloud and wrapped."""
    spec: dict[str, Any] = chart.to_dict()
    del spec["title"]
    return spec


def _quarantined(scored: Scored) -> int:
    """Rows that scoring put aside, from the manifest beside the file; 0 where there is none of this file."""
    if not isinstance(scored, (str, PathLike)):
        return 0
    try:
        manifest = json.loads(Path(f"{Path(scored)}.manifest.json").read_text(encoding="utf-8"))
        same = manifest["output"]["bytes"] == Path(scored).stat().st_size
        return int(manifest["result"]["rows_quarantined"]) if same else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _rendered(made: Mapping[str, Any], texts: Mapping[str, str], lang: str) -> str:
    import vl_convert
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = data_path("report")
    own = [(folder / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    bundle: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    scripts = [script.replace("\r\n", "\n") for script in (bundle, *own)]
    made_on = texts["made_on"].format(day=made["today"])
    shown = json.dumps(made, ensure_ascii=False) + made_on + "".join(own)
    style = embedded_font(shown) + (folder / "style.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        t=texts,
        html_lang=_HTML_LANG[lang],
        policy=_content_policy(scripts),
        style=Markup(style),
        data=Markup(_script_safe(made)),
        scripts=[Markup(script) for script in scripts],
        made_on=made_on,
        version=__version__,
    )


def _content_policy(scripts: list[str]) -> str:
    """What a browser lets the page do: run these scripts, and fetch nothing."""
    digests = (base64.b64encode(hashlib.sha256(s.encode("utf-8")).digest()).decode() for s in scripts)
    run = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'unsafe-eval' {run}; style-src 'unsafe-inline'; font-src data:; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _script_safe(content: Mapping[str, Any]) -> str:
    """JSON that ends no script and starts no comment, whatever a name holds.

    >>> _script_safe({"branch": "</script><!--"})
    '{"branch":"\\\\u003c/script>\\\\u003c!--"}'
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for mark in ("<", *_MARKS):
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
