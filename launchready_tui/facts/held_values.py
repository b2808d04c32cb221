"""The values that a repository's env files hold for one environment, for the moment of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launchready_tui.facts.env_databases import Value
from launchready_tui.facts.env_drift import values_of
from launchready_tui.facts.env_files import EnvFiles, environment_of
from launchready_tui.facts.trial_plan import CannotTry
from launchready_tui.facts.walk import in_tests


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """All settings of an environment in memory; what only the shared file sets counts too."""

    environment: str
    values: Mapping[str, tuple[Value, ...]]
    missed: tuple[str, ...] = ()

    @property
    def beside(self) -> dict[str, str]:
        """One value of each setting."""
        return {name: values[0].value for name, values in self.values.items()}

    def one(self, name: str) -> Value:
        """The value of a setting. Raises CannotTry where there is none, or more than one."""
        found = self.values.get(name, ())
        real = {value.value.strip(): value for value in found if value.value.strip()}
        if not real:
            missed = f" ({'; '.join(self.missed[:3])})" if self.missed else ""
            raise CannotTry(f"no env file of {self.environment} holds a value for it{missed}")
        if len(real) > 1:
            places = ", ".join(value.place for value in real.values())
            raise CannotTry(f"these hold different values of it: {places}; name one with --file")
        return next(iter(real.values()))


def held(root: Path, files: EnvFiles, environment: str, file: str = "") -> Held:
    """Read the env files of an environment; only `file` where it is named, wherever it lies."""
    own: dict[str, list[Value]] = {}
    shared: dict[str, list[Value]] = {}
    missed = []
    for one in files.files:
        named = one.path == file if file else not in_tests(one.path)
        speaks_of = environment_of(Path(one.path).name)
        if not named or speaks_of not in (environment, "any"):
            continue
        values, problem = values_of(root / one.path, one.path, speaks_of, root)
        missed += [f"{one.path}: {problem}"] if problem else []
        for value in values:
            place = own if value.environment == environment else shared
            place.setdefault(value.name, []).append(value)
    merged = {**shared, **own}
    return Held(environment, {name: tuple(some) for name, some in merged.items()}, tuple(missed))
