"""`launchready explain`: a fault, an item or a line of the roadmap, in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from launchready_tui.commands.output import emit
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue
    from launchready_tui.model import Automation, Bar, Fault, Item, NotNow

WIDTH = 80


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from launchready_tui.catalogue import load

    return [CompletionItem(name) for name in _names(load()) if name.startswith(incomplete)]


@click.command(
    "explain",
    epilog="""\b
Examples:
  launchready explain tls.certificate    an item: what is asked, and why
  launchready explain B3                 a clause of the minimum bar
  launchready explain S1.2               what covers a line of the roadmap
  launchready explain N2                 why a sprint leaves something out""",
)
@click.argument("name", metavar="CODE", shell_complete=_complete)
def command(name: str) -> int:
    """Explain a fault CODE, an item id or a roadmap id."""
    from launchready_tui.catalogue import load

    emit("\n".join(_explained(load(), name.strip())) + "\n")
    return 0


def _explained(catalogue: Catalogue, name: str) -> Iterator[str]:
    upper = name.upper()
    for item in catalogue.items:
        if item.id == name:
            return _item(item)
        for fault in item.faults:
            if fault.code == name:
                return _fault(item, fault)
    for bar in catalogue.bars:
        if bar.id == upper:
            return _bar(catalogue, bar)
    for automation in catalogue.automations:
        if automation.id == upper:
            return _automation(automation)
    for left_out in catalogue.not_now:
        if left_out.id in (name, upper):
            return _not_now(left_out)
    if covering := catalogue.covering(upper):
        return _covering(upper, covering)
    raise Refused(_unknown(catalogue, name))


def _names(catalogue: Catalogue) -> list[str]:
    found = dict.fromkeys(item.id for item in catalogue.items)
    found |= dict.fromkeys(fault.code for item in catalogue.items for fault in item.faults)
    found |= dict.fromkeys(id for item in catalogue.items for id in item.roadmap)
    found |= dict.fromkeys(bar.id for bar in catalogue.bars)
    found |= dict.fromkeys(automation.id for automation in catalogue.automations)
    found |= dict.fromkeys(left_out.id for left_out in catalogue.not_now)
    return list(found)


def _unknown(catalogue: Catalogue, name: str) -> str:
    import difflib

    known = _names(catalogue)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    near += [entry for entry in known if name and name in entry and entry not in near][:3]
    hint = f" Close to it: {', '.join(near)}." if near else ""
    return f"{name!r} is no fault, item or roadmap id.{hint}"


# ---------------------------------------------------------------- each kind of thing


def _item(item: Item) -> Iterator[str]:
    yield from _title(item.id, item.title)
    origin = "" if item.origin == "roadmap" else ", added by experts"
    yield f"stage {item.stage} · {item.kind} · {item.severity}: {item.impact}{origin}"
    yield f"covers {', '.join(item.roadmap)}" if item.roadmap else "covers no roadmap line"
    yield from _part("When it fails", item.fail)
    yield from _part("Why", item.why)
    yield from _part("Question", item.question)
    yield from _part("Evidence", item.evidence)
    yield from _part("Consists of", item.artefact)
    yield from _part("Follows from", ", ".join(item.computed_from))
    yield from _steps(item.fix)
    yield from _part("Who", item.who)
    yield from _part("Asked again after", f"{item.stale_after} days")
    if item.faults:
        yield ""
        yield "Faults it can have"
        for fault in item.faults:
            yield from _wrapped(f"{fault.code} ({fault.severity}): {fault.title}", "  ")
    yield from _references(item.references)


def _fault(item: Item, fault: Fault) -> Iterator[str]:
    yield from _title(fault.code, fault.title)
    yield f"{fault.severity}: {fault.impact} · of {item.id}, stage {item.stage}"
    yield from _part("Why", fault.why)
    yield from _steps(fault.fix)
    for platform, steps in fault.fix_at.items():
        yield from _steps(steps, f"Fix at {platform}")
    yield from _part("Who", fault.who or item.who)
    yield from _part("Takes", str(fault.effort))
    if not fault.waivable:
        yield from _part("Accepting it", "is not possible: it stays open until it is mended")
    yield from _references(fault.references or item.references)


def _bar(catalogue: Catalogue, bar: Bar) -> Iterator[str]:
    yield from _title(bar.id, bar.title)
    yield "a clause of the minimum bar: without it the launch is NO-GO"
    yield from _part("Why", bar.why)
    yield from _listed(catalogue.of_bar(bar.id))


def _automation(automation: Automation) -> Iterator[str]:
    yield from _title(automation.id, automation.title)
    yield "worth automating" + (", and among the first two to buy" if automation.first else "")
    yield from _part("Why", automation.why)
    yield from _steps(automation.how, "How")
    yield from _part("Items", ", ".join(automation.items))


def _not_now(left_out: NotNow) -> Iterator[str]:
    yield from _title(left_out.id, left_out.title)
    yield "not in a first launch"
    yield from _part("Why not", left_out.why)
    yield from _part("Instead", left_out.instead)
    yield from _part("Look again", left_out.revisit_when)
    yield from _part("Said when", left_out.said_when)


def _covering(id: str, items: tuple[Item, ...]) -> Iterator[str]:
    yield from _title(id, "a line of the roadmap")
    yield from _listed(items)


def _listed(items: tuple[Item, ...]) -> Iterator[str]:
    yield ""
    yield "Items that cover it"
    for item in items:
        yield from _wrapped(f"{item.id} ({item.kind}, stage {item.stage}): {item.title}", "  ")


# ---------------------------------------------------------------- how it is set


def _title(name: str, title: str) -> Iterator[str]:
    yield from textwrap.wrap(f"{name}: {title}", WIDTH)


def _part(label: str, text: str) -> Iterator[str]:
    if text:
        yield ""
        yield label
        for line in text.splitlines():
            yield from _wrapped(line, "  ", "  ")


def _steps(steps: tuple[str, ...], label: str = "Fix") -> Iterator[str]:
    if steps:
        yield ""
        yield label
        for number, step in enumerate(steps, start=1):
            yield from _wrapped(step, f"  {number}. ", "     ")


def _references(references: tuple[str, ...]) -> Iterator[str]:
    if references:
        yield ""
        yield "Read"
        yield from (f"  {url}" for url in references)


def _wrapped(text: str, first: str, then: str = "    ") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )
