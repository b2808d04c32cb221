"""Env files that two programs read differently, and values that are no real ones."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.engine import check
from launchready_tui.facts.env_flaws import Flaw
from launchready_tui.facts.env_lint import EnvLint, LintedFile
from launchready_tui.facts.env_readers import CALLED
from launchready_tui.model import Finding, Outcome, Seen, Severity
from launchready_tui.outcomes import judged, not_applicable
from launchready_tui.text import plural

MOST_FINDINGS = 60
WORDS: dict[str, str] = {
    "dotenv-hash-cut": "an unquoted # in the value: some readers keep only what is before it",
    "dotenv-interpolation": "a ${…} that some readers replace and others keep letter by letter",
    "dotenv-dollar": "a $ that a shell and Compose replace and others keep",
    "dotenv-default-form": "a ${…} with a default, which each reader understands differently",
    "dotenv-escape": "a backslash that each reader undoes differently",
    "dotenv-quote-junk": "a quote that is not closed, or text that is no setting",
    "dotenv-backtick": "backticks, which a shell runs as a command",
    "dotenv-colon": "a colon where most readers want =",
    "dotenv-bare": "a name without =",
    "dotenv-spaces": "blanks before the name or around the =",
    "dotenv-shell-unsafe": "characters that a shell acts on, without quotes",
    "dotenv-key-name": "a name with more than letters, digits and _",
    "dotenv-bom": "begins with an invisible byte order mark",
    "dotenv-encoding": "is not written in UTF-8",
    "dotenv-line-ends": "ends its lines unlike the others",
    "dotenv-nul": "holds a NUL byte",
    "dotenv-duplicate": "is set twice, and the last one counts",
    "dotenv-docker-quotes": "quotes that docker run --env-file takes for part of the value",
    "env-whitespace-ends": "a blank or a line break at an end of the value",
    "env-wrapping-quotes": "quotes that stay part of the value",
    "env-url-scheme": "an address without https:// or another scheme",
    "secret-public-prefix": "a secret under a name that is built into the page for everybody",
    "cred-weak": "a secret of one's own",
    "env-points-elsewhere": "a host of a test, of another product or of somebody's own computer",
    "db-localhost-in-prod": "a database on the machine itself",
    "env-mode-mismatch": "a key of the provider's test mode",
    "env-empty": "is set to nothing",
    "env-placeholder": "still holds an example's text",
}
WRONG_FOR_ALL = frozenset(
    [
        "dotenv-quote-junk",
        "dotenv-encoding",
        "dotenv-duplicate",
        "dotenv-docker-quotes",
        "env-whitespace-ends",
        "env-wrapping-quotes",
        "env-url-scheme",
        "secret-public-prefix",
        "cred-weak",
        "env-points-elsewhere",
        "env-mode-mismatch",
        "db-localhost-in-prod",
        "env-empty",
        "env-placeholder",
    ]
)
"""What no reader repairs. The rest matters once two readers meet."""
SECRET_RAISES = frozenset(["dotenv-hash-cut", "dotenv-dollar", "dotenv-duplicate"])
ELSEWHERE = frozenset(
    [
        "db-localhost-in-prod",
        "env-empty",
        "env-mode-mismatch",
        "env-placeholder",
        "env-points-elsewhere",
    ]
)
"""What other items say of a repository; of files by themselves it is said here."""


@check("env.files")
def files(lint: EnvLint) -> Outcome:
    """Every env file means the same to each program that reads it, and holds real values."""
    if not lint.files:
        others = " but those of tests, examples or documentation" if lint.left_out else ""
        return not_applicable(f"no env file is there{others}")
    findings = [finding for file in lint.files for finding in _found(file, lint)]
    findings.sort(key=lambda f: -(f.severity or Severity.MEDIUM).damage)
    gaps = [f"{file.path}: {file.problem}" for file in lint.files if file.problem]
    if len(findings) > MOST_FINDINGS:
        gaps.append(f"only {MOST_FINDINGS} of {len(findings)} flaws are listed")
    read = ", ".join(CALLED[reader] for reader in lint.readers)
    seen = [
        Seen(label=file.path, value=plural(file.names, "name"), source=file.environment)
        for file in lint.files
        if not file.problem
    ]
    seen += left_out(lint.left_out)
    seen.append(Seen(label="read by", value=read or "no reader was recognised", source="manifests"))
    return judged(
        tuple(findings[:MOST_FINDINGS]),
        clean=f"{plural(len(lint.files), 'env file')} without a flaw",
        seen=tuple(seen),
        gaps=tuple(gaps),
    )


def left_out(paths: tuple[str, ...]) -> tuple[Seen, ...]:
    """Env files that speak of no environment of the app, for who looks for them."""
    if not paths:
        return ()
    what = f"{plural(len(paths), 'env file')} among tests, examples or documentation"
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    return (Seen(label="left out", value=what, source=", ".join(paths[:5]) + more),)


def _found(file: LintedFile, lint: EnvLint) -> Iterable[Finding]:
    for flaw in file.flaws:
        if flaw.code in ELSEWHERE and not lint.alone:
            continue
        yield found(file, flaw, lint)


def found(file: LintedFile, flaw: Flaw, lint: EnvLint) -> Finding:
    """A flaw at file:line, as severe as the readers in use make it."""
    return Finding(
        code=flaw.code,
        subject=f"{file.path}:{flaw.line}",
        observed=_observed(file, flaw, lint),
        params={"name": flaw.name or file.path, "file": file.path, "line": str(flaw.line)},
        severity=_severity(file, flaw, lint),
    )


def _observed(file: LintedFile, flaw: Flaw, lint: EnvLint) -> str:
    what = WORDS[flaw.code]
    if flaw.code in ("env-url-scheme", "cred-weak") and flaw.what:
        what = flaw.what
    elif flaw.what:
        what = f"{what} ({flaw.what})"
    readers = [CALLED[reader] for reader in lint.readers]
    told = f"; read by {', '.join(readers)}" if readers and flaw.code not in WRONG_FOR_ALL else ""
    return f"{flaw.name or file.path}: {what}{told}"


def _severity(file: LintedFile, flaw: Flaw, lint: EnvLint) -> Severity | None:
    if flaw.code not in WRONG_FOR_ALL and len(lint.readers) < 2:
        return Severity.INFO
    if flaw.code in SECRET_RAISES and flaw.worse:
        return Severity.HIGH
    if flaw.code == "env-empty" and file.environment != "prod":
        return Severity.LOW
    if flaw.code == "env-placeholder" and file.environment not in ("prod", "any", "preview"):
        return Severity.LOW
    here = flaw.worse and file.environment in ("prod", "any")
    if flaw.code == "cred-weak" and not here:
        return Severity.LOW
    return None
