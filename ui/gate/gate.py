"""ASGI middleware that lets a request through or refuses it: host, origin, path, token, size, rate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.rate import RateLimit

MAX_BODY_BYTES = 256 * 1024
"""A message of 20,000 characters in any script, as JSON."""
BODY_SECONDS = 20.0
MAX_QUERY_BYTES = 4096
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True)
class Openings:
    """What of a served application is open to the network.

    Attributes:
        paths: beginnings of paths; one that ends in ``$`` is a whole path. Everything where there are none.
        content_security: the Content-Security-Policy of every answer.
        max_body_bytes: of one request.
    """

    paths: tuple[str, ...] = ()
    content_security: str = "default-src 'none'; frame-ancestors 'none'"
    max_body_bytes: int = MAX_BODY_BYTES

    def has(self, path: str) -> bool:
        """Whether a path is open."""
        if ".." in path or "\\" in path:  # nothing has such a name, and what reads files must not see one
            return False
        return not self.paths or any(
            path == one[:-1] if one.endswith("$") else path.startswith(one) for one in self.paths
        )


class Gate:
    """Lets a request through to ``app``, or answers it with a refusal and a reason.

    A body is read before the application sees any of it: within a time and up to a size. A token is taken from
    ``Authorization: Bearer``, from a cookie, or once from ``?token=``, which sets the cookie and goes on without it.

    Args:
        app: what is behind it.
        admission: who may come in.
        openings: what is open.
        rate: how many requests one caller may make; None for any number.
    """

    def __init__(
        self,
        app: ASGIApp,
        admission: Admission,
        openings: Openings = Openings(),
        rate: RateLimit | None = None,
    ) -> None:
        self._app = app
        self._admission = admission
        self._openings = openings
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI says."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks in web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        guarded = self._with_headers(send)
        refusal = self._refuse(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        body = await self._read(scope, receive)
        if isinstance(body, Response):
            await body(scope, receive, guarded)
            return
        await self._app(scope, _replay(body, receive), guarded)

    def _refuse(self, scope: Scope) -> Response | None:
        """Why a request may not come in; None where it may. What is cheap and tells least comes first."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._admission.answers_to(host):
            return _refusal(
                421, "this server does not answer to that name; open it by the address it printed"
            )
        if origin is not None and not self._admission.welcomes(origin, host):
            return _refusal(403, "pages of other sites may not call this server")
        if origin is None and _from_another_site(scope, headers):
            return _refusal(403, "pages of other sites may not call this server")
        if not self._openings.has(scope["path"]):
            return _refusal(404, "there is nothing here")
        if len(scope["query_string"]) > MAX_QUERY_BYTES:
            return _refusal(414, f"the query is longer than {MAX_QUERY_BYTES:,} bytes")
        if self._rate and (wait := self._rate.wait(_caller(scope))):
            return _refusal(429, f"too many requests; come back in {wait} s", {"Retry-After": str(wait)})
        return self._check_token(scope, headers)

    def _check_token(self, scope: Scope, headers: Headers) -> Response | None:
        if not self._admission.token:
            return None
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer" and self._admission.knows(bearer.strip()):
            return None
        cookie = _cookie_name(scope)
        if self._admission.knows(_cookie(headers, cookie)):
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["method"] == "GET" and self._admission.knows(query.get("token", [""])[0]):
            # A path of this server alone: "//evil.example" would lead elsewhere.
            entry = RedirectResponse("/" + scope["path"].lstrip("/\\"), status_code=303)
            entry.set_cookie(
                cookie,
                self._admission.token,
                httponly=True,
                samesite="lax",
                secure=scope["scheme"] == "https",
            )
            return entry
        return _refusal(
            401,
            "this server asks for its token: open the address it printed, or send Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )

    async def _read(self, scope: Scope, receive: Receive) -> bytes | Response:
        """The whole body, or why it is not taken."""
        most = self._openings.max_body_bytes
        too_large = _refusal(413, f"at most {most:,} bytes are taken at a time")
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > most:
            return too_large
        if scope["method"] in SAFE_METHODS and announced == "0":
            return b""
        pieces, size = [], 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return _refusal(400, "the request broke off")
                    pieces.append(message.get("body", b""))
                    size += len(pieces[-1])
                    if size > most:
                        return too_large
                    if not message.get("more_body"):
                        return b"".join(pieces)
        except TimeoutError:
            return _refusal(408, f"the request did not arrive within {BODY_SECONDS:g} s")

    def _with_headers(self, send: Send) -> Send:
        policy = self._openings.content_security

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "Content-Security-Policy": policy}.items():
                    headers[name] = value
            await send(message)

        return guarded


def gated(app: ASGIApp, admission: Admission, paths: Sequence[str] = (), **more: Any) -> Gate:
    """An application behind a gate; ``more`` goes to :class:`Openings`."""
    return Gate(app, admission, Openings(tuple(paths), **more))


def _from_another_site(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site's page made a request that is no mere visit of a link."""
    visit = scope["method"] == "GET" and headers.get("sec-fetch-mode", "navigate") == "navigate"
    visit = visit and headers.get("sec-fetch-dest", "document") == "document"
    return headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not visit


def _replay(body: bytes, receive: Receive) -> Callable[[], Any]:
    """Gives the body that was read already, and then whatever else the caller does."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _refusal(status: int, why: str, headers: dict[str, str] | None = None) -> PlainTextResponse:
    return PlainTextResponse(f"{why}\n", status, {"Connection": "close", **(headers or {})})


def _caller(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _cookie_name(scope: Scope) -> str:
    """Of this port: cookies do not tell ports apart, and another server on this machine has its own."""
    server = scope.get("server")
    return f"tastemaker-{server[1] if server else 0}"


def _cookie(headers: Headers, name: str) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""
