"""The wire with the real thing: llama.cpp's server and a small model, whose answers are nonsense but well-formed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.events import Fallback, ModelCalled
from tastemaker.agent.llm.local_server import ensure_local_server
from tastemaker.agent.llm.open_models import open_model, open_models
from tastemaker.agent.nlu.understanding import reply_schema
from tastemaker.retrieval.errors import ModelBusy, ModelNonsense, ModelRefused, ModelTimeout, ModelUnreachable

SMALL = "local:smollm2-135m"

pytestmark = pytest.mark.wire


def test_a_whole_turn_over_the_wire(film_workspace, film_catalog):
    with Tastemaker.open(film_workspace.path, llm=SMALL, effort="balanced") as tm:
        tm.warm_up()
        session = tm.session(liked=["Harbour Lights (1994)"])
        events = list(session.stream("something tense from the nineties, no horror", k=2))
    reply = events[-1].reply
    assert len(reply.items) == 2
    for card in reply.items:
        assert card.id in film_catalog
        assert 1990 <= card.attributes["year"] <= 1999
        assert "Horror" not in card.attributes["genres"]
    called = [event for event in events if isinstance(event, ModelCalled)]
    failed = [event for event in events if isinstance(event, Fallback)]
    assert called or failed
    assert reply.usage.calls == len(called)


def test_the_answer_fits_the_form_and_the_second_call_finds_its_prefix_cached():
    model = open_model(SMALL)
    choice = {"type": "object", "properties": {"mood": {"enum": ["calm", "wild"]}}, "required": ["mood"]}
    schema = {"title": "mood", "description": "a mood", "additionalProperties": False, **choice}
    system = ("system", "You fill in forms. " * 30)
    model.complete(schema, [system, ("user", "I liked Paper Moons")], 40)
    again = model.complete(schema, [system, ("user", "a comedy")], 40)
    assert again.value["mood"] in ("calm", "wild")
    assert again.usage.cached_tokens > 50
    assert again.usage.completion_tokens > 0


def test_an_answer_cut_short_is_nonsense_not_a_crash():
    with pytest.raises(ModelNonsense, match="in 5 tokens"):
        open_model(SMALL).complete(reply_schema(5), [("user", "Say a lot.")], 5)


def test_a_wrong_key_is_refused_and_says_so(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-key-0123456789")
    server = ensure_local_server("smollm2-135m")
    with pytest.raises(ModelRefused, match="check the key") as raised:
        open_model(f"{server.base_url}#{server.model}").complete(reply_schema(1), [("user", "hi")], 20)
    assert "0123456789" not in str(raised.value)


def test_no_server_is_unreachable():
    with pytest.raises(ModelUnreachable, match="tastemaker doctor"):
        open_model("http://127.0.0.1:9/v1#nothing").complete(reply_schema(1), [("user", "hi")], 20)


def test_a_call_ends_when_its_time_is_over():
    with pytest.raises(ModelTimeout, match="in time"):
        open_model(SMALL).complete(reply_schema(8), [("user", "Tell a story. " * 50)], 400, timeout=0.05)


@pytest.fixture
def flaky_server():
    """A server that is busy for its first two answers, and says how long to wait."""
    answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            answers.append(self.path)
            busy = len(answers) <= 2
            message = {"role": "assistant", "content": '{"lead": "hello"}'}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
            self.send_response(429 if busy else 200)
            self.send_header("content-type", "application/json")
            if busy:
                self.send_header("retry-after", "0.01")
            self.end_headers()
            self.wfile.write(json.dumps({"error": {"message": "busy"}} if busy else body).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1#m", answers
        server.shutdown()


def test_a_busy_server_is_asked_again_and_its_wish_to_wait_is_heard(flaky_server):
    spec, answers = flaky_server
    with pytest.raises(ModelBusy) as raised:
        open_model(spec).complete(reply_schema(0), [("user", "hi")], 20)
    assert raised.value.retry_after == 0.01
    filled = open_models(spec).complete(reply_schema(0), [("user", "hi")], 20)
    assert filled.value == {"lead": "hello"}
    assert len(answers) == 3


def test_where_the_first_model_is_away_the_fallback_answers(film_workspace):
    away = "http://127.0.0.1:9/v1#nothing"
    with Tastemaker.open(film_workspace.path, llm=away, fallback=[SMALL, "rules"], effort="fast") as tm:
        events = list(tm.session().stream("a thriller from the nineties", k=2))
    assert any(event.kind == "switched" and event.error == "ModelUnreachable" for event in events)
    assert len(events[-1].reply.items) == 2
