"""MCP and the page share their turns' places with REST: each does less, or is sent away, when others hold them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.turn.allowance import WITHOUT_MODEL_NOW
from tastemaker.evals.studies.injections import ObeyingModel
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings
from tastemaker.ui.web.tab import CROWDED

pytestmark = pytest.mark.wire


class HeldModel(ObeyingModel):
    """Answers once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.let.set()
        self.asked_now = threading.Semaphore(0)

    def complete(self, schema, messages, max_tokens, timeout=None):
        self.asked_now.release()
        assert self.let.wait(120)
        return super().complete(schema, messages, max_tokens, timeout)


class Ways:
    """One server's three ways to a turn; each gives the text of what came back."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        config = http.get("/config").json()
        box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "tm-box")
        self._send = next(d["id"] for d in config["dependencies"] if [box, "submit"] in d["targets"])

    def rest(self) -> str:
        return self._http.post("/v1/recommend", json={"message": "a drama", "k": 1}).text

    def mcp(self) -> str:
        asked = {"name": "recommend", "arguments": {"message": "a drama", "k": 1}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}
        accepted = {"Accept": "application/json, text/event-stream"}
        return self._http.post("/mcp", json=body, headers=accepted).text

    def page(self, tab: str) -> str:
        body = {"data": [None, "a drama", []], "fn_index": self._send, "session_hash": tab}
        assert self._http.post("/gradio_api/queue/join", json=body).status_code == 200
        asked = {"session_hash": tab}
        with self._http.stream("GET", "/gradio_api/queue/data", params=asked) as told:
            lines = [line for line in told.iter_lines() if "process_completed" in line]
        return json.dumps(json.loads(lines[-1][5:])["output"])


@contextmanager
def served(workspace, home, model, **more) -> Iterator[Ways]:
    settings = ServerSettings(per_second=10_000, burst=100_000, **more)
    listener = listen("127.0.0.1", 8900)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with (
        Tastemaker(workspace, model, home=home) as tm,
        RunningServer(application(tm, Admission.of("127.0.0.1"), settings), listener),
        httpx.Client(base_url=address, timeout=120, limits=httpx.Limits(max_connections=100)) as http,
    ):
        yield Ways(http)


def test_who_finds_no_place_is_told_so_whichever_way_they_came(film_workspace, tmp_path):
    model = HeldModel()
    few = {"turns_at_once": 1, "waiting": 1, "wait_seconds": 0.5, "rules_at": 1, "fast_at": 1}
    with served(film_workspace, tmp_path, model, **few) as ways, ThreadPoolExecutor(60) as pool:
        for hold in (ways.mcp, lambda: ways.page("holds")):
            model.let.clear()
            model.asked_now = threading.Semaphore(0)  # calls of turns before do not count
            holds = pool.submit(hold)
            assert model.asked_now.acquire(timeout=60)
            others = [pool.submit(ways.rest), pool.submit(ways.mcp)]
            # More than Gradio has threads for, and more than may wait.
            others += [pool.submit(ways.page, f"{id(hold)}-{n}") for n in range(40)]
            told = [one.result(120) for one in others]
            assert all("come again in" in one for one in told[:2])
            assert all(CROWDED in one for one in told[2:])
            model.let.set()
            assert "come again" not in (answer := holds.result(120))
            assert CROWDED not in answer
            for way in (ways.rest, ways.mcp, lambda: ways.page(f"after {id(hold)}")):  # noqa: B023 - at once
                asked = model.asked
                assert "come again" not in (answer := way())
                assert CROWDED not in answer
                assert model.asked > asked  # by the model again, not by rules


def test_under_load_turns_over_mcp_and_the_page_go_by_rules(film_workspace, tmp_path):
    model = HeldModel()
    with served(film_workspace, tmp_path, model, rules_at=0, fast_at=0) as ways:
        for answer in (ways.rest(), ways.mcp(), ways.page("one")):
            assert WITHOUT_MODEL_NOW in answer
        assert model.asked == 0
