"""The routes of Berth desk: sign in, list, create, change, delete, sign out, health, API."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from . import pages
from .records import STATES, Records
from .settings import SESSION_HOURS, Settings

COOKIE = "__Host-desk_session"
FORM_LIMIT = 16_384
FIELD_LIMIT = 200
PRIVATE = {"Cache-Control": "private, no-store"}

Page = Callable[[Request, str], Awaitable[Response]]


class BerthDesk:
    """One running instance: its settings and its database."""

    def __init__(self, settings: Settings, records: Records) -> None:
        self.settings = settings
        self.records = records

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/healthz", self.health),
                Route("/login", self.login_page),
                Route("/login", self.login, methods=["POST"]),
                Route("/logout", self.logout, methods=["POST"]),
                Route("/", self.home),
                Route("/orders", self.signed_in(self.orders)),
                Route("/orders", self.signed_in(self.create), methods=["POST"]),
                Route("/orders/new", self.signed_in(self.new)),
                Route("/orders/{number:int}", self.signed_in(self.order)),
                Route("/orders/{number:int}", self.signed_in(self.change), methods=["POST"]),
                Route("/orders/{number:int}/delete", self.signed_in(self.delete), methods=["POST"]),
                Route("/v1/orders", self.api_orders),
            ]
        )

    # ------------------------------------------------------------ who is it

    def signed_in(self, show: Page) -> Callable[[Request], Awaitable[Response]]:
        """Only for people with a session; the others are sent to the sign-in page."""

        async def guarded(request: Request) -> Response:
            person = self.records.person_of(request.cookies.get(COOKIE, ""))
            if not person:
                return RedirectResponse("/login", 302, PRIVATE)
            if request.method == "POST" and not self._same_origin(request):
                return Response("This form came from another site.", 403)
            return await show(request, person)

        return guarded

    def _same_origin(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        return origin is None or origin == f"https://{request.headers.get('host', '')}"

    async def login_page(self, request: Request) -> Response:
        return self._html(pages.login(self.settings.release))

    async def login(self, request: Request) -> Response:
        if not self._same_origin(request):
            return Response("This form came from another site.", 403)
        form = await _form(request)
        name = form.get("name", "")
        known = await asyncio.to_thread(self.records.knows, name, form.get("password", ""))
        if not known:
            return self._html(pages.login(self.settings.release, "Name or password is wrong."), 401)
        answer = RedirectResponse("/orders", 303, PRIVATE)
        answer.set_cookie(
            COOKIE,
            self.records.open_session(name),
            max_age=SESSION_HOURS * 3600,
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def logout(self, request: Request) -> Response:
        self.records.end_session(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/login", 303, PRIVATE)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return answer

    # ------------------------------------------------------------ work orders

    async def home(self, request: Request) -> Response:
        return RedirectResponse("/orders", 302, PRIVATE)

    async def orders(self, request: Request, person: str) -> Response:
        return self._html(pages.order_list(self.records.orders(), person, self.settings.release))

    async def new(self, request: Request, person: str) -> Response:
        return self._html(pages.order_form(None, self.settings.release))

    async def order(self, request: Request, person: str) -> Response:
        found = self.records.order(request.path_params["number"])
        if found is None:
            return Response("No such work order.", 404)
        return self._html(pages.order_form(found, self.settings.release))

    async def create(self, request: Request, person: str) -> Response:
        form = await _form(request)
        title, berth = _field(form, "title"), _field(form, "berth")
        if not title or not berth:
            trouble = "A work order needs a title and a berth."
            return self._html(pages.order_form(None, self.settings.release, trouble), 422)
        number = self.records.add_order(title, berth, person)
        return RedirectResponse(f"/orders/{number}", 303, PRIVATE)

    async def change(self, request: Request, person: str) -> Response:
        number = request.path_params["number"]
        form = await _form(request)
        title, berth, state = _field(form, "title"), _field(form, "berth"), _field(form, "state")
        if not title or not berth or state not in STATES:
            return Response("A work order needs a title, a berth and a state.", 422)
        if not self.records.change_order(number, title, berth, state, person):
            return Response("No such work order.", 404)
        return RedirectResponse("/orders", 303, PRIVATE)

    async def delete(self, request: Request, person: str) -> Response:
        if not self.records.delete_order(request.path_params["number"]):
            return Response("No such work order.", 404)
        return RedirectResponse("/orders", 303, PRIVATE)

    # ------------------------------------------------------------ machines

    async def health(self, request: Request) -> Response:
        healthy = self.records.healthy()
        return JSONResponse(
            {"status": "ok" if healthy else "down", "release": self.settings.release},
            200 if healthy else 503,
            {"Cache-Control": "no-store"},
        )

    async def api_orders(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = self.settings.api_token
        if not token or not hmac.compare_digest(given.encode(), token.encode()):
            return JSONResponse(
                {"error": "a token is needed"}, 401, {**PRIVATE, "WWW-Authenticate": "Bearer"}
            )
        listed = [
            {"id": order.id, "title": order.title, "berth": order.berth, "state": order.state}
            for order in self.records.orders()
        ]
        return JSONResponse({"orders": listed}, 200, PRIVATE)

    def _html(self, text: str, status: int = 200) -> Response:
        return HTMLResponse(text, status, PRIVATE)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a posted form; empty when it is too long or not text."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _field(form: dict[str, str], name: str) -> str:
    return form.get(name, "").strip()[:FIELD_LIMIT]


def build(settings: Settings) -> Starlette:
    return BerthDesk(settings, Records(settings.database)).application()
