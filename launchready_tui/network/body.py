"""A response's body as text, whatever the server claims about it.

`charset=zlib` or `charset=idna` must not choose a codec of ours, so charsets come from an
allow-list. Compression was not asked for; where a server compresses all the same, at most the
body limit is unpacked.
"""

from __future__ import annotations

import re
import zlib

from launchready_tui.model import Record
from launchready_tui.text import safe

_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",  # as browsers read it (WHATWG Encoding)
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "iso-8859-2": "iso-8859-2",
    "shift_jis": "shift_jis",
    "euc-jp": "euc-jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_WITHOUT_TEXT = ("image/", "video/", "audio/", "font/")


class Body(Record, frozen=True, kw_only=True):
    """A body as safe text with `\\n` line ends; `remark` says why it is missing, if it is."""

    text: str = ""
    truncated: bool = False
    remark: str = ""


def decoded(raw: bytes, content_type: str, content_encoding: str, limit: int) -> Body:
    """Turn a body into text. Never raises.

    Args:
        raw: The bytes as they came, at most the limit.
        content_type: The header's value; pictures, sound and fonts are not turned into text.
        content_encoding: The header's value.
        limit: The most bytes to unpack.
    """
    if content_type.strip().lower().startswith(_WITHOUT_TEXT):
        return Body()
    coding = content_encoding.strip().lower()
    truncated = False
    if coding not in ("", "identity"):
        unpacked = _unpacked(raw, coding, limit)
        if unpacked is None:
            shown = safe(coding, one_line=True, limit=40)
            return Body(remark=f"the body came compressed ({shown}), which was not asked for")
        raw, truncated = unpacked
    match = _CHARSET.search(content_type)
    codec = _CHARSETS.get(match[1].lower() if match else "utf-8", "utf-8")
    text = raw.removeprefix(b"\xef\xbb\xbf").decode(codec, "replace")
    text = safe(text.replace("\r\n", "\n").replace("\r", "\n"), limit=limit)
    return Body(text=text, truncated=truncated)


def _unpacked(raw: bytes, coding: str, limit: int) -> tuple[bytes, bool] | None:
    """One layer of gzip or deflate unpacked up to the limit, and whether there was more."""
    if coding not in ("gzip", "x-gzip", "deflate"):
        return None
    unpacker = zlib.decompressobj(47)
    try:
        unpacked = unpacker.decompress(raw, limit)
    except zlib.error:
        return None
    return unpacked, bool(unpacker.unconsumed_tail)
