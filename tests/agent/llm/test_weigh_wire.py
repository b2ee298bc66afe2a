"""Weighing letters over the wire: llama.cpp's server tells log-probabilities, a server that does not is asked in a form."""

import json
import math
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tastemaker.agent.llm.open_models import open_model, open_models
from tastemaker.agent.shortlist.llm_rerank import Shown, preferences
from tastemaker.retrieval.errors import ModelTimeout, NoLogprobs

LATE = 30
"""Seconds after which a late server answers, far beyond any limit here."""
SMALL = "local:smollm2-135m"

pytestmark = pytest.mark.wire


def test_letters_are_weighed_by_one_token_and_the_prefix_is_cached():
    model = open_models(SMALL)
    system = ("system", "Answer with one letter. " * 20)
    asked = [system, ("user", "A. a dog\nB. a cat\nC. a bird\nWhich one barks? Letter:")]
    model.score_options("ABC", asked)
    weighed = model.score_options("ABC", asked)
    assert set(weighed.logprobs) == {"A", "B", "C"}
    assert all(logprob <= 0 for logprob in weighed.logprobs.values())
    assert sum(map(math.exp, weighed.logprobs.values())) <= 1.01
    assert weighed.usage.completion_tokens == 1
    assert weighed.usage.cached_tokens > 50


def test_a_whole_choice_over_the_wire(film_catalog):
    shown = Shown.of(film_catalog, film_catalog.ids, ["something tense please"], "likes: Star Ferry (1982)")
    calls = []
    liked = preferences(open_models(SMALL), shown, lambda sha, filled: calls.append(filled))
    assert liked.shape == (len(film_catalog),)
    assert liked.std() == pytest.approx(1)
    assert len(calls) == 2
    assert calls[1].usage.cached_tokens > 40  # instructions and talk are shared by both orders


def test_weighing_ends_when_its_time_is_over(late_server):
    started = time.perf_counter()
    with pytest.raises(ModelTimeout, match="in time"):
        open_model(late_server).score_options("AB", [("user", "Which?")], timeout=0.2)
    assert time.perf_counter() - started < LATE


@pytest.fixture
def late_server():
    """A server that takes calls and answers none of them in time."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            over.wait(LATE)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1#m"
        over.set()
        server.shutdown()


@pytest.fixture
def silent_server():
    """A server that fills forms and tells no log-probabilities."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body)
            text = '{"best": ["4", "1"]}' if "response_format" in body else "A"
            choice = {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
            answer = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1#m", asked
        server.shutdown()


def test_a_server_without_log_probabilities_lists_ids_in_a_form(silent_server, film_catalog):
    spec, asked = silent_server
    with pytest.raises(NoLogprobs):
        open_model(spec).score_options("AB", [("user", "?")])
    shown = Shown.of(film_catalog, ["1", "2", "4"], ["a comedy"], "")
    liked = preferences(open_models(spec), shown, lambda sha, filled: None)
    assert list(liked.argsort()[::-1]) == [2, 0, 1]
    enum = asked[-1]["response_format"]["json_schema"]["schema"]["properties"]["best"]["items"]["enum"]
    assert enum == ["4", "2", "1"]
