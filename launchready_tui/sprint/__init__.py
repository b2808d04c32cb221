"""The record of a sprint: what people wrote, answered and accepted, in files that git can merge."""

from __future__ import annotations

from launchready_tui.domain import BadInput
from launchready_tui.sprint.launchfile import find_sprint

__all__ = ["BadInput", "find_sprint"]
