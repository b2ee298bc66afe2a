"""Who gets in: the names, origins, tokens, sizes and rates that a served application lets through."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.gate import gate as gate_module
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.gate import Gate, Openings
from tastemaker.ui.gate.rate import RateLimit

LOCAL = Admission.of("127.0.0.1")
API = Openings(paths=("/$", "/api/"))
TOKEN = "0123456789abcdef-xyz"


async def _echo(request: Request) -> Response:
    return Response(await request.body())


def _ask(
    admission: Admission,
    method: str = "GET",
    path: str = "/",
    host: str = "127.0.0.1:7860",
    rate: RateLimit | None = None,
    openings: Openings = API,
    **more: Any,
) -> httpx.Response:
    routes = [Route("/{rest:path}", _echo, methods=["GET", "POST", "PUT"])]
    transport = httpx.ASGITransport(Gate(Starlette(routes=routes), admission, openings, rate))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.request(
                method, path, headers={"host": host, **more.pop("headers", {})}, **more
            )

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.5:7860",
        "",
        "localhost@evil.example",
        "evil.example/127.0.0.1",
        "127.0.0.1 evil",
        "[::1].evil.example",
        "0x7f000001",
    ],
)
def test_a_name_that_the_server_was_not_told_is_refused(host: str) -> None:
    assert _ask(LOCAL, host=host).status_code == 421


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:7860", "LOCALHOST", "[::1]:7860", "127.0.0.9", "localhost."]
)
def test_loopback_is_answered_by_all_its_names(host: str) -> None:
    assert _ask(LOCAL, host=host).status_code == 200


def test_elsewhere_addresses_and_named_hosts_are_answered_and_rebound_names_are_not() -> None:
    open_to_all = Admission.of("0.0.0.0", no_auth=True, names=["Shop.example"])
    assert _ask(open_to_all, host="192.168.1.4:80").status_code == 200
    assert _ask(open_to_all, host="shop.example").status_code == 200
    assert _ask(open_to_all, host="evil.example").status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "file://127.0.0.1:7860"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    ],
)
def test_a_page_of_another_site_may_not_call(headers: dict[str, str]) -> None:
    assert _ask(LOCAL, headers=headers).status_code == 403


def test_a_form_of_another_site_may_not_post_and_a_link_may_be_followed() -> None:
    visit = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert _ask(LOCAL, headers=visit).status_code == 200
    assert _ask(LOCAL, "POST", headers=visit).status_code == 403
    assert _ask(LOCAL, headers={"origin": "http://127.0.0.1:7860"}).status_code == 200


def test_a_shop_that_was_named_may_call() -> None:
    shop = Admission.of("127.0.0.1", origins=["https://shop.example/"])
    assert _ask(shop, headers={"origin": "https://shop.example"}).status_code == 200
    assert _ask(shop, headers={"origin": "http://shop.example"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/upload", "/apix", "/gradio_api/file=/etc/passwd", "http://x//", "/api/%2e%2e/upload", "/api/..%5cx"],
)
def test_what_is_not_open_is_not_there(path: str) -> None:
    assert _ask(LOCAL, path=path).status_code == 404


def test_a_token_is_asked_for_beyond_loopback_and_sets_a_cookie_once_shown() -> None:
    guarded = Admission.of("0.0.0.0", token=TOKEN)
    refused = _ask(guarded)
    assert refused.status_code == 401
    assert TOKEN not in refused.text
    assert _ask(guarded, headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 401
    assert _ask(guarded, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    entry = _ask(guarded, path=f"http://x//evil.example?token={TOKEN}", openings=Openings())
    assert (entry.status_code, entry.headers["location"]) == (303, "/evil.example")
    cookie = entry.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    name, value = cookie.split(";")[0].split("=", 1)
    assert _ask(guarded, headers={"cookie": f"{name}={value}"}).status_code == 200
    assert _ask(guarded, headers={"cookie": f"{name}=guess"}).status_code == 401
    assert _ask(guarded, "POST", path=f"/?token={TOKEN}").status_code == 401


def test_a_token_is_made_where_none_is_given_and_never_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {Admission.of("0.0.0.0").token for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 32
    assert Admission.of("0.0.0.0", no_auth=True).token == ""
    with pytest.raises(ConfigError, match="at least 16"):
        Admission.of("0.0.0.0", token="secret")
    with pytest.raises(ConfigError, match="--no-auth"):
        Admission.of("0.0.0.0", token=TOKEN, no_auth=True)
    monkeypatch.setenv("TASTEMAKER_TOKEN", TOKEN)
    assert Admission.of("127.0.0.1").token == TOKEN


def test_a_body_is_taken_up_to_its_limit_whatever_it_says_of_itself() -> None:
    small = Openings(max_body_bytes=1000)
    assert _ask(LOCAL, "POST", openings=small, content=b"x" * 1000).content == b"x" * 1000
    assert _ask(LOCAL, "POST", openings=small, content=b"x" * 1001).status_code == 413

    async def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 100

    assert _ask(LOCAL, "POST", openings=small, content=pieces()).status_code == 413
    for length in ("-1", "1e3", "9" * 50, "0x10"):
        answer = _ask(LOCAL, "POST", openings=small, content=b"x", headers={"content-length": length})
        assert answer.status_code == 413


def test_a_body_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "BODY_SECONDS", 0.05)

    async def trickle() -> Any:
        while True:
            yield b"x"
            await asyncio.sleep(0.02)

    assert _ask(LOCAL, "POST", content=trickle()).status_code == 408


def test_one_caller_cannot_take_the_server_for_itself() -> None:
    limit = RateLimit(per_second=0.01, burst=3, clock=lambda: 0.0)
    codes = [_ask(LOCAL, rate=limit).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert int(_ask(LOCAL, rate=limit).headers["retry-after"]) == 100


def test_every_answer_refusals_too_forbids_frames_and_sniffing() -> None:
    for answer in (_ask(LOCAL), _ask(LOCAL, host="evil.example")):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers
