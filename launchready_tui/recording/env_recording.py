"""Recording the env map and the rotation log: one change each, journalled, and undone like any."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from launchready_tui.facts.env_example import Named
from launchready_tui.facts.env_kept import bare
from launchready_tui.facts.env_values import built_in, holds_secret
from launchready_tui.recording import env_rules
from launchready_tui.recording.base import Recording, SessionError, now
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.records.env_record import EnvVariable, HeldIn, Rotation, Step
from launchready_tui.secret import Secret

if TYPE_CHECKING:
    from launchready_tui.facts.env_map import MapRow


class EnvRecording(Recording):
    """The env map and the rotation log of a session."""

    def set_variables(
        self,
        names: Collection[str],
        changes: dict[str, Any],
        by: str = "",
        known_values: Collection[tuple[str, Secret]] = (),
    ) -> tuple[EnvVariable, ...]:
        """Change some fields of several settings; one without a record gets one. All or none.
        What holds one of the known values is refused.
        """
        who = self._who(by)
        for field in ("required_in", "optional_in"):
            self._insist(self._strange_environment(changes.get(field, ())))
        if "least_privilege" in changes and "privilege_basis" not in changes:
            said = "attested" if changes["least_privilege"].strip() else "unknown"
            changes = {**changes, "privilege_basis": said}
        records: list[EnvVariable] = []
        known = {one.name: one for one in self.store.variables().variables}
        for name in dict.fromkeys(names):
            before = known.get(name) or begun(name)
            after = replace(before, **changes)
            if not after.sensitive:
                after = replace(after, env={e: bare(held) for e, held in after.env.items()})
            self._insist(env_rules.check_variable(after, [*known, *(r.name for r in records)]))
            records.append(after)
        self.keep_all(records, who, known_values)
        return tuple(records)

    def _strange_environment(self, named: Collection[str]) -> str | None:
        known = self.target.environments
        strange = next((one for one in named if one not in known), None)
        return (
            f"{strange} is no environment here: they are {', '.join(known)}." if strange else None
        )

    def keep_judged(self, rows: Collection[MapRow], by: str = "") -> tuple[EnvVariable, ...]:
        """Record what shapes tell of credentials. What a person wrote before stays."""
        who = self._who(by)
        known = {one.name: one for one in self.store.variables().variables}
        changed: list[EnvVariable] = []
        for row in rows:
            before = known.get(row.name)
            after = replace(before or begun(row.name), **row.proposal)
            if not row.proposal or after == before:
                continue
            self._insist(env_rules.check_variable(after, [*known, *(c.name for c in changed)]))
            changed.append(after)
        self.keep_all(changed, who)
        return tuple(changed)

    def import_names(
        self,
        named: Collection[Named],
        *,
        environment: str = "",
        source: str = "",
        refs: dict[str, tuple[str, ...]] | None = None,
        by: str = "",
    ) -> tuple[EnvVariable, ...]:
        """Keep names and comments; what a person wrote before is not overwritten."""
        who = self._who(by)
        known = {one.name: one for one in self.store.variables().variables}
        changed: list[EnvVariable] = []
        for one in named:
            before = known.get(one.name)
            held = before or begun(one.name, one)
            env = held.env
            if environment and not (environment in env and env[environment].present):
                there = HeldIn(present=True, source=source, changed=now(), by=who)
                env = {**env, environment: there}
            after = replace(
                held,
                purpose=held.purpose or one.purpose,
                required_in=held.required_in or one.required_in,
                deprecated=held.deprecated or one.deprecated,
                docs=held.docs or one.docs,
                refs=held.refs or (refs or {}).get(one.name, ())[:10],
                env=env,
            )
            if after == before:
                continue
            self._insist(env_rules.check_variable(after, [*known, *(c.name for c in changed)]))
            changed.append(after)
        self.keep_all(changed, who)
        return tuple(changed)

    def take_comments(self, by: str = "") -> tuple[str, ...]:
        """Keep what example files say above a name as its purpose, where nobody wrote one; names of
        the settings that have one now. Reads the files again; what a person wrote stays.
        """
        from launchready_tui.facts.env_example import listing
        from launchready_tui.facts.env_files import EnvFiles
        from launchready_tui.facts.env_lint import read_whole

        files, root = self.facts.get("EnvFiles"), Path(self.target.repo)
        listed = files.files if isinstance(files, EnvFiles) and self.target.repo else ()
        examples = [file.path for file in listed if file.environment == "example"]
        contents = (read_whole(root / path, root)[0] for path in examples)
        named = [one for content in contents if content for one in listing(content).names]
        kept = self.import_names([one for one in named if one.purpose], by=by)
        return tuple(one.name for one in kept)

    def rotate(self, name: str, step: Step, taken: StepTaken, by: str = "") -> Rotation:
        """Record the next step of a setting's open rotation, or begin one. Raises SessionError."""
        who = self._who(by)
        at = now()
        rotations = self.store.rotations()
        self._insist(env_rules.check_name(name, ()))
        open_ = self.open_rotation(name)
        variable = self.store.variables().get(name)
        owner = variable.owner if variable else ""
        if open_ is None:
            after = env_rules.begun_rotation(
                name,
                step,
                at,
                who,
                [r.id for r in rotations.rotations],
                why=taken.why or "exposed",
                evidence=taken.evidence,
                env=taken.env,
                owner=taken.owner or owner,
                old_fp=taken.old_fp,
                new_fp=taken.new_fp,
            )
        else:
            after = replace(
                open_,
                status=step,
                **{step: at},
                evidence=taken.evidence or open_.evidence,
                env=tuple(dict.fromkeys([*open_.env, *taken.env])),
                owner=taken.owner or open_.owner or owner,
                proof=taken.proof or open_.proof,
                proof_detail=taken.detail or open_.proof_detail,
                attested_by=taken.attested_by or open_.attested_by,
                old_fp=taken.old_fp or open_.old_fp,
                new_fp=taken.new_fp or open_.new_fp,
                next_due=taken.next_due or open_.next_due,
            )
        self._insist(env_rules.check_step(open_, after))
        if step == "closed" and after.next_due is None and variable and variable.rotate_every_days:
            after = replace(after, next_due=env_rules.rotated(variable, after).next_due)
        with_it = [env_rules.rotated(variable or begun(name), after)] if step == "closed" else []
        self._write(lambda: self._kept(with_it, who, after))
        return after

    def open_rotation(self, name: str) -> Rotation | None:
        """The one of a setting that is not closed yet."""
        held = self.store.rotations().of(name)
        return next((one for one in reversed(held) if one.status != "closed"), None)

    def keep_all(
        self,
        records: Collection[EnvVariable],
        who: str,
        known_values: Collection[tuple[str, Secret]] = (),
    ) -> None:
        """Write them as one deed. Raises SessionError where one would hold a secret."""
        if leaking := self.leaking(records, known_values):
            raise SessionError(
                f"The record of {leaking[0]} would hold a secret. Nothing was written: say what it"
                " is for and where it is kept, never the value itself."
            )
        if records:
            self._write(lambda: self._kept(records, who))

    @staticmethod
    def leaking(
        records: Collection[EnvVariable], known: Collection[tuple[str, Secret]] = ()
    ) -> tuple[str, ...]:
        """Names of those whose files our own scanner would not let pass."""
        from launchready_tui.secretscan.search import leaking
        from launchready_tui.sprint.records import encoded

        return leaking({record.name: encoded(record) for record in records}, known)

    def _kept(
        self, records: Collection[EnvVariable], who: str, rotation: Rotation | None = None
    ) -> None:
        with self.store.one_deed():
            if rotation is not None:
                self.store.keep_rotation(rotation, who, now())
            for record in records:
                self.store.keep_variable(record, who, now())


def begun(name: str, named: Named | None = None) -> EnvVariable:
    """A new record: what the name promises, unless a schema says otherwise."""
    public = built_in(name) or bool(named and named.public)
    told = named.sensitive if named else None
    sensitive = holds_secret(name) if told is None else told
    return EnvVariable(
        name=name, sensitive=sensitive and not public, public=public, build_time=built_in(name)
    )
