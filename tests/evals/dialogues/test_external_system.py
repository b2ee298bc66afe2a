"""Other people's systems: a Python callable, and a real HTTP server that speaks the OpenAI protocol."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tastemaker.evals.dialogues.case import DialogueCase, Names, Utterance
from tastemaker.evals.dialogues.external_system import (
    MAX_CALLS,
    CallableSystem,
    EndpointSystem,
    load_callable,
)
from tastemaker.evals.dialogues.model_system import TITLES, ModelAlone, resolve_titles
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.titles.resolver import TitleResolver

CASE = DialogueCase(
    "c",
    "c",
    2,
    (Utterance("recommender", "Hi"), Utterance("seeker", "like Harbour Lights")),
    ("1",),
    ("3",),
    response="Night Train North",
)


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    return film_workspace.tool_context()


def called(function, catalog):
    return CallableSystem(function, Names(catalog), {item.id: item.title for item in catalog})


def test_a_callable_is_told_the_context_and_nothing_of_the_answer(film_catalog):
    heard = []

    def system(told):
        heard.append(told)
        return ["3", "the  CELLAR (1974)", "The Celar", "Paper Moons"]

    answer = called(system, film_catalog).answer(CASE)
    assert answer.items == ("3", "8")
    assert answer.outside == ("The Celar", "Paper Moons")  # neither a typo nor a missing year is mapped
    assert heard == [
        {
            "context": [
                {"speaker": "recommender", "text": "Hi"},
                {"speaker": "seeker", "text": "like Harbour Lights"},
            ],
            "mentioned": ["Harbour Lights (1994)"],
            "k": 50,
        }
    ]
    assert "Night Train" not in json.dumps(heard)


def test_a_callable_may_say_something_too(film_catalog):
    answer = called(lambda _: {"items": ["3"], "text": "See this."}, film_catalog).answer(CASE)
    assert (answer.items, answer.text) == (("3",), "See this.")


def test_a_callable_is_named_by_module_and_function(monkeypatch, tmp_path):
    (tmp_path / "plugged_bot.py").write_text("NUMBER = 3\ndef recommend(told):\n    return ['3']\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_callable("plugged_bot:recommend")({}) == ["3"]
    for spec, said in (
        ("no_bot:x", "no callable"),
        ("plugged_bot:absent", "no callable"),
        ("plugged_bot:NUMBER", "not callable"),
    ):
        with pytest.raises(ConfigError, match=said):
            load_callable(spec)


def test_titles_are_resolved_strictly():
    catalog = Catalog(
        [
            Item("1", "Heat (1995)", {}),
            Item("2", "The Matrix (1999)", {}),
            Item("3", "Frozen (2010)", {}),
            Item("4", "Frozen (2013)", {}),
        ],
        Schema(attributes=()),
    )
    titles = [
        "heat",
        "The Matrix (1999)",
        "Heat (1986)",
        "The Matrx (1999)",
        "Frozen",
        "Frozen (2013)",
        "Up (2009)",
        "Heat (1995)",
    ]
    answer = resolve_titles(titles, TitleResolver(catalog))
    assert answer.items == ("1", "2", "4")
    assert answer.outside == ("Heat (1986)", "The Matrx (1999)", "Frozen", "Up (2009)")


def test_a_model_on_its_own_lists_titles_from_memory(fake_model, film_catalog):
    fake_model.enqueue({"titles": ["Night Train North (1996)", "Heat (1995)"]})
    answer = ModelAlone(fake_model, TitleResolver(film_catalog)).answer(CASE)
    assert (answer.items, answer.outside) == (("3",), ("Heat (1995)",))
    assert answer.usage["calls"] == 1
    ((form, messages),) = fake_model.history
    assert form == "Titles"
    assert str(TITLES) in messages[0][1]
    assert "seeker: like Harbour Lights" in messages[1][1]
    assert "Night Train" not in str(messages)


class Endpoint(BaseHTTPRequestHandler):
    """Answers with the next scripted message, and keeps what it was asked."""

    def do_POST(self):
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        message = self.server.script.pop(0) if self.server.script else {"content": "no more"}
        body = {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": None, **message},
                }
            ],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        }
        said = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint(tool_context):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.script, server.asked = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.system = EndpointSystem(f"http://127.0.0.1:{server.server_port}/v1#m", tool_context)
    yield server
    server.system.close()
    server.shutdown()
    server.server_close()


def calls(*pairs):
    functions = [
        {"name": name, "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments)}
        for name, arguments in pairs
    ]
    return {
        "tool_calls": [
            {"id": f"t{n}", "type": "function", "function": one} for n, one in enumerate(functions)
        ]
    }


@pytest.mark.wire
def test_an_endpoint_searches_and_answers(endpoint):
    endpoint.script += [
        calls(("search", {"text": "a detective on a train", "k": 3})),
        calls(("answer", {"titles": ["Night Train North (1996)", "Heat (1995)"]})),
    ]
    answer = endpoint.system.answer(CASE)
    assert (answer.items, answer.outside) == (("3",), ("Heat (1995)",))
    assert answer.usage == {"calls": 2, "prompt_tokens": 20, "completion_tokens": 10}
    first, second = endpoint.asked
    assert first["model"] == "m"
    assert [tool["function"]["name"] for tool in first["tools"]] == ["search", "answer"]
    assert "seeker: like Harbour Lights" in first["messages"][1]["content"]
    assert "Night Train" not in json.dumps(first)
    found = json.loads(second["messages"][-1]["content"])
    assert found[0] == "Night Train North (1996)"
    assert len(found) == 3


@pytest.mark.wire
def test_a_malformed_call_is_told_to_the_model(endpoint):
    endpoint.script += [
        calls(
            ("search", "{"), ("search", {"text": "  "}), ("lookup", {}), ("search", {"k": 2}), ("answer", {})
        ),
        {"content": "Sure:\n1. **Night Train North (1996)**\n2. Nothing (1999)"},
    ]
    answer = endpoint.system.answer(CASE)
    assert (answer.items, answer.outside) == (("3",), ("Nothing (1999)",))
    told = [message["content"] for message in endpoint.asked[1]["messages"] if message["role"] == "tool"]
    assert len(told) == 5
    assert all(one.startswith("error: ") for one in told)
    assert "there are search and answer" in told[2]


@pytest.mark.wire
def test_an_endpoint_that_only_searches_is_made_to_answer_and_then_given_up(endpoint):
    endpoint.script += [calls(("search", {"text": "train"}))] * (MAX_CALLS + 1)
    answer = endpoint.system.answer(CASE)
    assert answer.items == ()
    assert len(endpoint.asked) == MAX_CALLS + 1
    assert [tool["function"]["name"] for tool in endpoint.asked[-1]["tools"]] == ["answer"]


def test_an_endpoint_needs_a_model_name(tool_context):
    with pytest.raises(ConfigError, match="names no model"):
        EndpointSystem("http://127.0.0.1:1/v1", tool_context)
