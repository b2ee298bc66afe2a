"""Providers that want it otherwise: answers and refusals as they come from them, over a loopback server."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from tastemaker.agent.llm import quirks
from tastemaker.agent.llm.model import ChatModel
from tastemaker.agent.llm.open_models import open_model
from tastemaker.agent.llm.quirks import FormWay, Way, json_in, next_form, step_down, way_of, with_cache_mark
from tastemaker.retrieval.errors import ModelNonsense, ModelRefused, NoLogprobs

SCHEMA = {
    "title": "mood",
    "description": "a mood",
    "type": "object",
    "properties": {"mood": {"type": "string"}},
    "required": ["mood"],
    "additionalProperties": False,
}
ASKED = [("system", "You fill in forms."), ("user", "a calm film")]

DEEPSEEK = {
    "error": {"message": "This response_format type is unavailable now", "type": "invalid_request_error"}
}
VLLM = {
    "object": "error",
    "message": "guided decoding is not supported: json_schema",
    "type": "BadRequestError",
}
OPENAI_REASONING = {
    "error": {
        "message": "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) "
        "value is supported.",
        "type": "invalid_request_error",
        "param": "temperature",
        "code": "unsupported_value",
    }
}
NO_EFFORT = {"error": {"message": "Unrecognized request argument supplied: reasoning_effort"}}
WRONG_MODEL = {"error": {"message": "The model `m` does not exist", "code": "model_not_found"}}


@pytest.fixture
def server():
    """A server whose answers a test writes: a function of the request's body to (status, text or error)."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        answer = staticmethod(lambda body: (200, "{}"))

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body)
            status, told = Handler.answer(body)
            if status == 200:
                finish = "length" if told is None else "stop"
                message = {"role": "assistant", "content": told or ""}
                choice = {"index": 0, "message": message, "finish_reason": finish}
                usage = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
                told = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "usage": usage}
                told["choices"] = [choice]
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/v1#", asked, Handler
        running.shutdown()


def form_of(body):
    return (body.get("response_format") or {}).get("type")


@pytest.mark.wire
@pytest.mark.parametrize("refusal", [DEEPSEEK, VLLM], ids=["deepseek", "vllm"])
def test_a_server_without_schemas_is_asked_for_an_object_and_told_the_schema(server, refusal):
    spec, asked, handler = server
    handler.answer = staticmethod(
        lambda body: (400, refusal) if form_of(body) == "json_schema" else (200, '{"mood": "calm"}')
    )
    model = open_model(f"{spec}m")
    assert model.complete(SCHEMA, ASKED, 50).value == {"mood": "calm"}
    assert form_of(asked[-1]) == "json_object"
    assert '"mood"' in asked[-1]["messages"][0]["content"]
    assert model.complete(SCHEMA, ASKED, 50).value == {"mood": "calm"}
    assert [form_of(body) for body in asked] == ["json_schema", "json_object", "json_object"]


@pytest.mark.wire
def test_a_server_that_knows_no_response_format_is_asked_in_plain_words(server):
    spec, asked, handler = server
    thought = '<think>{"mood": "wild"}? No.</think>Here you are:\n```json\n{"mood": "calm"}\n```\nEnjoy!'
    handler.answer = staticmethod(lambda body: (400, DEEPSEEK) if form_of(body) else (200, thought))
    assert open_model(f"{spec}m").complete(SCHEMA, ASKED, 50).value == {"mood": "calm"}
    assert [form_of(body) for body in asked] == ["json_schema", "json_object", None]


@pytest.mark.wire
def test_a_server_that_ignores_the_schema_but_fills_in_the_form_is_understood(server):
    spec, _, handler = server
    handler.answer = staticmethod(lambda body: (200, 'Sure! {"mood": "calm"} Anything else?'))
    assert open_model(f"{spec}m").complete(SCHEMA, ASKED, 50).value == {"mood": "calm"}


