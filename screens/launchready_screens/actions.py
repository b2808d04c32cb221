"""The one registry of actions: keys, footer, palette, help and docs/keys.md all read it.

An action's id is the name of the method that does it (`recheck_item` → `action_recheck_item`).
This module imports no Textual, so that the documentation can be made without it.
"""

from __future__ import annotations

from typing import NamedTuple

HOME, STAGE, ITEM, RISKS, BAR, GUIDE = "home", "stage", "item", "risks", "bar", "guide"
HELP, DIALOG, LIST, APP = "help", "dialog", "list", "everywhere"
PROBES, SECRETS, WATCHES, ENV = "probes", "secrets", "watches", "env"
MAIL, GIVING, SENDING = "mail", "giving", "sending"
"""Dialogs with keys of their own."""
SPRINT = (STAGE, ITEM, RISKS, BAR, GUIDE)
"""The pages that show an opened sprint."""
PAGES = (HOME, *SPRINT, HELP)
PLACES = {
    APP: "Everywhere",
    HOME: "At home",
    STAGE: "On a stage",
    ITEM: "On an item's page",
    RISKS: "In the risk list",
    BAR: "On the minimum bar",
    GUIDE: "In the guide preview",
    HELP: "On the help page",
    LIST: "In a list",
    DIALOG: "In a dialog",
    PROBES: "Where active probes are allowed",
    SECRETS: "In the list of secrets",
    WATCHES: "Where DNS is watched",
    ENV: "In the env map",
    MAIL: "On the mail page",
    GIVING: "Where a mail is given",
    SENDING: "Where a test mail is sent",
}


