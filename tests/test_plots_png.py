"""Packed pictures show the same pixels in fewer bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from complaint_typing.workbench.plots import style
from complaint_typing.workbench.plots.png import packed


def _chunks(image: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 8
    while place < len(image):
        (length,) = struct.unpack(">I", image[place : place + 4])
        name, body = image[place + 4 : place + 8], image[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", image[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(name + body)
        found.append((name, body))
        place += length + 12
    return found


def _pixels(image: bytes) -> bytes:
    return zlib.decompress(b"".join(body for name, body in _chunks(image) if name == b"IDAT"))


def test_a_chart_keeps_its_pixels_and_loses_bytes(tmp_path: Path) -> None:
    alt = style.altair()
    values = [{"n": n, "name": name} for n, name in enumerate(("渴望尊重", "物质补偿", "Venting"))]
    chart = style.finished(alt.Chart({"values": values}).mark_bar().encode(x="n:Q", y="name:N"), "题")
    style.save_chart(chart, tmp_path / "chart.png")
    image = (tmp_path / "chart.png").read_bytes()
    smaller = packed(image)
    assert _pixels(smaller) == _pixels(image)
    assert _chunks(smaller)[0] == _chunks(image)[0]
    assert len(smaller) < len(image) / 1.5
    assert packed(smaller) == smaller


def test_notebooks_show_packed_pictures() -> None:
    alt = style.altair()
    chart = style.finished(alt.Chart({"values": [{"n": 1}]}).mark_bar().encode(x="n:Q"), "一")
    with alt.renderers.enable("default"):
        style.in_notebook()
        image = chart._repr_mimebundle_(None, None)["image/png"]
        assert packed(image) == image