@pytest.mark.wire
def test_a_temperature_that_is_refused_is_left_out_from_then_on(server):
    spec, asked, handler = server
    handler.answer = staticmethod(
        lambda body: (
            (400, OPENAI_REASONING) if body.get("temperature") is not None else (200, '{"mood": "x"}')
        )
    )
    model = open_model(f"{spec}m")
    for _ in range(2):
        assert model.complete(SCHEMA, ASKED, 50).value == {"mood": "x"}
    assert len(asked) == 3


@pytest.mark.wire
def test_a_reasoning_model_gets_room_to_think_and_an_effort_where_that_is_known(server):
    spec, asked, handler = server
    handler.answer = staticmethod(
        lambda body: (400, NO_EFFORT) if "reasoning_effort" in body else (200, '{"mood": "calm"}')
    )
    model = open_model(f"{spec}gpt-5-mini")
    assert model.complete(SCHEMA, ASKED, 50).value == {"mood": "calm"}
    assert asked[0]["reasoning_effort"] == "low"
    assert asked[0]["max_completion_tokens"] == 50 + quirks.ROOM_TO_THINK
    assert "reasoning_effort" not in asked[1]
    with pytest.raises(NoLogprobs):
        model.score_options("AB", ASKED)


@pytest.mark.wire
def test_what_is_no_quirk_is_refused_once(server):
    spec, asked, handler = server
    handler.answer = staticmethod(lambda body: (400, WRONG_MODEL))
    with pytest.raises(ModelRefused, match="does not exist"):
        open_model(f"{spec}m").complete(SCHEMA, ASKED, 50)
    assert len(asked) == 1


@pytest.mark.wire
def test_an_answer_that_ends_while_it_thinks_is_nonsense(server):
    spec, _, handler = server
    handler.answer = staticmethod(lambda body: (200, None))
    with pytest.raises(ModelNonsense, match="did not finish"):
        open_model(f"{spec}m").complete(SCHEMA, ASKED, 50)


def test_a_provider_without_any_forms_is_asked_in_plain_words():
    model = ChatModel("other:m", FakeListChatModel(responses=['{"mood": "calm"}']))
    assert model.complete(SCHEMA, ASKED, 50).value == {"mood": "calm"}


def test_ways_end_and_know_reasoning_models_by_name():
    assert next_form(Way(form=FormWay.PLAIN), openai_protocol=True) is None
    assert next_form(Way(), openai_protocol=False).form is FormWay.TOOL
    assert step_down(Way(temperature=False), "temperature again", openai_protocol=True) is None
    for name in (
        "openai:o4-mini",
        "http://h/v1#deepseek-ai/DeepSeek-R1",
        "groq:qwen-qwq-32b",
        "openai:gpt-5",
    ):
        assert way_of(name).room
    for name in (
        "openai:gpt-4.1-mini",
        "ollama:qwen3",
        "http://h/v1#llama-3.3-70b",
        "local:qwen2.5-coder-1.5b",
    ):
        assert not way_of(name).room


def test_json_is_found_in_what_surrounds_it_and_nothing_is_made_of_nonsense():
    assert json_in('{"a": 1') is None
    assert json_in("[1, 2]") is None
    assert json_in("{" * 50_000) is None
    assert json_in('a { b } then {"c": [1]}') == {"c": [1]}
    assert quirks.text_of([{"type": "text", "text": "a"}, {"type": "thinking"}, "b"]) == "ab"


def test_only_where_a_mark_is_wanted_the_stable_part_is_marked():
    anthropic = type("ChatAnthropic", (FakeListChatModel,), {})
    marked = with_cache_mark(anthropic(responses=[]), ASKED)
    assert marked[0][1][0]["cache_control"] == {"type": "ephemeral"}
    assert marked[1:] == ASKED[1:]
    assert with_cache_mark(FakeListChatModel(responses=[]), ASKED) == ASKED
