"""Sprints on disk with a run in them, and the wizard started on one as a person would.

Real record, real catalogue: only what the machines saw is written here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from launchready_tui.catalogue import load
from launchready_tui.facts import saved
from launchready_tui.facts.traffic import LABELS, Part, TrafficPath
from launchready_tui.model import Fact, Finding, Item, Kind, Level, Outcome, Seen
from launchready_tui.outcomes import failed, passed, unknown
from launchready_tui.session import Session
from launchready_tui.sprint.store import SavedRun
from terminal import Terminal

ROOT = Path(__file__).parents[1]
RUN = "import sys; from pathlib import Path; from launchready_screens import run; "
START = RUN + "sys.exit(run(Path(sys.argv[1])))"
DOMAIN = "acme.test"
WHO = "Zed Wright"


def first_fault(item: str, *, subject: str = "www.acme.test", observed: str = "") -> Outcome:
    """A failed outcome of the item's first declared fault."""
    fault = load().item(item).faults[0]
    finding = Finding(code=fault.code, subject=subject, observed=observed or f"seen at {subject}")
    return failed(
        "1 fault", (finding,), (Seen(label="www", value=observed or "seen", source="TLS"),)
    )


def outcomes_of(*, text: str = "") -> dict[str, Outcome]:
    """Stage 1 as after a run: one blocker, one thing that could not be told, the rest passed."""
    probes = [item for item in load().of_stage(1) if item.kind is Kind.PROBE]
    told = {item.id: _passed(item, text) for item in probes}
    told["tls.certificate"] = first_fault(
        "tls.certificate", subject=f"www.acme.test{text}", observed=f"for *.host.test{text}"
    )
    told["dns.nameservers"] = unknown(f"ns2.acme.test did not answer within 5 s{text}")
    return told


def _passed(item: Item, text: str) -> Outcome:
    return passed(
        f"holds{text}", (Seen(label=f"seen{text}", value=f"{item.id}{text}", source="DNS"),)
    )


def traffic(*, text: str = "") -> TrafficPath:
    values = {"entry": DOMAIN, "dns": "Cloudflare", "host": "Render"}
    return TrafficPath(
        sentence=f"{DOMAIN} → Render{text}; registrar unknown",
        parts=tuple(
            Part(key=key, label=label, value=values.get(key, "") + text, source="NS records")
            for key, label in LABELS.items()
        ),
        platform="render",
    )


def sprint(
    root: Path,
    outcomes: Mapping[str, Outcome] | None = None,
    *,
    facts: Mapping[str, Fact] | None = None,
) -> Path:
    """A sprint with a finished run; without outcomes none has run yet."""
    session = Session.create(root, domain=DOMAIN, by=WHO, level=Level.PASSIVE)
    if outcomes is not None:
        kept = saved.encode(dict(facts or {"TrafficPath": traffic()}))
        session.store.write_run(
            SavedRun(
                at=datetime.now(UTC).replace(microsecond=0),
                version="test",
                facts=session.store.add_evidence(kept, "json"),
                outcomes=dict(outcomes),
                requests={"GET/passive": 3},
            )
        )
    session.close()
    return root


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'screens'}", **more}


def wizard(
    folder: Path, code: str = START, *, size: tuple[int, int] = (80, 24), **more: str
) -> Terminal:
    """The wizard on a pseudo-terminal, started in `folder`."""
    argv = [sys.executable, "-c", code, str(folder)]
    return Terminal(argv, size=size, env=environment(**more), cwd=folder)
