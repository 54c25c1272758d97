"""One look for all charts, with colours for types and a font that has Chinese on every machine."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from ...errors import MissingExtra
from ...resources import data_path
from ..page_font import embedded_font
from .png import packed

FONT = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
COLOURS = {
    "resolution_seeking": "#2f6f9f",
    "compensation_seeking": "#e08e2b",
    "respect_seeking": "#8d5fa8",
    "high_energy": "#c8453c",
    "repeat_abuser": "#6b2b2b",
    "clarification_seeking": "#3fa7a0",
    "companionship_seeking": "#d98bb0",
    "venting": "#b59a2e",
    "improvement_seeking": "#5d9c45",
    "undetermined": "#a9adb3",
    "unfamiliar": "#4d525a",
}
SPARE_COLOURS = ("#1b9aaa", "#ef6f6c", "#7a9e7e", "#f2c14e", "#465775", "#9b5de5")
_SHARPNESS = 1.5
_NUMBERS = {
    "number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "minus": "-"}
}  # the typographic minus is not in the bundled font
ACCENT, QUIET, ALARM = "#2f6f9f", "#a9adb3", "#c8453c"
WIDTH = 560


@cache
def altair() -> ModuleType:
    """The plotting library, with the bundled font known to its renderer of images.

    Raises
    ------
    MissingExtra
        When the extra ``workbench`` is not installed.

    >>> altair().__name__
    'altair'
    """
    try:
        import altair as alt
        import vl_convert
    except ImportError as missing:
        raise MissingExtra("workbench", (missing.name or "altair").replace("_", "-")) from None
    vl_convert.register_font_directory(str(data_path("fonts")))
    return alt


def in_notebook() -> None:
    """Show charts as images with the bundled font: light, and legible wherever the notebook is opened.

    >>> in_notebook()
    """
    renderers = altair().renderers
    renderers.register("packed_png", _packed_png)
    renderers.enable("packed_png")


def _packed_png(spec: dict[str, Any], **options: Any) -> dict[str, bytes]:
    image = io.BytesIO()
    altair().Chart.from_dict(spec).save(image, format="png", scale_factor=_SHARPNESS)
    return {"image/png": packed(image.getvalue())}


def colours(names: Iterable[str]) -> dict[str, str]:
    """A fixed colour for each type; types of one's own get the spare colours in their order.

    >>> colours(["venting", "my_type"])
    {'venting': '#b59a2e', 'my_type': '#1b9aaa'}
    """
    names = list(names)
    own = [name for name in names if name not in COLOURS]
    return {name: COLOURS.get(name) or SPARE_COLOURS[own.index(name) % len(SPARE_COLOURS)] for name in names}


def finished(chart: Any, title: str, subtitle: str | list[str] = "") -> Any:
    """A chart with its title, in the house's look.

    Parameters
    ----------
    chart : altair chart of any kind
    title : str
        What the reader should see in it.
    subtitle : str or list of str
        Counts, units or a caution, in small type; a list has a line each.

    >>> alt = altair()
    >>> chart = finished(alt.Chart().mark_bar(), "投诉类型", "120 tickets")
    >>> chart.to_dict()["title"]["text"]
    '投诉类型'
    """
    alt = altair()
    params = alt.TitleParams(title, subtitle=subtitle or alt.Undefined, anchor="start", frame="group")
    return (
        chart.properties(title=params)
        .configure(font=FONT, background="white", padding=10, locale=_NUMBERS)
        .configure_view(strokeWidth=0)
        .configure_title(fontSize=15, subtitleFontSize=12, subtitleColor="#666", offset=12)
        .configure_axis(
            gridColor="#eee", domainColor="#bbb", tickColor="#bbb", labelLimit=260, titleColor="#555"
        )
        .configure_legend(labelLimit=260, titleColor="#555")
    )


def empty_chart(title: str, why: str) -> Any:
    """A chart of nothing, which says why.

    >>> empty_chart("Who came back?", "too few tickets").to_dict()["mark"]["text"]
    'too few tickets'
    """
    alt = altair()
    mark = alt.Chart(alt.Data(values=[{}])).mark_text(text=why, align="left", fontSize=13, color="#666", x=0)
    return finished(mark.properties(width=640, height=30), title)


def save_chart(chart: Any, path: str | Path) -> None:
    """Write a chart as ``.html`` (one file with its font, no network), ``.svg`` or ``.png``.

    Raises
    ------
    MissingExtra
        When the extra ``workbench`` is not installed.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "chart.svg"
    >>> save_chart(finished(altair().Chart({"values": [{"n": 1}]}).mark_bar().encode(x="n:Q"), "一"), path)
    >>> "</svg>" in path.read_text(encoding="utf-8")
    True
    """
    if Path(path).suffix != ".html":
        chart.save(str(path))
        return
    page = chart.to_html(inline=True, embed_options={"renderer": "svg"})
    style = f"<style>{embedded_font(chart.to_json(ensure_ascii=False))}</style>"
    Path(path).write_text(page.replace("</head>", style + "</head>", 1), encoding="utf-8")
