"""The wire with the real thing: llama.cpp's server and a small model, whose answers are nonsense but well-formed."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.events import Fallback, ModelCalled
from tastemaker.agent.forms import reply_schema
from tastemaker.agent.llm import open_model
from tastemaker.agent.local_server import ensure_local_server
from tastemaker.retrieval.errors import ModelNonsense, ModelRefused, ModelUnreachable

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
    model.fill(schema, [system, ("user", "I liked Paper Moons")], 40)
    again = model.fill(schema, [system, ("user", "a comedy")], 40)
    assert again.value["mood"] in ("calm", "wild")
    assert again.usage.cached_tokens > 50
    assert again.usage.completion_tokens > 0


def test_an_answer_cut_short_is_nonsense_not_a_crash():
    with pytest.raises(ModelNonsense, match="in 5 tokens"):
        open_model(SMALL).fill(reply_schema(5), [("user", "Say a lot.")], 5)


def test_a_wrong_key_is_refused_and_says_so(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-key-0123456789")
    server = ensure_local_server("smollm2-135m")
    with pytest.raises(ModelRefused, match="check the key") as raised:
        open_model(f"{server.base_url}#{server.model}").fill(reply_schema(1), [("user", "hi")], 20)
    assert "0123456789" not in str(raised.value)


def test_no_server_is_unreachable():
    with pytest.raises(ModelUnreachable, match="tastemaker doctor"):
        open_model("http://127.0.0.1:9/v1#nothing").fill(reply_schema(1), [("user", "hi")], 20)
