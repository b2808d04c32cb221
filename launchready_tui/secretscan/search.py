"""One scan: sources through the engine and past the lookalikes, into rows without a value.

Whether two places hold the same secret is told by a keyed digest whose key is made for the scan
and dropped with it. It runs in the thread that calls it and can be stopped between two contents.
"""

from __future__ import annotations

import dataclasses
import hmac
import io
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from launchready_tui import model
from launchready_tui.facts.env_files import ENV_FILE, environment_of
from launchready_tui.facts.walk import Walk, shown, text_of
from launchready_tui.redact import redact
from launchready_tui.secret import Secret
from launchready_tui.secretscan import tree
from launchready_tui.secretscan.content import Block, Leftovers, blocks, of_bytes
from launchready_tui.secretscan.engine import Engine, EngineFailed, Hit, Reduced
from launchready_tui.secretscan.found import History, Leak, SecretScan, Where
from launchready_tui.secretscan.history import Repository, Version, Walked, contents, repository
from launchready_tui.secretscan.known import KnownValues, settings
from launchready_tui.secretscan.lookalike import BY_FORM, Judged, allowed, judge
from launchready_tui.secretscan.rules import Severity
from launchready_tui.text import plural

MOST_LEAKS = 1_000
MOST_ENV_BYTES = 1024 * 1024
Tell = Callable[[str, int], None]
"""What is being read, and how many of it so far."""


Dead = Callable[[str, Secret], str]
"""By a setting's name, if there is one, and a value: the closed rotation of it, or nothing."""


def _quiet(what: str, count: int) -> None:
    return None


def _nothing_dead(name: str, value: Secret) -> str:
    return ""


