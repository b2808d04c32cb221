"""Recording what values tell without the values: the env map's fingerprints and a rotation's steps.

Values are in memory while a deed lasts. The key of the fingerprints rests in the keyring, so each
deed may take seconds: call them from a thread that may wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from launchready_tui.facts import env_export, env_files, env_kept
from launchready_tui.facts.env import of_platform
from launchready_tui.facts.env_databases import Value
from launchready_tui.facts.env_drift import values_in
from launchready_tui.facts.env_example import Named
from launchready_tui.facts.env_files import ENV_FILE, environment_of
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.env_kept import Found
from launchready_tui.facts.env_marks import Tree, every_mark, on_record
from launchready_tui.facts.env_values import built_in, secret_in
from launchready_tui.facts.walk import root_of
from launchready_tui.fingerprint_key import key_of
from launchready_tui.model import CouldNotTell, Record
from launchready_tui.recording import env_rules, rotation_steps
from launchready_tui.recording.base import now
from launchready_tui.recording.env_recording import EnvRecording, begun
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.records.env_record import EnvVariable, HeldIn, Rotation, Step
from launchready_tui.secret import Secret
from launchready_tui.text import plural

if TYPE_CHECKING:
    from launchready_tui.vault.keychain import Keychain

NO_KEYRING = (
    "There is no keyring here, so no fingerprint is kept: only which environments hold the same"
    " value today"
)


class Recorded(Record, frozen=True, kw_only=True):
    """What came of recording values. `key` is the id of the key; empty where none is kept."""

    settings: tuple[str, ...]
    """Those whose record changed."""
    seen: int
    key: str = ""
    told: tuple[str, ...] = ()
    """What was left out, and why, in sentences."""

    @property
    def sentence(self) -> str:
        what = f"{plural(len(self.settings), 'setting')} of {self.seen} recorded anew"
        return f"{what}, with fingerprints of key {self.key}." if self.key else f"{what}."


class ValueRecording(EnvRecording):
    """What a session records of values."""

    keychain: Keychain

    def record_env_files(self, by: str = "") -> Recorded:
        """Of the env files in the sprint's repository; a host's export stands over them."""
        self._insist_on_writing()
        tree = self._tree()
        called = {environment_of(f".env.{e}"): e for e in reversed(self.target.environments)}
        found = [
            Found(one.name, one.value, called[one.environment], _file(one))
            for one in tree.values
            if one.environment in called and self._somebodys(one.name)
        ]
        told = [f"Not read: {what}." for what in tree.missed]
        if tree.left_out:
            shown = ", ".join(tree.left_out[:5])
            told.append(f"Left out, as part of tests, examples or documentation: {shown}.")
        unplaced = sorted({_file(one) for one in tree.values if one.environment not in called})
        if unplaced:
            told.append(
                f"{', '.join(unplaced[:5])}: the name tells no environment. Record one with"
                " `launchready env import FILE --environment ENV`."
            )
        found += self._gone(found, tree.read)
        held = self._fingerprints(makes=any(_sensitive(one, None) for one in found))
        return self._record(found, told, by, held)

    def record_export(
        self,
        data: bytes,
        named: Collection[Named],
        *,
        environment: str,
        source: str,
        by: str = "",
    ) -> Recorded:
        """Of an env file's content or a host's export, for one environment: names and comments as
        they were read of it, and what its values tell. One deed.
        """
        self._insist_on_writing()
        found = [
            one
            for one in env_export.values_of(data, environment, source)
            if self._somebodys(one.name)
        ]
        secret = {one.name for one in found if _sensitive(one, None)}
        named = [
            replace(one, sensitive=True) if one.sensitive is None and one.name in secret else one
            for one in named
            if self._somebodys(one.name)
        ]
        held = self._fingerprints(makes=bool(secret))
        recorded: list[Recorded] = []

        def write() -> None:
            with self.store.one_deed():
                kept = self.import_names(named, environment=environment, source=source, by=by)
                seen = self._record(found, [], by, held)
                names = tuple(dict.fromkeys([*(one.name for one in kept), *seen.settings]))
                recorded.append(replace(seen, settings=names, seen=len(named)))

        self._write(write)
        return recorded[0]

    def known_values(self) -> list[tuple[str, Secret]]:
        """The secrets in the repository's env files by name, so that no text repeats one. Reads
        the files.
        """
        return [
            (one.name, Secret(one.value))
            for one in self._tree().values
            if secret_in(one.name, one.value)
        ]

    def take_step(
        self, name: str, step: Step, taken: StepTaken, value: Secret | None = None, by: str = ""
    ) -> tuple[Rotation, tuple[str, ...]]:
        """Record a rotation's next step with the fingerprints that go with it; what could not be
        told comes in sentences. `value` is the old value where it was found, else the new one.

        Raises SessionError, also where an environment is seen to hold the wrong value.
        """
        self._insist_on_writing()
        prints, why = self._fingerprints(makes=value is not None or step == "found")
        if not prints.ident:
            told = (f"{why or NO_KEYRING}.",) if value is not None else ()
            return self.rotate(name, step, taken, by), told
        known = self.store.variables()
        marks = [m for m in every_mark(self._tree(), known, prints) if m.name == name]
        given = prints.of(name, value.reveal()) if value is not None else ""
        seen = rotation_steps.with_prints(self.open_rotation(name), step, taken, given, marks)
        self._insist(seen.refused)
        return self.rotate(name, step, seen.taken, by), seen.told

    def is_another(self, name: str, value: Secret, fp: str) -> bool:
        """Whether a value is surely not the one of a fingerprint on record; not known is False."""
        prints, _ = self._fingerprints(makes=False)
        if not fp or not prints.ident or prints.ident != key_of(fp):
            return False
        return prints.of(name, value.reveal()) != fp

    # ------------------------------------------------------------ inside

    def _somebodys(self, name: str) -> bool:
        """Whether somebody sets it: what a host sets by itself, such as NODE_ENV, has no owner."""
        return not of_platform(name) or any(
            one.name == name for one in self.store.variables().variables
        )

    def _record(
        self,
        found: Collection[Found],
        told: list[str],
        by: str,
        held: tuple[Fingerprints, str],
    ) -> Recorded:
        who = self._who(by)
        prints, why = held
        known = {one.name: one for one in self.store.variables().variables}
        secret = {one for one in found if _sensitive(one, known.get(one.name))}
        if secret and not prints.ident:
            told.append(f"{why or NO_KEYRING}.")
        made = env_kept.entries(found, prints, lambda one: one in secret)
        told += _disagreeing(found)
        changed = self._changed_by(made, found, who, told)
        leaking = self.leaking(changed, [(one.name, Secret(one.value)) for one in secret])
        told += [f"Left out: the record of {name} would hold a value." for name in leaking]
        kept = [one for one in changed if one.name not in leaking]
        self.keep_all(kept, who)
        if prints.ident and (others := env_kept.other_keys(self._on_record(), prints.ident)):
            told.append(
                f"What was not seen today keeps its fingerprint of key {', '.join(others)}, which"
                " is not compared with the new ones."
            )
        names = tuple(one.name for one in kept)
        return Recorded(settings=names, seen=len(made), key=prints.ident, told=tuple(told))

    def _changed_by(
        self,
        made: dict[str, dict[str, HeldIn]],
        found: Collection[Found],
        who: str,
        told: list[str],
    ) -> list[EnvVariable]:
        """The records that differ with these entries; what is left out is told."""
        at = now()
        known = {one.name: one for one in self.store.variables().variables}
        changed: list[EnvVariable] = []
        stay = 0
        for name, entries in sorted(made.items()):
            before = known.get(name) or _first(name, found)
            news = {e: one for e, one in entries.items() if not _overruled(before.env.get(e), one)}
            stay += len(entries) - len(news)
            after = _with(before, news, at, who)
            refused = env_rules.check_variable(after, [*known, *(c.name for c in changed)])
            if refused:
                told.append(f"Left out: {refused}")
            elif after != known.get(name):
                changed.append(after)
        if stay:
            told.append(f"Left: {plural(stay, 'value')} that a host's export told better.")
        return changed

    def _fingerprints(self, *, makes: bool) -> tuple[Fingerprints, str]:
        """Those of the project's key, made where there is none and `makes`; else of this run, and
        why."""
        from launchready_tui.vault.ladder import VaultError

        if self.keychain.practice:
            return Fingerprints(), "Practice leaves your keyring alone: no fingerprint is kept"
        try:
            ask = self.keychain.insist_on_key if makes else self.keychain.fingerprint_key
            key = ask()
        except VaultError as error:
            return Fingerprints(), str(error).rstrip(".")
        return Fingerprints(key), self.keychain.why_no_key.rstrip(".")

    def _tree(self) -> Tree:
        """The values of the repository's env files."""
        if not self.target.repo:
            return Tree(missed=("launchready.toml names no repository",))
        try:
            root = root_of(self.target)
        except CouldNotTell as error:
            return Tree(missed=(str(error),))
        return values_in(root, env_files.look(root))

    def _gone(self, found: Collection[Found], read: Collection[str]) -> Iterable[Found]:
        """What a file held that was read now and holds it no more, as empty."""
        seen = {(one.name, one.environment) for one in found}
        for one in self.store.variables().variables:
            for environment, held in one.env.items():
                if held.present and held.source in read and (one.name, environment) not in seen:
                    yield Found(one.name, "", environment, held.source)

    def _on_record(self) -> list[str]:
        return on_record(self.store.variables())

    @property
    def has_prints(self) -> bool:
        """Whether the env map holds a fingerprint at all."""
        return bool(env_kept.other_keys(self._on_record(), ""))

    def of_other_keys(self, anew: str) -> str:
        """Which fingerprints on record this machine's key did not make, in a sentence that ends
        with how they are made `anew`; empty where all are of this key. Asks the keyring.
        """
        if not self.has_prints:
            return ""
        key = self.keychain.fingerprint_key()
        ident = key.ident if key else ""
        others = env_kept.other_keys(self._on_record(), ident)
        if not others:
            return ""
        why = self.keychain.why_no_key.rstrip(".")
        if not why and not self.keychain.rests:
            why = "there is no keyring here"
        here = why or (f"this machine's is {ident}" if key else "this machine has none")
        return (
            f"Fingerprints of key {', '.join(others)} are on record, and {here}: they are not"
            f" compared. {'' if why else anew}"
        ).strip()


