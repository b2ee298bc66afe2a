"""Limits of time hold over the whole call, and answers that nobody could store are mended: over a real socket."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.events import CardsByRules, ItemShown, ModelCalled
from tastemaker.agent.llm.budget import BudgetedModel
from tastemaker.agent.llm.limits import Limits
from tastemaker.agent.llm.open_models import open_model, open_models
from tastemaker.agent.nlu.understanding import reply_schema
from tastemaker.retrieval.errors import ModelBusy, ModelTimeout

pytestmark = pytest.mark.wire

FORM = '{"intent": "recommend", "mentions": [], "constraints": [], "wish": "ghosts"}'


def completion(text):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    told = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    return json.dumps(told).encode()


@pytest.fixture
def serve():
    """Starts a server whose answers are what a function of the handler writes; gives its specification."""
    servers = []

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                with contextlib.suppress(BrokenPipeError):  # nobody waits any more
                    answer(self)

            def respond(self, body, status=200, **headers):
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1#big-70b"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def trickle(handler):
    body = completion(FORM)
    handler.respond(body)
    for byte in body:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)  # never long enough for a limit on each read


def test_a_server_that_trickles_holds_nobody_longer_than_the_limit(serve):
    model = BudgetedModel(open_models(serve(trickle)), Limits(call_seconds=0.5))
    started = time.perf_counter()
    with pytest.raises(ModelTimeout, match="in time"):
        model.complete(reply_schema(1), [("user", "hi")], 20)
    assert time.perf_counter() - started < 3


def test_cards_by_rules_are_there_long_before_a_slow_model(serve, film_workspace):
    def slowly(handler):
        time.sleep(5)
        handler.respond(body := completion(FORM))
        handler.wfile.write(body)

    with Tastemaker.open(film_workspace.path, llm=serve(slowly), effort="fast") as tm:
        tm.session().send("something funny")  # indexes are read
        started, seen = time.perf_counter(), {}
        for event in tm.session().stream("a thriller from the nineties", k=2):
            seen.setdefault(type(event), (time.perf_counter() - started, event))
    after, early = seen[CardsByRules]
    assert after < 3
    assert seen[ModelCalled][0] >= 5
    assert len(early.cards) == 2
    assert all(1990 <= card.attributes["year"] <= 1999 and card.reason for card in early.cards)
    assert seen[ItemShown][0] >= 5


def test_half_a_surrogate_pair_in_an_answer_reaches_nobody(serve):
    def half(handler):
        handler.respond(body := completion('{"lead": "funny \\ud83d films"}'))
        handler.wfile.write(body)

    value = open_model(serve(half)).complete(reply_schema(0), [("user", "hi")], 20).value
    assert value == {"lead": "funny \N{REPLACEMENT CHARACTER} films"}


@pytest.mark.parametrize("told", ["nan", "inf", "-3", "tomorrow"])
def test_a_wait_that_is_no_number_is_not_waited_for(serve, told):
    def busy(handler):
        handler.respond(body := b'{"error": {"message": "busy"}}', 429, retry_after=told)
        handler.wfile.write(body)

    with pytest.raises(ModelBusy) as raised:
        open_model(serve(busy)).complete(reply_schema(0), [("user", "hi")], 20)
    assert raised.value.retry_after is None
