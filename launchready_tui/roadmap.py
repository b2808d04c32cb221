"""The ids of the roadmap: what a sprint must cover. The words to each are in checklists/."""

from __future__ import annotations

STAGES = 7
ROADMAP: tuple[str, ...] = (
    *(f"B{n}" for n in range(1, 12)),
    *(
        f"S{stage}.{part}"
        for stage in range(1, STAGES + 1)
        for part in ("1", "2", "3", "4", "5", "D", "F1", "F2", "F3")
    ),
    *(f"A{n}" for n in range(1, 9)),
    *(f"N{n}" for n in range(1, 7)),
)
"""Every id of the roadmap, in its order."""
