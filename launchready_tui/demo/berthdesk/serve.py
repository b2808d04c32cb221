"""What the host starts: `uvicorn berthdesk.serve:start --factory`."""

from __future__ import annotations

from starlette.applications import Starlette

from .application import build
from .settings import from_environment


def start() -> Starlette:
    return build(from_environment())
