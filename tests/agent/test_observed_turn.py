"""Spans with the names of OpenTelemetry's GenAI conventions, and logs with one id, none with anybody's words."""

from __future__ import annotations

import json
import logging
import sys

import httpx
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.observed_turn import observe_turn
from tastemaker.evals.studies.injections import ObeyingModel
from tastemaker.retrieval.errors import ModelTimeout
from tastemaker.ui.server.application import rest_application
from tastemaker.ui.server.observation import JsonLines, export_spans
from tastemaker.ui.server.settings import ServerSettings

SECRET = "a drama about my neighbour Wilhelmina"


class PlainModel(ObeyingModel):
    """Adds nothing to what rules read."""

    def complete(self, schema, messages, max_tokens, timeout=None):
        self.asked += 1
        return FormAnswer({}, Usage(calls=1, prompt_tokens=7, completion_tokens=2))


@pytest.fixture
def spans(monkeypatch):
    trace = pytest.importorskip("opentelemetry.trace")
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), sdk.TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", lambda name: provider.get_tracer(name))
    return exporter


@pytest.fixture
def lines():
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record):
            told.append(JsonLines().format(record))

    logger, kept = logging.getLogger("tastemaker"), Kept()
    before = logger.level
    logger.addHandler(kept)
    logger.setLevel(logging.INFO)
    yield told
    logger.removeHandler(kept)
    logger.setLevel(before)


def test_a_turn_its_tools_and_its_calls_of_the_model_are_one_tree_of_spans(film_workspace, tmp_path, spans):
    with Tastemaker(film_workspace, PlainModel(), "thorough", home=tmp_path) as tm:
        reply = tm.session("s1").send(SECRET, 2)
        asked = tm.model.asked
    told = spans.get_finished_spans()
    (turn,) = [one for one in told if one.attributes["gen_ai.operation.name"] == "invoke_agent"]
    assert (turn.name, turn.parent) == ("invoke_agent tastemaker", None)
    assert turn.attributes["gen_ai.conversation.id"] == "s1"
    chats = [one for one in told if one.name == "chat obeying-70b"]
    tools = [one for one in told if one.attributes["gen_ai.operation.name"] == "execute_tool"]
    assert len(chats) == asked > 0
    assert {one.name for one in tools} == {"execute_tool suit"}
    for one in (*chats, *tools):
        assert one.parent.span_id == turn.context.span_id
        assert turn.start_time <= one.start_time <= one.end_time <= turn.end_time
    assert chats[0].kind.name == "CLIENT"
    assert {"gen_ai.provider.name", "gen_ai.request.model"} <= set(chats[0].attributes)
    assert sum(one.attributes["gen_ai.usage.input_tokens"] for one in chats) == 7 * asked
    assert turn.attributes["gen_ai.usage.input_tokens"] == reply.usage.prompt_tokens > 0
    assert "Wilhelmina" not in "".join(one.to_json() for one in told)


def test_a_model_that_fails_is_an_error_of_its_span_and_not_of_the_turn(film_workspace, tmp_path, spans):
    class Late(ObeyingModel):
        def complete(self, schema, messages, max_tokens, timeout=None):
            raise ModelTimeout("late")

    with Tastemaker(film_workspace, Late(), "thorough", home=tmp_path) as tm:
        tm.session("s1").send(SECRET, 2)
        with pytest.raises(RuntimeError, match="mine"), observe_turn("s2"):
            raise RuntimeError("mine")
    told = spans.get_finished_spans()
    failed = {one.name: one.attributes.get("error.type") for one in told if not one.status.is_unset}
    assert failed == {"chat obeying-70b": "ModelTimeout", "invoke_agent tastemaker": "RuntimeError"}


def test_one_id_goes_from_the_request_to_each_call_of_the_model(film_workspace, tmp_path, lines):
    import anyio

    async def talk(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
            given = {"X-Request-Id": "shop-42"}
            one = await http.post("/v1/recommend", json={"message": SECRET}, headers=given)
            two = await http.post(
                "/v1/recommend", json={"message": SECRET}, headers={"X-Request-Id": "no no"}
            )
            return one, two

    with Tastemaker(film_workspace, PlainModel(), "thorough", home=tmp_path) as tm:
        one, two = anyio.run(talk, rest_application(tm, ServerSettings(page=False)))
    assert one.headers["x-request-id"] == "shop-42"
    assert len(two.headers["x-request-id"]) == 32
    told = [json.loads(line) for line in lines]
    for answer in (one, two):
        own = [line for line in told if line["request"] == answer.headers["x-request-id"]]
        assert [line["event"] for line in own][-2:] == ["turn", "request"]
        assert {"chat", "execute_tool", "turn", "request"} <= {line["event"] for line in own}
        assert {line["session"] for line in own if "session" in line} == {answer.json()["session"]}
    assert "Wilhelmina" not in "".join(lines)


def test_where_nobody_listens_nothing_is_made(monkeypatch):
    monkeypatch.delitem(sys.modules, "opentelemetry.trace", raising=False)
    with observe_turn("s") as turn:
        assert not turn.is_observed
    assert "opentelemetry.trace" not in sys.modules


def test_spans_go_nowhere_unless_an_endpoint_is_named(monkeypatch):
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    assert export_spans() is False
