"""The served page over plain HTTP: what other sites, files, floods and early messages get from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.tools.workspace.workspace import Workspace

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def url(film_workspace: Workspace) -> Iterator[str]:
    from tastemaker.ui.web.server import launch

    with Tastemaker(film_workspace) as tm:
        server, url = launch(tm, port=8050)
        yield url
        server.close()


PLAINLY: dict[str, Any] = {"timeout": 60, "trust_env": False}


class Caller:
    """A page without a browser: sends events to the queue and hears what comes of them."""

    def __init__(self, url: str, session: str) -> None:
        self._url = httpx.URL(url)
        self._session = session
        config = httpx.get(self._url.join("config"), **PLAINLY).json()
        box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "tm-box")
        self.send = next(d["id"] for d in config["dependencies"] if [box, "submit"] in d["targets"])

    def call(self, function: int, data: list[Any], **more: Any) -> httpx.Response:
        body = {"data": data, "fn_index": function, "session_hash": self._session, **more}
        return httpx.post(self._url.join("gradio_api/queue/join"), json=body, **PLAINLY)

    def hear(self) -> list[dict[str, Any]]:
        """All that is told until the event is over."""
        heard = []
        place = self._url.join("gradio_api/queue/data").copy_set_param("session_hash", self._session)
        with httpx.stream("GET", place, **PLAINLY) as told:
            for line in told.iter_lines():
                if line.startswith("data:"):
                    heard.append(json.loads(line[5:]))
                    if heard[-1]["msg"] in ("process_completed", "close_stream"):
                        break
        return heard


def test_the_page_answers_to_its_own_name_and_no_other(url: str) -> None:
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/config").status_code == 200
        for path in ("/", "/config", "/gradio_api/queue/data?session_hash=x"):
            assert client.get(path, headers={"host": "evil.example:8050"}).status_code == 421
        evil = {"origin": "http://evil.example"}
        for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/component_server"):
            assert client.post(path, headers=evil, json={}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/upload",
        "gradio_api/run/predict",
        "gradio_api/call/x",
        "gradio_api/stream/x",
        "login",
        "monitoring",
        "gradio_api/file=/etc/passwd",
        "gradio_api/proxy=http://127.0.0.1/",
        "gradio_api/info",
        "gradio_api/token",
        "gradio_api/vibe-edit",
        "gradio_api/process_recording",
        "gradio_api/openapi.json",
        "docs",
        "openapi.json",
        "gradio_api/custom_component/a/client/component/style.css",
        "gradio_api/deep_link",
        "manifest.json",
    ],
)
def test_what_the_page_does_not_use_is_closed(url: str, path: str) -> None:
    for method in ("GET", "POST"):
        assert httpx.request(method, url + path, content=b"x", trust_env=False).status_code == 404


def test_a_message_is_taken_up_to_its_limit(url: str) -> None:
    page = Caller(url, "limits")
    assert page.call(page.send, [None, "x" * 50_000_000, []]).status_code == 413
    assert page.call(page.send, [None, "é" * 20_001, []]).status_code == 200
    told = json.dumps(page.hear()[-1]["output"]["data"])
    assert "at most 20,000 are read" in told
    assert len(told) < 60_000


def test_an_event_that_the_page_cannot_send_is_refused(url: str) -> None:
    numbers = ({"fn_index": number} for number in (-1, 9_999, 10**30, True, "0", None))
    send = Caller(url, "known").send
    with httpx.Client(base_url=url, trust_env=False) as client:
        for wrong in (*numbers, {"data": []}, {"data": "none"}, {"data": None}):
            event = {"fn_index": send, "data": [None, "a drama", None], "session_hash": "wrong", **wrong}
            told = client.post("gradio_api/queue/join", json=event)
            assert (told.status_code, told.json()) == (422, {"detail": "malformed request"}), wrong


def test_a_message_of_nothing_is_no_error(url: str) -> None:
    page = Caller(url, "nothing")
    assert page.call(page.send, [None, None, []]).status_code == 200
    assert page.hear()[-1]["success"]


def test_a_message_sent_before_the_page_was_ready_is_answered(url: str) -> None:
    page = Caller(url, "early")
    assert page.call(page.send, [None, "a thriller", []]).status_code == 200
    done = page.hear()[-1]
    assert done["success"], done
    assert "Harbour Lights" in json.dumps(done["output"])


def test_a_page_for_others_asks_for_its_token(film_workspace: Workspace) -> None:
    from tastemaker.ui.web.server import launch

    with Tastemaker(film_workspace) as tm:
        server, url = launch(tm, host="0.0.0.0", port=8070)
        with server, httpx.Client(trust_env=False) as client:
            plain = url.partition("?")[0]
            assert client.get(plain + "config").status_code == 401
            assert client.get(url).status_code == 303
            assert client.get(plain + "config").status_code == 200
        server, url = launch(tm, host="0.0.0.0", port=8070, no_auth=True)
        with server:
            assert httpx.get(url + "config", trust_env=False).status_code == 200
