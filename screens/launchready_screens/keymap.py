"""Bindings from the registry, every one with an id."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from launchready_screens import actions


def bindings(place: str, *, skip: tuple[str, ...] = ()) -> list[BindingType]:
    """The bindings of a place."""
    return [
        Binding(
            key=",".join(action.keys),
            action=action.id,
            description=action.label,
            show=False,
            id=f"{place}.{action.id}",
        )
        for action in actions.at(place)
        if action.id not in skip
    ]
