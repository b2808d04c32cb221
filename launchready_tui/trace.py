"""Which fact a request is made for: set by the engine, read by the request log."""

from __future__ import annotations

from contextvars import ContextVar

current_fact: ContextVar[str] = ContextVar("current_fact", default="")
