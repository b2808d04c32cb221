"""Which programs of a repository read its env files: they do not agree about what they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from launchready_tui.facts.walk import MOST_BYTES, Walk, text_of

Reader = Literal["python", "npm", "node", "bash", "compose", "docker"]
CALLED: dict[Reader, str] = {
    "python": "python-dotenv",
    "npm": "npm's dotenv",
    "node": "Node's own reader",
    "bash": "a shell",
    "compose": "Docker Compose",
    "docker": "docker run --env-file",
}
MOST_SECONDS = 8.0
_MANIFEST = re.compile(
    r"package\.json|requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|Pipfile|setup\.(?:py|cfg)"
    r"|environment\.ya?ml|(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml|Dockerfile[\w.-]*|Procfile"
    r"|Makefile|Justfile|[\w.-]+\.(?:sh|bash|service)|\.envrc",
    re.IGNORECASE,
)
_SIGNS: tuple[tuple[Reader, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "npm",
        re.compile(r"package\.json"),
        re.compile(r'"(?:dotenv(?:-\w+)?|next|vite|nuxt|astro|react-scripts|@nestjs/config)"\s*:'),
    ),
    ("node", re.compile(r".*"), re.compile(r"--env-file(?:-if-exists)?=\S*|\bloadEnvFile\(")),
    (
        "python",
        re.compile(r"requirements.*|pyproject\.toml|pipfile|setup\..*|environment\..*"),
        re.compile(r"python-dotenv|django-environ|environs|pydantic[-_]settings|python-decouple"),
    ),
    (
        "compose",
        re.compile(r"(?:docker-)?compose.*"),
        re.compile(r"\benv_file\b|\$\{[A-Za-z_]"),
    ),
    ("docker", re.compile(r".*"), re.compile(r"\bdocker\s[^\n]{0,300}--env-file\b")),
    (
        "bash",
        re.compile(r".*"),
        re.compile(r"(?:^|[;&\s])(?:source|\.)\s+\S*\.env\b|\bcat\s+\S*\.env\b|^dotenv\b", re.M),
    ),
)


def readers_in(root: Path) -> tuple[Reader, ...]:
    """The readers that the manifests and scripts below `root` speak of, in the order of CALLED."""
    found: set[Reader] = set()
    walk = Walk(root, seconds=MOST_SECONDS)
    for file in walk:
        if not _MANIFEST.fullmatch(file.name) or file.size > MOST_BYTES:
            continue
        data = walk.read(file)
        if data is not None:
            found |= readers_of(file.name, text_of(data))
    return tuple(reader for reader in CALLED if reader in found)


def readers_of(name: str, text: str) -> set[Reader]:
    """What one manifest or script says."""
    found = {
        reader
        for reader, where, sign in _SIGNS
        if where.fullmatch(name.lower()) and sign.search(text)
    }
    if "docker" in found and not re.search(r"\bnode\b|\bbun\b|\btsx\b", text):
        found.discard("node")
    return found