class Search:
    """Collects what the sources hold. Feed it, then ask for the `result`."""

    def __init__(
        self,
        engine: Engine,
        known: KnownValues,
        tell: Tell = _quiet,
        left: Leftovers | None = None,
        dead: Dead = _nothing_dead,
    ) -> None:
        self._engine = engine
        self._dead = dead
        self._known = known
        self._tell = tell
        self._key = secrets.token_bytes(32)
        self._leaks: dict[tuple[str, str], Leak] = {}
        self._of_value: dict[bytes, list[tuple[str, str]]] = {}
        self._tree: set[bytes] = set()
        self._counted: dict[bytes, bytes] = {}
        self._more = 0
        self._absent = 0
        self._unasked = False
        self.left = left or Leftovers()
        self.files = 0
        self.versions = 0
        self.commits = 0
        self.allowed = 0
        self.history: History = "not asked"

    # ------------------------------------------------------------ sources

    def folder(self, root: Path, repo: Repository | None) -> None:
        opener = tree.Opener(root)
        if repo is None and os.path.lexists(root / ".git"):
            self._unasked = True
            self.left.add("git could not be asked what it holds (is it installed?)", root.name)
        for file in tree.files(root, repo, self.left):
            if self._unasked and ENV_FILE.fullmatch(file.path.rpartition("/")[2]):
                continue  # whether git holds it is the question; ignored, it lies where it should
            self._tell("files", self.files)
            opened = opener.open(file.path, self.left)
            if opened is not None:
                with opened:
                    pending = repo is not None and file.where == "tree" and not file.tracked
                    self._read(file.path, opened, file.where, pending=pending)
        self._absent = opener.absent

    def stream(self, path: str, stream: IO[bytes]) -> None:
        self._read(path, stream, "input")

    def past(self, repo: Repository | None) -> None:
        """Every version of the history; call it last, so that what is still there is known."""
        if repo is None:
            self.history = "failed" if self._unasked else "none"
            return
        walked = Walked(repo, self.left)
        gone = Leftovers()
        try:
            for version, content in contents(repo, iter(walked), gone):
                self.versions += 1
                self._tell("versions of the history", self.versions)
                self._read_old(version, content, gone)
        except OSError:
            walked.whole = False  # git ended before its time
        self.commits = walked.commits
        self.left.counts += gone.counts
        self.left.first = {**gone.first, **self.left.first}
        for module in sorted(walked.modules):
            self.left.add("a submodule, whose history is its own: scan it by itself", module)
        if not walked.whole:
            self.history = "failed"
            self.left.add("git did not read the history to its end", repo.root.name)
        elif repo.shallow:
            self.history = "part"
            why = "a shallow clone: git fetch --unshallow brings the history it lacks"
            self.left.add(why, repo.top.name)
        else:
            self.history = "part" if gone.counts else "whole"

    def result(self) -> SecretScan:
        info = self._engine.info
        gaps = list(self.left.told)
        if self._absent and self.history not in ("whole", "part"):
            what = plural(self._absent, "file")
            gaps.append(f"{what} that git holds, but the folder does not: the history has them")
        if self._more:
            gaps.append(f"{self._more} more hits: only the first {MOST_LEAKS:,} are listed")
        order = {severity.value: -severity.damage for severity in model.Severity}
        listed = sorted(
            self._leaks.values(),
            key=lambda leak: (order[leak.severity], leak.where, leak.path, leak.line, leak.rule),
        )
        return SecretScan(
            engine=str(info),
            rules=info.rules,
            reduced=info.reduced,
            files=self.files,
            history=self.history,
            commits=self.commits,
            versions=self.versions,
            leaks=tuple(listed),
            known=tuple(sorted(set(self._known.names))),
            refused=tuple(sorted(set(self._known.refused))),
            allowed=self.allowed,
            gaps=tuple(gaps),
        )

    # ------------------------------------------------------------ reading

    def _read(self, path: str, stream: IO[bytes], where: Where, *, pending: bool = False) -> None:
        self.files += 1
        for block in blocks(path, stream, self.left):
            for hit, judged, line in self._judged(block):
                self._keep(block.path, hit, judged, line, where, pending)

    def _read_old(self, version: Version, content: bytes, gone: Leftovers) -> None:
        for block in blocks(version.path, io.BytesIO(content), gone):
            for hit, judged, line in self._judged(block):
                self._keep_old(version, block.path, hit, judged, line)

    def _judged(self, block: Block) -> Iterator[tuple[Hit, Judged, int]]:
        name = block.path.rpartition("/")[2]
        is_env = bool(ENV_FILE.fullmatch(name)) and not block.binary
        if is_env and not block.seen:
            yield from self._of_env_file(block)
        counter = _Lines(block)
        allowed_at: set[int] = set()
        for hit in sorted(self._hits(block), key=lambda hit: (hit.start, not hit.ours)):
            if hit.end <= block.seen:
                continue  # the block before held it whole
            judged = self._known_or_judged(hit, block, is_env)
            if judged is None or (block.binary and judged.sort not in ("shape", "known")):
                continue
            if not judged.live and allowed(hit, block.content):
                allowed_at.add(hit.start)
                continue
            yield _whole(hit, block), judged, counter.at(hit.start)
        self.allowed += len(allowed_at)

    def _hits(self, block: Block) -> Iterator[Hit]:
        try:
            yield from self._engine.scan(block.content, block.path, binary=block.binary)
        except (RuntimeError, ValueError, OSError, EngineFailed):
            self.left.add("the scan engine could not read it", block.path)
        for number, start, end in self._known.find(block.content):
            name = self._known.names[number]
            yield Hit(f"known:{name}", True, self._known.values[number], start, end)

    def _known_or_judged(self, hit: Hit, block: Block, is_env: bool) -> Judged | None:
        if hit.rule.startswith("known:"):
            if is_env:
                return None  # where it comes from; as a setting of this file it is judged already
            name = hit.rule.removeprefix("known:")
            return Judged("known", f"the value of {name}", "blocker", sure=True, name=name)
        judged = judge(hit, block.content, block.path)
        return None if judged and is_env and judged.sort in ("named", "url") else judged

    def _of_env_file(self, block: Block) -> Iterator[tuple[Hit, Judged, int]]:
        if len(block.content) > MOST_ENV_BYTES:
            self.left.add("only the settings of its first 1 MiB were read", block.path)
        for one in settings(text_of(block.content[:MOST_ENV_BYTES])):
            if one.mode == "weak":
                continue
            test = one.mode == "test" or environment_of(block.path.rpartition("/")[2]) == "test"
            what = f"the value of {one.name} in a settings file"
            severity: Severity = "low" if test else "blocker"
            judged = Judged("named", what, severity, sure=True, name=one.name)
            yield Hit("env-setting", True, one.value, 0, 0), judged, block.lines + one.line

    # ------------------------------------------------------------ keeping

    def _keep(
        self, path: str, hit: Hit, judged: Judged, line: int, where: Where, pending: bool
    ) -> None:
        if len(self._leaks) >= MOST_LEAKS:
            self._more += 1
            return
        leak = _leak(path, hit, judged, line, where)
        key = self._put(replace(leak, pending=pending))
        digest = self._digest(hit.value)
        self._tree.add(digest)
        self._of_value.setdefault(digest, []).append(key)

    def _keep_old(self, version: Version, path: str, hit: Hit, judged: Judged, line: int) -> None:
        """A version of the history: the first that holds a value tells since when it is known."""
        digest = self._digest(hit.value)
        since = f"{version.day} ({version.commit[:10]})"
        held = self._of_value.get(digest)
        if held is None:
            if judged.sort in ("public-name", "fallback"):
                return  # a fault of the code as it is now
            if len(self._leaks) >= MOST_LEAKS:
                self._more += 1
                return
            leak = _leak(path, hit, judged, line, "history")
            dead = self._dead(judged.name, hit.value)
            old = {"commit": version.commit[:10], "written": version.day, "rotated": dead}
            key = self._put(replace(leak, first=since, **old))
            self._of_value[digest] = [key]
            self._counted[digest] = version.oid
            return
        another = digest not in self._tree and self._counted.get(digest) != version.oid
        self._counted[digest] = version.oid
        for key in held:
            leak = self._leaks[key]
            self._leaks[key] = replace(
                leak,
                first=leak.first or since,
                more=leak.more + another,
                written=leak.written or version.day,
            )

    def _put(self, leak: Leak) -> tuple[str, str]:
        """Keep one row for a line: the worst that stands there."""
        key = (leak.where, leak.subject)
        old = self._leaks.get(key)
        if old is None or _weight(leak) > _weight(old):
            self._leaks[key] = leak
        return key

    def _digest(self, value: Secret) -> bytes:
        content = value.reveal().strip().encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, content, "sha256")


