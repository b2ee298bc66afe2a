"""The server over real HTTP: conversations, events, search, ingestion, keys, limits, health."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings, read_keys

pytestmark = pytest.mark.wire

ANNA, BEN = "anna-has-a-long-key", "ben-has-another-key"


@pytest.fixture(scope="module")
def tm(film_workspace, tmp_path_factory) -> Iterator[Tastemaker]:
    with Tastemaker(film_workspace, home=tmp_path_factory.mktemp("home")) as opened:
        yield opened


def start(tm: Tastemaker, page: bool = False, **settings) -> Iterator[httpx.Client]:
    admission = Admission.of("127.0.0.1", origins=settings.get("origins", ()))
    listener = listen("127.0.0.1", 8300)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with (
        RunningServer(application(tm, admission, ServerSettings(page=page, **settings)), listener),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def http(tm) -> Iterator[httpx.Client]:
    yield from start(tm)


@pytest.fixture(scope="module")
def keyed(tm) -> Iterator[httpx.Client]:
    yield from start(tm, keys={ANNA: "anna", BEN: "ben"}, origins=("https://shop.example",))


def events_of(answer: httpx.Response) -> list[dict]:
    pairs = [block.split("\n", 1) for block in answer.text.strip().split("\n\n")]
    told = [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in pairs]
    assert all(name == data["kind"] for name, data in told)
    return [data for _, data in told]


def test_a_conversation_from_its_beginning_to_its_end(http):
    begun = http.post("/v1/sessions", json={"liked": ["Harbour Lights (1994)"]})
    assert begun.status_code == 201
    place = f"/v1/sessions/{begun.json()['session']}"
    told = events_of(http.post(f"{place}/messages", json={"message": "a thriller, no horror", "k": 2}))
    assert [told[0]["kind"], told[-1]["kind"]] == ["queued", "done"]
    assert {"started", "understood", "tool", "item"} <= {one["kind"] for one in told}
    reply = told[-1]["reply"]
    assert reply["session"] == begun.json()["session"]
    assert "trace" not in reply
    assert len(reply["items"]) == 2
    for item in reply["items"]:
        assert "Thriller" in item["attributes"]["genres"]
        assert "Horror" not in item["attributes"]["genres"]
        assert item["why"][0] == item["reason"]
    whole = http.post(f"{place}/messages", json={"message": "something else", "k": 1, "stream": False}).json()
    assert {one["id"] for one in whole["items"]}.isdisjoint(one["id"] for one in reply["items"])
    kept = http.get(place).json()
    assert [one["role"] for one in kept["messages"]] == ["user", "assistant"] * 2
    assert kept["profile"]["likes"] == [{"id": "1", "title": "Harbour Lights (1994)"}]
    assert "# Conversation" in http.get(f"{place}/export").text
    assert http.get(f"{place}/export?form=json").json()["session"] == kept["session"]
    assert http.delete(place).status_code == 204
    assert http.get(place).status_code == 404


def test_profile_edits_are_applied_and_taken_back(http):
    place = f"/v1/sessions/{http.post('/v1/sessions', json={}).json()['session']}"

    def edit(**change):
        return http.patch(f"{place}/profile", json=change)

    assert edit(do="like", item="2").json()["profile"]["likes"][0]["id"] == "2"
    said = edit(do="condition", where="from 1990 on").json()["profile"]["conditions"]
    assert len(said) == 1
    for do in ("drop", "widen"):
        assert edit(do=do, where="nothing").status_code == 422
    wider = edit(do="widen", where=said[0]).json()["profile"]["conditions"]
    assert (said, wider) == (["year at least 1990"], ["year at least 1985"])
    assert edit(do="undo").json()["profile"]["conditions"] == said
    assert edit(do="drop", where=said[0]).json()["profile"]["conditions"] == []
    assert edit(do="undo").json()["profile"]["conditions"] == said
    assert edit(do="choose", item="3").json()["profile"]["history"][0]["id"] == "3"
    for wrong in ({"do": "like"}, {"do": "like", "item": "99"}, {"do": "condition"}, {"do": "fly"}):
        assert edit(**wrong).status_code == 422


def test_search_items_and_recommend(http):
    found = http.post("/v1/search", json={"text": "a jury", "where": "before 1990", "k": 2}).json()["items"]
    assert found[0]["title"] == "The Long Verdict (1957)"
    assert all(one["attributes"]["year"] < 1990 for one in found)
    pages = [
        http.post("/v1/search", json={"text": "a film", "k": 3, "skip": skip}).json()["items"]
        for skip in (0, 3)
    ]
    assert len({one["id"] for page in pages for one in page}) == 6
    assert http.get("/v1/items?limit=5").json()["total"] == 12
    assert http.get("/v1/items?title=twin").json()["items"][0]["title"].startswith("Twin Rivers")
    assert http.get("/v1/items/7").json()["title"] == "Star Ferry (1982)"
    assert http.get("/v1/items/nothing").status_code == 404
    reply = http.post("/v1/recommend", json={"message": "a comedy", "k": 1}).json()
    assert http.get(f"/v1/sessions/{reply['session']}").status_code == 200


def test_events_reach_profile_log_and_file(http, tm):
    session = http.post("/v1/recommend", json={"message": "a drama", "person": "eve"}).json()["session"]
    taken = http.post(
        "/v1/events",
        json={
            "events": [
                {"kind": "liked", "item": "2", "session": session},
                {"kind": "chosen", "item": "6", "person": "kim", "timestamp": 5},
            ]
        },
    )
    assert (taken.status_code, taken.json()) == (202, {"taken": 2})
    assert http.get(f"/v1/sessions/{session}").json()["profile"]["likes"][0]["id"] == "2"
    assert tm.person("kim").taste.history == ("6",)
    lines = [
        json.loads(line) for file in (tm.home / "events").iterdir() for line in file.read_text().splitlines()
    ]
    assert {"user": "kim", "item": "6", "kind": "chosen", "timestamp": 5} in lines
    for wrong in (
        {"kind": "liked", "item": "2"},
        {"kind": "liked", "item": "99", "person": "kim"},
        {"kind": "liked", "item": "2", "session": "never"},
    ):
        both = {"events": [{"kind": "disliked", "item": "6", "person": "kim"}, wrong]}
        assert http.post("/v1/events", json=both).status_code in (404, 422)
    assert tm.person("kim").taste.dislikes == ()


def test_wrong_requests_are_told_in_one_shape(http):
    for answer in (
        http.post("/v1/recommend", json={"k": 0}),
        http.post("/v1/recommend", content=b"{"),
        http.post("/v1/recommend", json={"liked": ["No Such Film"]}),
        http.post("/v1/sessions/never/messages", json={"message": "x"}),
        http.post(
            f"{http.post('/v1/sessions', json={}).headers['location']}/messages", json={"message": " "}
        ),
        http.get("/v1/nothing"),
        http.put("/v1/search"),
    ):
        assert 400 <= answer.status_code < 500
        assert answer.json()["error"]["type"] == "invalid_request_error"
        assert answer.json()["error"]["message"]
    assert http.get("/healthz", headers={"Host": "evil.example"}).status_code == 421
    assert http.post("/v1/recommend", content=b" " * 300_000).status_code == 413


def test_lists_of_titles_are_as_long_as_over_mcp_and_no_longer(http):
    liked = ["Harbour Lights"] * 100
    assert http.post("/v1/recommend", json={"liked": liked}).status_code == 200
    for path in ("/v1/recommend", "/v1/sessions"):
        told = http.post(path, json={"liked": [*liked, "Harbour Lights"]})
        assert (told.status_code, "at most 100" in told.text) == (422, True)


def test_clients_have_keys_and_their_own_conversations(keyed):
    anna, ben = ({"Authorization": f"Bearer {key}"} for key in (ANNA, BEN))
    assert keyed.post("/v1/recommend", json={}).status_code == 401
    assert keyed.get("/metrics").status_code == 401
    assert keyed.get("/healthz").status_code == 200
    session = keyed.post("/v1/recommend", json={"person": "eve"}, headers=anna).json()["session"]
    assert keyed.get(f"/v1/sessions/{session}", headers=anna).status_code == 200
    assert keyed.get(f"/v1/sessions/{session}", headers=ben).status_code == 404
    assert keyed.get(f"/v1/sessions/anna_{session}", headers=ben).status_code == 404


def test_named_sites_may_call_and_others_may_not(keyed):
    def ask(origin):
        return keyed.options(
            "/v1/recommend",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type",
            },
        )

    assert ask("https://shop.example").headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in ask("https://evil.example").headers
    widget = keyed.get(
        "/widget.js", headers={"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert widget.status_code == 200
    assert widget.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_burst_is_shed_politely_and_figures_tell(tm):
    with contextmanager(start)(tm, turns_at_once=1, waiting=2, wait_seconds=0.5) as http:
        with ThreadPoolExecutor(30) as pool:
            answers = list(
                pool.map(lambda _: http.post("/v1/recommend", json={"message": "a drama", "k": 1}), range(60))
            )
        assert {one.status_code for one in answers} == {200, 503}
        assert all(one.headers["retry-after"] for one in answers if one.status_code == 503)
        assert http.post("/v1/recommend", json={"message": "a drama"}).status_code == 200
        assert http.get("/readyz").json()["status"] == "ready"
        figures = http.get("/metrics").text
        assert 'tastemaker_requests_total{method="POST",route="/v1/recommend",status="200"}' in figures
        assert "tastemaker_turns_shed 0.0" not in figures


def test_the_page_is_served_beside_it_but_not_to_clients_with_keys(tm):
    with contextmanager(start)(tm, page=True) as http:
        assert "tm-box" in http.get("/").text
        assert http.post("/v1/recommend", json={"k": 1}).status_code == 200
        assert http.get("/gradio_api/info").status_code == 404
    with contextmanager(start)(tm, page=True, keys={ANNA: "anna"}) as http:
        assert http.get("/", headers={"Authorization": f"Bearer {ANNA}"}).status_code == 404


def test_settings_and_keys_are_checked(tmp_path: Path):
    with pytest.raises(ConfigError, match="without a slash"):
        ServerSettings(root_path="/taste/")
    with pytest.raises(ConfigError, match="scheme and host"):
        ServerSettings(origins=("*",))
    file = tmp_path / "keys.toml"
    for text, said in (
        ("", "no key"),
        ('shop = "short"', "16 characters"),
        ('A = "x"', "small letters"),
        ("?", "write"),
    ):
        file.write_text(text)
        with pytest.raises(ConfigError, match=said):
            read_keys(file)
    file.write_text(f'shop = "{ANNA}"\nsite = "{BEN}"\n')
    assert read_keys(file) == {ANNA: "shop", BEN: "site"}
