"""How secrets stand in real repositories, and what only looks like one (`wild/*.toml`).

The forms were collected from public code by people who did not look at the rules; names are made
up, and the values are drawn here, alike in every run.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
import tomllib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "wild"
ALNUM = string.ascii_letters + string.digits
_PLACES = ("Berg", "Hafen", "Kutter", "Segel", "Lampe", "Kaffee", "Winter", "Donau", "Fenster")
_THINGS = ("river", "lantern", "copper", "meadow", "violin", "saddle", "harbor", "pepper")
_KIND = re.compile(r"(alnum|hex|upper|b64-|b64url-)(\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    area: str
    path: str
    text: str
    secret: bool


def places() -> Iterator[Place]:
    for file in sorted(FOLDER.glob("*.toml")):
        draw = Drawing(random.Random(file.stem))
        for place in tomllib.loads(file.read_text("utf-8"))["place"]:
            kind = place.get("value", "")
            coded = place.get("coded", "")
            text = base64.b64decode(coded).decode() if coded else place["text"]
            if kind:
                text = text.replace("{V}", draw.value(kind))
            yield Place(file.stem, place["path"], text, bool(kind))


class Drawing:
    """Values of each kind that a place may name."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._made: dict[str, Callable[[], str]] = {
            "chosen": self._chosen,
            "chosen-alnum": self._chosen_alnum,
            "words": self._words,
            "uuid": lambda: str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "basic": lambda: base64.b64encode(f"desk:{self._chosen()}".encode()).decode(),
            "jwt": self._jwt,
        }

    def value(self, kind: str) -> str:
        """`hex32`, `alnum40`, `upper20`, `b64-32`, `b64url-32`, `prefix:X:alnum32`, or a name."""
        if kind in self._made:
            return self._made[kind]()
        if kind.startswith("prefix:"):
            prefix, _, rest = kind.removeprefix("prefix:").rpartition(":")
            return prefix + self.value(rest)
        form = _KIND.fullmatch(kind)
        assert form is not None, kind
        name, length = form[1], int(form[2])
        if name == "b64-":
            return base64.b64encode(self._draw.randbytes(length)).decode()
        if name == "b64url-":
            return base64.urlsafe_b64encode(self._draw.randbytes(length)).decode().rstrip("=")
        letters = {"alnum": ALNUM, "hex": "0123456789abcdef", "upper": ALNUM[26:]}[name]
        return self._drawn(length, letters)

    def _drawn(self, length: int, letters: str) -> str:
        text = "".join(self._draw.choice(letters) for _ in range(length - 1))
        return text + self._draw.choice("23456789")

    def _chosen(self) -> str:
        one, two = self._draw.sample(_PLACES, 2)
        number = self._draw.randrange(10, 999)
        sign = self._draw.choice("!#%&+*")
        forms = (f"{one}-{two}{number}!x", f"{one}{sign}{two}{number}", f"{one[0]}0{two}{number}!")
        return self._draw.choice(forms)

    def _chosen_alnum(self) -> str:
        one, two = self._draw.sample(_PLACES, 2)
        number = self._draw.randrange(10, 999)
        return self._draw.choice((f"{one}{two}{number}", f"{one.lower()}{number}{two}"))

    def _words(self) -> str:
        one, two = self._draw.sample(_THINGS, 2)
        return f"{one}{self._draw.randrange(2, 10)}{two}{self._draw.randrange(10, 99)}"

    def _jwt(self) -> str:
        parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "desk-service", "iat": 1_700_000_000})
        coded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
        return ".".join((*(part.rstrip("=") for part in coded), self._drawn(43, ALNUM)))