def _file(one: Value) -> str:
    return one.place.rpartition(":")[0]


def _first(name: str, found: Collection[Found]) -> EnvVariable:
    """A new record, sensitive by its name or by what it holds."""
    new = begun(name)
    if new.public or new.sensitive:
        return new
    held = any(secret_in(name, one.value) for one in found if one.name == name)
    return replace(new, sensitive=held)


def _sensitive(one: Found, record: EnvVariable | None) -> bool:
    if record is not None:
        return record.sensitive
    return begun(one.name).sensitive or (
        not built_in(one.name) and bool(secret_in(one.name, one.value))
    )


def _overruled(before: HeldIn | None, news: HeldIn) -> bool:
    """What a host said of itself stands over what a copy of its settings holds."""
    if before is None or not before.present or not before.source:
        return False
    return _is_file(news.source) and not _is_file(before.source)


def _is_file(source: str) -> bool:
    return bool(ENV_FILE.fullmatch(source.rpartition("/")[2]))


def _with(before: EnvVariable, news: dict[str, HeldIn], at: datetime, who: str) -> EnvVariable:
    env = dict(before.env)
    for environment, entry in news.items():
        old = env.get(environment)
        new = env_kept.merged(old, entry)
        if new is not old:
            env[environment] = replace(new, changed=at, by=who)
    return replace(before, env=dict(sorted(env.items())))


def _disagreeing(found: Collection[Found]) -> Iterable[str]:
    for name, sources in sorted(env_kept.disagreeing(found).items()):
        yield f"{name}: {' and '.join(sources[:3])} hold different values, so neither is kept."
