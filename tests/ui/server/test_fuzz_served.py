"""What clients of MCP and the page's queue may send: answered or refused within 5 s, never an error of the server's."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tastemaker.agent import Tastemaker
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings

pytestmark = [
    pytest.mark.wire,
    # The server runs in a thread of this process and draws random numbers of its own. Where it does so while
    # a value is drawn, hypothesis believes that the strategy did, and writes the whole strategy out to say so.
    pytest.mark.filterwarnings("ignore:Do not use the `random` module"),
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]
LONGEST = 5.0
KEYS = {"anna-has-a-long-key": "anna", "ben-has-another-key": "ben"}
DRAWN = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ("\x00", "\ud83d", "a" * 21_000, "../../etc/passwd", "year at least", "(" * 300, "1", "")
    ),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
tools = st.sampled_from(("recommend", "search", "inspect", "profile", "no such tool"))
names = st.sampled_from(("message", "liked", "session", "k", "text", "where", "like", "item", "person", "x"))


@pytest.fixture(scope="module")
def tm(film_workspace, tmp_path_factory) -> Iterator[Tastemaker]:
    with Tastemaker(film_workspace, home=tmp_path_factory.mktemp("home")) as opened:
        yield opened


def start(tm: Tastemaker, port: int, **more) -> Iterator[httpx.Client]:
    listener = listen("127.0.0.1", port)
    chosen = ServerSettings(per_second=10_000, burst=100_000, **more)
    with (
        RunningServer(application(tm, Admission.of("127.0.0.1"), chosen), listener),
        httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=4 * LONGEST) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def http(tm) -> Iterator[httpx.Client]:
    yield from start(tm, 8600, page=True)


def post(http: httpx.Client, path: str, content: bytes) -> httpx.Response:
    started = time.perf_counter()
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    answer = http.post(path, content=content, headers=headers)
    assert time.perf_counter() - started < LONGEST, content[:200]
    assert answer.status_code < 500, (answer.status_code, answer.text[:300], content[:200])
    assert "Traceback" not in answer.text
    return answer


def test_tools_over_mcp_take_any_arguments(http):
    @DRAWN
    @given(tool=tools, arguments=st.dictionaries(names, anything, max_size=4) | anything)
    def call(tool, arguments):
        asked = {"name": tool, "arguments": arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}
        answer = post(http, "/mcp", json.dumps(body).encode())
        if answer.status_code == 200:
            told = answer.text
            # An exception that nobody foresaw is told as "Error executing tool NAME" alone, and logged.
            assert '"code":-32603' not in told.replace(" ", ""), told[:400]

    call()


def test_messages_over_mcp_may_be_anything(http):
    @DRAWN
    @given(body=anything.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
    def send(body):
        post(http, "/mcp", body)

    send()


def test_the_pages_queue_takes_anything(http):
    fields = st.sampled_from(("data", "fn_index", "session_hash", "event_data", "trigger_id", "event_id"))
    form = {
        "data": st.lists(anything, max_size=5),
        "fn_index": st.integers(-2, 40),
        "session_hash": st.text("abc", min_size=3, max_size=8),
    }

    @DRAWN
    @given(
        body=st.fixed_dictionaries(form, optional={"event_data": anything})
        | st.dictionaries(fields, anything, max_size=6)
        | anything,
        path=st.sampled_from(("join", "join?__theme=light", "data")),
    )
    def send(body, path):
        if path == "data":
            hash_ = str(body)[:50]
            answer = http.get("/gradio_api/queue/join", params={"session_hash": hash_})
            assert answer.status_code < 500
        else:
            post(http, f"/gradio_api/queue/{path}", json.dumps(body).encode())

    send()
    assert http.get("/").status_code == 200
    assert http.get("/readyz").status_code == 200


def test_a_client_reaches_nobody_elses_people_and_conversations_over_mcp(tm):
    with contextmanager(start)(tm, 8700, page=False, keys=KEYS) as http:
        anna, ben = ({"Authorization": f"Bearer {key}"} for key in KEYS)
        taken = {"events": [{"kind": "liked", "item": "2", "person": "eve"}]}
        assert http.post("/v1/events", json=taken, headers=anna).status_code == 202

        async def call(headers: dict[str, str], tool: str, **arguments):
            async with (
                httpx.AsyncClient(headers=headers) as own,
                streamable_http_client(
                    f"{str(http.base_url).rstrip(chr(47))}/mcp", http_client=own
                ) as streams,
                ClientSession(streams[0], streams[1]) as session,
            ):
                await session.initialize()
                return (await session.call_tool(tool, arguments)).structured_content

        def ask(*given, **more):
            return asyncio.run(call(*given, **more))

        for person in ("eve", "anna_eve"):
            assert ask(anna, "profile", person=person)["likes"] == ["The Long Verdict (1957)"]
            assert ask(ben, "profile", person=person)["likes"] == []
        first = ask(anna, "recommend", message="a thriller", k=1)
        again = ask(anna, "recommend", message="something else", k=1, session=first["session"])
        stolen = ask(ben, "recommend", message="something else", k=1, session=first["session"])
        assert again["session"] == first["session"]
        assert stolen["session"] != first["session"]
