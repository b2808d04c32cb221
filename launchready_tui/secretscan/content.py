"""Content as blocks of bounded size: files, members of archives, versions from a history.

UTF-16 is told by its mark or its zeros and read as UTF-8; archives are opened within limits, in
memory and never onto the disk. Whatever is left out is told to the `Leftovers`.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

BLOCK = 8 * 1024 * 1024
OVERLAP = 64 * 1024
"""What two blocks share, so that nothing is cut in half at a border."""
MOST_FILE = 2 * 1024**3
MOST_PACKED = 1024**3
"""Of a packed log, whose packed size says nothing about what is in it."""
MOST_MEMBER = 64 * 1024**2
MOST_ARCHIVE = 256 * 1024**2
MOST_MEMBERS = 5_000
MOST_NESTED = 32 * 1024**2
DEPTH = 2
_HEAD = 4_096
_PIECE = 256 * 1024
_BROKEN = (OSError, EOFError, ValueError, zlib.error, tarfile.TarError, zipfile.BadZipFile,
           RuntimeError, NotImplementedError, KeyError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A part of one content. `lines` stand before it, `seen` bytes were in the block before."""

    path: str
    content: bytes
    lines: int = 0
    seen: int = 0
    binary: bool = False


@dataclass(slots=True)
class Leftovers:
    """What was not looked at, by reason, with the first name of each."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, why: str, path: str) -> None:
        self.counts[why] += 1
        self.first.setdefault(why, path)

    @property
    def told(self) -> tuple[str, ...]:
        from launchready_tui.facts.walk import shown

        return tuple(
            f"{shown(self.first[why])}{f' and {count - 1} more' if count > 1 else ''}: {why}"
            for why, count in sorted(self.counts.items())
        )


def blocks(path: str, stream: IO[bytes], left: Leftovers, depth: int = 0) -> Iterator[Block]:
    """The blocks of a content, and of what it holds where it is an archive."""
    try:
        head = stream.read(_HEAD)
    except OSError:
        left.add("it cannot be read", path)
        return
    opened = _opener(head) if depth < DEPTH else None
    if opened is None:
        yield from _text_or_binary(path, head, stream, left)
        return
    if depth == 0 and stream.seekable():
        stream.seek(0)
        whole: IO[bytes] = stream
    else:
        content = head + stream.read(MOST_NESTED)
        if len(content) > MOST_NESTED:
            left.add("an archive too large to be opened here", path)
            return
        whole = io.BytesIO(content)
    try:
        yield from opened(path, whole, left, depth + 1)
    except _BROKEN:
        left.add("an archive that cannot be opened", path)


def of_bytes(path: str, content: bytes, left: Leftovers) -> Iterator[Block]:
    return blocks(path, io.BytesIO(content), left)


# ---------------------------------------------------------------- text


def _text_or_binary(
    path: str, head: bytes, stream: IO[bytes], left: Leftovers, most: int = MOST_FILE
) -> Iterator[Block]:
    coding = _coding(head)
    binary = coding is None and b"\0" in head
    decoder = codecs.getincrementaldecoder(coding)("replace") if coding else None
    kept, lines, total = b"", 0, 0
    raw = head
    ended = False
    while not ended:
        raw, ended = _filled(raw, stream, left, path)
        total += len(raw)
        if not raw:
            return
        plain = decoder.decode(raw).encode("utf-8", "replace") if decoder else raw
        yield Block(path, kept + plain, lines, len(kept), binary)
        whole = kept + plain
        kept = whole[-OVERLAP:] if len(raw) == BLOCK else b""
        lines += whole.count(b"\n", 0, len(whole) - len(kept))
        if total >= most and not ended:
            left.add(f"only its first {most // 1024**3} GiB were read", path)
            return
        raw = b""


def _filled(raw: bytes, stream: IO[bytes], left: Leftovers, path: str) -> tuple[bytes, bool]:
    """A block, and whether it is the last: of a broken stream, all that comes before the break."""
    read = getattr(stream, "read1", stream.read)
    pieces, size = [raw], len(raw)
    while size < BLOCK:
        try:
            more = read(min(_PIECE, BLOCK - size))
        except _BROKEN:
            left.add("it could be read in part only", path)
            return b"".join(pieces), True
        if not more:
            return b"".join(pieces), True
        pieces.append(more)
        size += len(more)
    return b"".join(pieces), False


def _coding(head: bytes) -> str | None:
    """UTF-16 by its mark, or by every other byte being zero."""
    if head[:2] == b"\xff\xfe" and head[2:4] != b"\0\0":
        return "utf-16"
    if head[:2] == b"\xfe\xff":
        return "utf-16"
    if len(head) < 16 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


# ---------------------------------------------------------------- archives


_Opener = Callable[[str, IO[bytes], Leftovers, int], Iterator[Block]]


def _opener(head: bytes) -> _Opener | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip
    if head.startswith((b"\x1f\x8b", b"BZh")):
        return _packed
    if head[257:262] == b"ustar":
        return _tar
    return None


def _zip(path: str, stream: IO[bytes], left: Leftovers, depth: int) -> Iterator[Block]:
    budget = MOST_ARCHIVE
    with zipfile.ZipFile(stream) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MOST_MEMBERS:
            left.add(f"only the first {MOST_MEMBERS:,} files of the archive were read", path)
        for member in members[:MOST_MEMBERS]:
            inside = f"{path}!/{member.filename}"
            if member.flag_bits & 1:
                left.add("it is encrypted", inside)
                continue
            try:
                with archive.open(member) as opened:
                    content = opened.read(min(MOST_MEMBER, budget) + 1)
            except _BROKEN:
                left.add("it cannot be unpacked", inside)
                continue
            budget -= len(content)
            yield from _member(inside, content, left, depth)
            if budget <= 0:
                left.add("only its first 256 MiB were read", path)
                return


def _packed(path: str, stream: IO[bytes], left: Leftovers, depth: int) -> Iterator[Block]:
    """gzip or bzip2: of a tar, or of one file."""
    first = stream.read(2)
    stream.seek(-len(first), io.SEEK_CUR)
    plain = cast(
        "IO[bytes]",
        gzip.GzipFile(fileobj=stream) if first == b"\x1f\x8b" else bz2.BZ2File(stream),
    )
    head = plain.read(_HEAD)
    if depth == 1 and _opener(head) is None:  # a log that was rotated: read as it comes
        yield from _text_or_binary(f"{path}!", head, plain, left, MOST_PACKED)
        return
    plain.seek(0)
    if head[257:262] == b"ustar":
        yield from _tar(path, plain, left, depth)
        return
    content = plain.read(MOST_MEMBER + 1)
    yield from _member(f"{path}!", content, left, depth)


def _tar(path: str, stream: IO[bytes], left: Leftovers, depth: int) -> Iterator[Block]:
    budget, count = MOST_ARCHIVE, 0
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            budget -= 512
            if not member.isfile():
                continue
            count += 1
            held = min(member.size, MOST_MEMBER)
            if count > MOST_MEMBERS or budget < member.size:
                left.add("only its first part was read", path)
                return
            budget -= member.size
            opened = archive.extractfile(member)
            content = opened.read(held + 1) if opened else b""
            yield from _member(f"{path}!/{member.name}", content, left, depth)


def _member(path: str, content: bytes, left: Leftovers, depth: int) -> Iterator[Block]:
    if len(content) > MOST_MEMBER:
        left.add("only its first 64 MiB were read", path)
        content = content[:MOST_MEMBER]
    yield from blocks(path, io.BytesIO(content), left, depth)
