"""repo.framework: the framework is known, and no published hole lets strangers in."""

from __future__ import annotations

from cases.examples import Example, examples
from launchready_tui.facts import tables
from launchready_tui.facts.host import Place, Platforms
from launchready_tui.facts.repo import Framework, Known, KnownHoles, RepoFacts
from launchready_tui.model import Fact, Outcome, State

HOLES = KnownHoles(holes=tables.frameworks().hole)
LOCK = "package-lock.json"


def npm(package: str, version: str, *, exact: bool = True, where: str = LOCK) -> Known:
    return Known(
        ecosystem="npm", name=package, version=version, exact=exact, direct=not exact, where=where
    )


def repo(
    *known: Known, traits: tuple[str, ...] = (), at: str = "", **how: object
) -> tuple[Fact, ...]:
    values: dict[str, object] = {
        "frameworks": (Framework(id="nextjs", label="Next.js", version="15", where=LOCK),),
        "known": known,
        "host_files": (),
        "mail": (),
        "databases": (),
        "traits": traits,
        "problems": (),
        **how,
    }
    places = Platforms(places=(Place(host="acme.test", platform=at),))
    return (RepoFacts(**values), HOLES, places)  # type: ignore[arg-type]


def names_the_fix(outcome: Outcome) -> None:
    assert outcome.findings[0].params["fixed"] == "15.1.9"


RSC = ("app-router",)
MIDDLEWARE = ("middleware",)
HOLE = ("framework-known-rce",)

test_examples = examples(
    "repo.framework",
    [
        Example("the fixed version", repo(npm("next", "15.1.9"), traits=RSC), not_=HOLE),
        Example(
            "one version before the fix",
            repo(npm("next", "15.1.8"), traits=RSC),
            finds=("framework-known-rce next 15.1.8",),
            also=names_the_fix,
        ),
        Example(
            "an affected version without server components",
            repo(npm("next", "15.3.1")),
            not_=HOLE,
        ),
        Example(
            "a pre-release of the fix still has the hole",
            repo(npm("next", "16.0.7-canary.1"), traits=RSC),
            finds=("framework-known-rce next 16.0.7-canary.1",),
        ),
        Example(
            "a middleware that can be walked past, self-hosted",
            repo(npm("next", "14.2.24"), traits=MIDDLEWARE),
            finds=("framework-known-rce next 14.2.24",),
        ),
        Example(
            "the same version at a host that stops it at its door",
            repo(npm("next", "14.2.24"), traits=MIDDLEWARE, at="vercel"),
            not_=HOLE,
        ),
        Example("the same version without a middleware", repo(npm("next", "14.2.24")), not_=HOLE),
        Example(
            "a range without a lock file leaves the version open",
            repo(npm("next", "^15.1.0", exact=False, where="package.json"), traits=RSC),
            not_=HOLE,
            state=State.UNKNOWN,
        ),
        Example(
            "a range with a lock file that has the fix",
            repo(npm("next", "^15.1.0", exact=False), npm("next", "15.5.7"), traits=RSC),
            not_=HOLE,
        ),
        Example(
            "a package whose name only begins alike",
            repo(npm("next-auth", "15.1.0"), traits=RSC),
            not_=HOLE,
        ),
        Example(
            "a Laravel package that takes commands from strangers",
            repo(
                Known(
                    ecosystem="php",
                    name="livewire/livewire",
                    version="3.6.3",
                    exact=True,
                    direct=False,
                    where="composer.lock",
                )
            ),
            finds=("framework-known-rce livewire/livewire 3.6.3",),
        ),
        Example("a version that is no version", repo(npm("next", "workspace:*"), traits=RSC)),
        Example("nothing is recognised", repo(frameworks=()), state=State.UNKNOWN),
        Example(
            "a lock file that cannot be read",
            repo(problems=((LOCK, "line 3: expecting value"),)),
            state=State.UNKNOWN,
        ),
        Example(
            "a folder that was not read to its end", repo(missed=("20 s",)), state=State.UNKNOWN
        ),
    ],
)
