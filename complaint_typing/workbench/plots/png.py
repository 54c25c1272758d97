"""PNG images packed tighter: the renderer of charts writes them fast and three times as large."""

from __future__ import annotations

import struct
import zlib

_HEAD = b"\x89PNG\r\n\x1a\n"


def packed(image: bytes) -> bytes:
    """The same picture, its pixels compressed as far as zlib can.

    Parameters
    ----------
    image : bytes
        A PNG file (ISO/IEC 15948); anything else comes back as it is.

    >>> packed(b"no picture")
    b'no picture'
    """
    if not image.startswith(_HEAD):
        return image
    chunks, place = [], len(_HEAD)
    while place < len(image):
        (length,) = struct.unpack(">I", image[place : place + 4])
        chunks.append((image[place + 4 : place + 8], image[place + 8 : place + 8 + length]))
        place += length + 12
    pixels = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    before = [chunk for chunk in chunks if chunk[0] not in (b"IDAT", b"IEND")]
    return _HEAD + b"".join(
        _chunk(name, body) for name, body in (*before, (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
