"""What a request is made for: set by the engine and by runs, read by the request log."""

from __future__ import annotations

from contextvars import ContextVar

current_fact: ContextVar[str] = ContextVar("current_fact", default="")
current_target: ContextVar[str] = ContextVar("current_target", default="")
"""The domain of one of several runs that share a door; empty for a run that has it alone."""