class Action(NamedTuple):
    """One thing a person can do.

    `keys` are Textual's names, the first is shown. `weight` orders the footer: 0 stays out of it.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    where: tuple[str, ...]
    weight: int = 0
    shown: str = ""
    """How the key is written where its name is not what stands on the keyboard."""

    @property
    def key(self) -> str:
        return self.shown or " ".join(self.keys[:1])


def _act(
    id: str, keys: str, label: str, help: str, *where: str, weight: int = 0, shown: str = ""
) -> Action:
    return Action(
        id=id,
        keys=tuple(keys.split()),
        label=label,
        help=help,
        where=where,
        weight=weight,
        shown=shown,
    )


# fmt: off
ACTIONS: tuple[Action, ...] = (
    # at home
    _act("new_sprint", "n", "new sprint", "Start a sprint for a domain and a folder.", HOME,
         weight=90),
    _act("open_sprint", "o", "open", "Open a sprint by its folder.", HOME, weight=80),
    _act("demo", "d", "demo", "Practise on a flawed company on this machine.", HOME, weight=85),
    # one item
    _act("recheck_item", "r", "recheck", "Check this item again, now.", STAGE, ITEM, RISKS,
         weight=90),
    _act("answer", "a", "answer", "Answer the item's question, with evidence.", STAGE, ITEM,
         weight=85),
    _act("waive", "w", "accept risk", "Accept what is open, by name, until a day.",
         STAGE, ITEM, RISKS, weight=80),
    _act("note", "n", "note", "Write a note on this item.", STAGE, ITEM, RISKS, weight=30),
    _act("fix", "f", "admin fixes it",
         "Demo only: the lab's admin repairs this fault, so that a recheck shows before and after.",
         STAGE, ITEM, RISKS, weight=75),
    _act("probe", "t", "try more", "See what else could be sent for this item, and allow it.",
         STAGE, ITEM, RISKS, weight=72),
    # the list of a stage
    _act("filter", "slash", "filter", "Show only the items that hold some words.", STAGE,
         weight=60, shown="/"),
    _act("recheck_stage", "R", "recheck stage", "Check all of this stage again.", STAGE, weight=50),
    _act("probe_stage", "T", "try stage", "See what else could be sent for this stage.", STAGE),
    _act("cancel_checks", "c", "cancel", "Stop the running checks; what was seen is kept.",
         *SPRINT, weight=95),
    # getting about
    _act("stage(1)", "1", "stage 1", "Go to stage 1.", *SPRINT),
    _act("stage(2)", "2", "stage 2", "Go to stage 2.", *SPRINT),
    _act("stage(3)", "3", "stage 3", "Go to stage 3.", *SPRINT),
    _act("stage(4)", "4", "stage 4", "Go to stage 4.", *SPRINT),
    _act("stage(5)", "5", "stage 5", "Go to stage 5.", *SPRINT),
    _act("stage(6)", "6", "stage 6", "Go to stage 6.", *SPRINT),
    _act("stage(7)", "7", "stage 7", "Go to stage 7.", *SPRINT),
    _act("risks", "l", "risks", "The list of risks, the worst for the business first.",
         STAGE, ITEM, BAR, GUIDE, weight=45),
    _act("bar", "b", "minimum bar", "What must hold before anybody may call this ready.",
         STAGE, ITEM, RISKS, GUIDE, weight=35),
    _act("guide", "g", "guide", "Read the handover guide as it stands.",
         STAGE, ITEM, RISKS, BAR, weight=40),
    _act("arithmetic", "question_mark", "the sum", "Show how this rank was computed.", RISKS,
         weight=70, shown="?"),
    # the sprint
    _act("edit_fact", "e", "edit facts", "Correct a part of the traffic path, and say who says so.",
         *SPRINT, weight=25),
    _act("secrets", "s", "secrets", "Give or take away a secret that checks may use.", *SPRINT,
         weight=18),
    _act("env_map", "v", "env map", "Every setting: who owns it, and how it is replaced.", *SPRINT,
         weight=17),
    _act("mail", "i", "mail", "The way of each test mail, its sender, and what receivers report.",
         *SPRINT, weight=17),
    _act("watch", "d", "watch DNS", "Wait for a DNS change while you go on, with a bell.", *SPRINT,
         weight=16),
    _act("request", "plus", "scope request", "Log a “can you also”, with what was decided.",
         *SPRINT, weight=20, shown="+"),
    _act("export", "x", "export", "Write the handover guide to a file.", *SPRINT, weight=55),
    _act("clock", "p", "pause clock", "Pause our time with a reason, or go on.", *SPRINT,
         weight=15),
    _act("undo", "u", "undo", "Take back the last change.", *SPRINT, weight=28),
    _act("mask", "m", "masks", "Show what is masked for 20 seconds, or mask again.",
         *SPRINT, weight=10),
    _act("home", "h", "home", "Leave this sprint and go to the first page.", *SPRINT),
    # lists and dialogs
    _act("cursor_down", "j", "down", "The next row (as the arrow does).", LIST),
    _act("cursor_up", "k", "up", "The row before (as the arrow does).", LIST),
    _act("select", "enter", "open", "Open the row.", LIST),
    _act("go_on", "f2", "go on", "Go on to the next step, or keep.", DIALOG, weight=90),
    _act("leave", "escape", "back", "Leave without keeping anything.", DIALOG, HELP, weight=80,
         shown="esc"),
    _act("give_secret", "f4", "give a secret", "Enter a secret that a probe needs.", PROBES,
         SENDING),
    _act("choose_all", "f3", "all or none", "Allow all of them, or leave all out.", PROBES),
    _act("forget_secret", "delete", "take away", "Take the secret away.", SECRETS, shown="del"),
    _act("vault_password", "f4", "password",
         "Open the sealed file with its password, or begin one where no keyring is.", SECRETS),
    _act("purge_secrets", "f8", "purge", "Take all secrets of this sprint away: at its end.",
         SECRETS),
    _act("fill_shown", "f4", "fill in all shown",
         "Name one owner, place or day of replacement for all that are shown.", ENV),
    _act("rotate", "f5", "replace", "Record the next step of replacing a secret.", ENV),
    _act("record_values", "f6", "record", "Keep fingerprints of the env files' secrets.", ENV),
    _act("paste_export", "f7", "paste", "Take a host's settings over from the clipboard.", ENV),
    _act("try_live", "f8", "try it live", "See what would be sent for a key, and try it once.",
         ENV),
    _act("take_comments", "f9", "comments",
         "Keep the comments of the example file as what settings are for.", ENV),
    _act("find", "slash", "filter", "Show only some of the settings.", ENV, shown="/"),
    _act("send_mail", "f4", "send from here", "Send a test mail of this kind from here.", MAIL,
         GIVING),
    _act("triggered", "f5", "product sent it", "Record that the product was made to send one.",
         MAIL, GIVING),
    _act("give_reports", "f6", "give reports", "Give DMARC reports by their path.", MAIL),
    _act("stop_watch", "delete", "stop", "Stop watching this name.", WATCHES, shown="del"),
    _act("back", "escape", "back", "Go back to where you came from.",
         STAGE, ITEM, RISKS, BAR, GUIDE, weight=5, shown="esc"),
    # always
    _act("help", "question_mark f1", "help", "The keys of this page.",
         HOME, STAGE, ITEM, BAR, GUIDE, weight=98, shown="?"),
    _act("help_here", "f1", "help", "The keys of this page.", RISKS, weight=65),
    _act("theme", "f3", "colours", "Choose the colours.", *PAGES),
    _act("quit", "q", "quit", "Leave. Everything is on disk already; running checks are cancelled.",
         *PAGES, weight=97),
    _act("command_palette", "ctrl+p", "commands", "Find a command by typing.", APP, shown="^p"),
)
# fmt: on


def at(place: str) -> tuple[Action, ...]:
    """The actions of a place, in the order of the registry."""
    return tuple(action for action in ACTIONS if place in action.where)


def for_footer(place: str) -> tuple[Action, ...]:
    """Those worth a word in the footer, the weightiest first."""
    return tuple(sorted((a for a in at(place) if a.weight), key=lambda a: -a.weight))


def method(action: Action) -> str:
    """The name of the method that does it."""
    return "action_" + action.id.partition("(")[0]