def _whole(hit: Hit, block: Block) -> Hit:
    """Of a private key the header is found, which is the same in all of them."""
    if hit.nested or not hit.value.reveal().startswith("-----BEGIN"):
        return hit
    body = block.content[hit.start : hit.start + 600].decode("latin-1")
    return dataclasses.replace(hit, value=Secret(body))


class _Lines:
    """Line numbers of rising places, in one pass."""

    def __init__(self, block: Block) -> None:
        self._content = block.content
        self._line = block.lines + 1
        self._at = 0

    def at(self, place: int) -> int:
        self._line += self._content.count(b"\n", self._at, place)
        self._at = max(self._at, place)
        return self._line


def _leak(path: str, hit: Hit, judged: Judged, line: int, where: Where) -> Leak:
    return Leak(
        sort=judged.sort,
        where=where,
        path=redact(shown(path)),  # a key may be a file's name
        line=line,
        rule="known-value" if judged.sort == "known" else hit.rule,
        what=judged.what,
        severity=judged.severity,
        sure=judged.sure,
        name=shown(judged.name),
    )


def _weight(leak: Leak) -> tuple[int, bool, bool, bool]:
    specific = not leak.what.startswith(BY_FORM)
    damage = model.Severity(leak.severity).damage
    return 0 if leak.rotated else damage, leak.sure, leak.sort == "known", specific


# ---------------------------------------------------------------- known values


def known_in(root: Path, left: Leftovers) -> Iterator[tuple[str, Secret]]:
    """The secrets of the env files in a folder, read where they lie, ignored by git or not."""
    walk = Walk(root)
    for file in walk:
        if ENV_FILE.fullmatch(file.name) and environment_of(file.name) != "example":
            content = walk.read(file)
            if content is None:
                left.add("its values were not searched for: larger than 1 MiB, or gone", file.path)
            else:
                yield from known_of(content)


def known_of(content: bytes) -> Iterator[tuple[str, Secret]]:
    """The secrets of one env file, in UTF-8 or UTF-16."""
    for block in of_bytes("", content[:MOST_ENV_BYTES], Leftovers()):
        for one in settings(text_of(block.content)):
            yield one.name, one.value


def scan_folder(
    root: Path,
    engine: Engine,
    known: Iterable[tuple[str, Secret]] = (),
    *,
    history: bool = True,
    tell: Tell = _quiet,
    dead: Dead = _nothing_dead,
) -> SecretScan:
    """A folder, and the history it belongs to; the values of its own env files are known."""
    root = Path(os.path.realpath(root))
    repo = repository(root)
    left = Leftovers()
    search = Search(engine, KnownValues([*known, *known_in(root, left)]), tell, left, dead)
    if repo is None or not repo.bare:
        search.folder(root, repo)
    if history or (repo is not None and repo.bare):
        search.past(repo)
    return search.result()


def leaking(texts: Mapping[str, str], known: Iterable[tuple[str, Secret]] = ()) -> tuple[str, ...]:
    """Which of these texts, by name, hold a secret: by our own rules, or one of the `known`."""
    search = Search(Reduced(), KnownValues(known))
    names = list(texts)
    for number, name in enumerate(names):
        search.stream(f"{number}", io.BytesIO(texts[name].encode()))
    held = {leak.path for leak in search.result().leaks if leak.sort in ("shape", "url", "known")}
    return tuple(name for number, name in enumerate(names) if f"{number}" in held)
