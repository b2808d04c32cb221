"""The embedded lab: a flawed company on 127.0.0.1, in daemon threads of this process.

`Lab.start` brings up a name server, web servers with a throw-away certificate authority, and a
repository; `options` makes the door find them; `fix` lets the lab's admin repair a planted fault.
Nothing leaves the computer, nothing is printed, and `stop` leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from launchready_tui.demo.company import Company
    from launchready_tui.demo.edge import Front
    from launchready_tui.demo.nameservers import NameServers
    from launchready_tui.demo.repository import Repository
    from launchready_tui.demo.truth import Need, Truth
    from launchready_tui.given import Mail, Web
    from launchready_tui.network import Options

START_SECONDS = 15.0
STOP_SECONDS = 5.0
WANTED = ("starlette", "uvicorn", "h2", "cryptography", "dns", "aiosmtpd")
INSTALL = "pip install 'launchready-tui[demo]'"


class LabTrouble(Exception):
    """The lab cannot run; the message says why and what to do."""


class Lab:
    """A running lab. A context manager: leaving it stops everything."""

    def __init__(self, folder: Path, *, keep: bool) -> None:
        """Use `Lab.start`. `keep` leaves the repository on disk when the lab stops."""
        self.folder = folder
        self.keep = keep
        self.notices: list[str] = []
        """What could not be planted on this machine, and why: for the person who runs it."""
        self.troubles: list[str] = []
        """What went wrong inside the lab's own servers while it ran."""
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._end: asyncio.Event | None = None
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="lab", daemon=True)

    @classmethod
    def start(cls, folder: Path | None = None) -> Lab:
        """Bring up the company, in `folder` or in a temporary one that is removed at the end.

        Keys and database never outlive the lab; in a given folder the repository does.

        Raises:
            LabTrouble: Something the lab needs is missing; the message says how to get it.
        """
        missing = [name for name in WANTED if importlib.util.find_spec(name) is None]
        if missing:
            raise LabTrouble(f"The demo needs {', '.join(missing)}. Install it with: {INSTALL}")
        if folder is None:
            lab = cls(Path(tempfile.mkdtemp(prefix="launchready-lab-")), keep=False)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            lab = cls(folder.resolve(), keep=True)
        try:
            lab._begin()
        except BaseException:
            lab.stop()
            raise
        return lab

    # ------------------------------------------------------------ what it is

    @property
    def domain(self) -> str:
        from launchready_tui.demo.company import DOMAIN

        return DOMAIN

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses its owner names besides the domain."""
        from launchready_tui.demo.company import ADMIN, OLD, PREVIEW
        from launchready_tui.demo.shipped import SUPABASE

        return tuple(f"https://{host}/" for host in (PREVIEW, OLD, ADMIN, SUPABASE))

    @property
    def web(self) -> Web:
        """What its owner says of the app's addresses."""
        from launchready_tui.demo.company import WEB

        return WEB

    @property
    def mail(self) -> Mail:
        """What its owner says of the app's mail."""
        from launchready_tui.demo.mail_faults import GIVEN

        return GIVEN

    @property
    def inbox(self) -> Path:
        """Where the app's mails arrive, as `.eml` files named by their kind."""
        return self.company.mail.inbox

    @property
    def old_addresses(self) -> Path:
        """The list of what once was on the site, and where each should lead now."""
        return self.repo / "old-urls.csv"

    @property
    def secrets(self) -> dict[str, str]:
        """What the audit is given, by the names of checklists/keys.toml."""
        from launchready_tui.demo.company import TESTER

        return {
            "cloudflare-token": self.company.cloudflare.token,
            "test-login": f"{TESTER}\n{self.company.password}",
            "test-session": self.company.signed_in(),
        }

    @property
    def client(self) -> str:
        return "Harbour Operations"

    @property
    def repo(self) -> Path:
        return self.repository.root

    @property
    def login(self) -> tuple[str, str]:
        """Name and password of the one person who may sign in at Berth desk."""
        from launchready_tui.demo.company import PERSON

        return PERSON, self.company.password

    def fix(self, code: str, subject: str) -> str:
        """Repair a planted fault for real; says what was done."""
        from launchready_tui.demo.admin import repair
        from launchready_tui.demo.truth import place

        at = place(subject)
        if all((fault.code, fault.subject) != (code, at) for fault in self.truth.planted):
            return f"Nobody planted “{code}” at {subject}: nothing was changed."
        return repair(self.company, self.repository, code, at)

    # ------------------------------------------------------------ up and down

    def stop(self) -> None:
        """Stop the servers and remove what they needed. May be called twice."""
        if self._stopped:
            return
        self._stopped = True
        if self._loop and self._end and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(STOP_SECONDS)
        if hasattr(self, "company"):
            self.company.close()
        for place in self._thrown_away():
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)

    def _thrown_away(self) -> tuple[Path, ...]:
        if not self.keep:
            return (self.folder,)
        return (self.folder / "pki", *self.folder.glob("desk.sqlite*"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _begin(self) -> None:
        from launchready_tui.demo import pki
        from launchready_tui.demo.company import Company
        from launchready_tui.demo.dns import read_zone
        from launchready_tui.demo.nameservers import NameServers
        from launchready_tui.demo.repository import Repository, read_history
        from launchready_tui.demo.truth import read_truth
        from launchready_tui.network import Options

        here = Path(__file__).parent
        self.repository: Repository = Repository(self.folder / "repository")
        history = read_history(here / "repository.toml")
        writing = threading.Thread(
            target=self._told, args=(lambda: self.repository.write(history),), daemon=True
        )
        writing.start()
        zone = read_zone(here / "zone.toml")
        self.company: Company = Company(self.folder, zone)
        self._names: NameServers = NameServers(zone)
        self._thread.start()
        self._ready.wait(START_SECONDS)
        writing.join(START_SECONDS)
        if self._trouble or not self._ready.is_set():
            raise LabTrouble(f"The lab did not start: {self._trouble or 'it took too long'}.")
        self.options: Options = Options(
            resolver=self._names.resolver,
            ca=str(self.company.papers.root),
            connect=(*self._names.pins, *self.company.connect()),
        )
        self.company.mail.options = self.options
        self.company.mail.send()
        there: list[Need] = ["load", "mails"]
        if self.repository.has_history:
            there.append("git")
        else:
            self.notices.append(
                "git is not installed here: the lab's repository has no history, and what lies in"
                " one is not planted. Install git to see it."
            )
        if pki.can_offer_old_versions():
            there.append("tls1.0")
        else:
            self.notices.append("This OpenSSL has no TLS 1.0: the old server does not offer it.")
        self.truth: Truth = read_truth().where(there)

    def _told(self, work: object) -> None:
        """Do a part of the start in its own thread and keep what went wrong."""
        assert callable(work)
        try:
            work()
        except Exception as error:
            self._trouble = error

    def _work(self) -> None:
        self._told(lambda: asyncio.run(self._serve()))
        self._ready.set()

    async def _serve(self) -> None:
        from launchready_tui.demo.edge import Front

        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._noted)
        self._end = asyncio.Event()
        front: Front = Front(self.company.ports)
        try:
            await self._names.start()
            await front.start()
            await self.company.mail.start()
            self._ready.set()
            await self._end.wait()
        finally:
            self._names.stop()
            self.company.mail.stop()
            await front.stop()

    def _noted(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Clients that break off are daily bread; anything else is a bug of the lab's, kept."""
        error = context.get("exception")
        if error is not None and not isinstance(error, OSError):
            self.troubles.append(f"{context.get('message')}: {error!r}")
