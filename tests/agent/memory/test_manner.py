"""A conversation's own effort, variety and model; and conditions loosened."""

import numpy as np
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.events import Started
from tastemaker.agent.llm.choice import choices_of, first_asked
from tastemaker.agent.llm.fallback import ModelChain
from tastemaker.agent.memory.manner import Manner
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.widen_profile import widened
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.agent.shortlist.variety import vary
from tastemaker.retrieval.errors import ModelUnreachable, QueryError
from tastemaker.retrieval.filters.conditions import Constraint, Op, describe


class Named:
    """A model with a name that answers nothing."""

    def __init__(self, name):
        self.name = name

    def complete(self, schema, messages, max_tokens, timeout=None):
        raise ModelUnreachable(f"{self.name} is away")

    score_options = complete


def test_a_choice_is_kept_with_the_conversation_and_holds_for_it_alone(film_workspace, tmp_path):
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        tm.session("a").set_manner(Manner(effort="thorough", diversity=0.6))
        with pytest.raises(QueryError, match="rules"):
            tm.session("a").set_manner(Manner(model="nobody"))
    with Tastemaker(film_workspace, home=tmp_path) as tm:
        assert tm.session("a").manner == Manner(effort="thorough", diversity=0.6)
        started = [next(event for event in tm.session(name).stream("a thriller")) for name in "ab"]
        assert [event.effort for event in started if isinstance(event, Started)] == ["thorough", "balanced"]
        assert tm.session("a").send("a drama").items
        assert tm.session("a").manner.diversity == 0.6


def test_the_model_chosen_is_asked_first_and_rules_ask_none():
    chain = ModelChain([Named("a"), Named("b"), Named("c")])
    assert choices_of(chain) == ("a", "b", "c", "rules")
    assert choices_of(None) == ("rules",)
    assert first_asked(chain, "c").name == "c > a > b"
    assert first_asked(chain, "gone") is chain
    assert first_asked(chain, "") is chain
    assert first_asked(chain, "rules") is None


def test_a_turn_asks_the_chosen_model_first(film_workspace):
    chain = ModelChain([Named("openai:gpt-4.1-mini"), Named("local")])
    with Tastemaker(film_workspace, chain, sessions="memory") as tm:
        asked = []
        for name in ("", "local", "rules"):
            session = tm.session()
            session.set_manner(Manner(model=name, effort="fast"))
            events = list(session.stream("a thriller"))
            assert events[-1].reply.items
            asked.append((events[0].llm, any(event.kind == "fallback" and event.error for event in events)))
    assert asked[2] == ("rules", False)
    assert [name for name, _ in asked] == [
        "openai:gpt-4.1-mini > local",
        "local > openai:gpt-4.1-mini",
        "rules",
    ]
    assert asked[0][1]


def test_variety_brings_up_what_is_unlike(film_workspace):
    context = film_workspace.tool_context()
    vectors = np.asarray(context.index.vectors)
    ids = [item.id for item in context.catalog]
    ranked = [Fused(one, -float(place), ()) for place, one in enumerate(ids)]

    def alike(diversity):
        shown = vary(ranked, diversity, 4, context)
        assert sorted(one.id for one in shown) == sorted(ids)
        assert shown[0] == ranked[0]
        rows = vectors[context.catalog.rows(one.id for one in shown[:4])]
        return float(np.triu(rows @ rows.T, 1).sum())

    assert vary(ranked, 0.0, 4, context) == ranked
    assert alike(0.6) < alike(0.0)


def test_a_label_becomes_a_preference_and_what_was_ruled_out_is_rather_not_wanted(film_catalog):
    year = Constraint(field="year", op=Op.AT_LEAST, value=1990)
    genre = Constraint(field="genres", op=Op.IS, value="Thriller")
    never = Constraint(field="genres", op=Op.NONE_OF, value=("Horror",))
    before = TasteProfile(constraints=(year, genre, never))
    assert widened(before, describe(year), film_catalog).constraints[0].value == 1985
    now = widened(widened(before, describe(genre), film_catalog), describe(never), film_catalog)
    assert now.constraints == (year,)
    told = [(one.weight, describe(one.condition)) for one in now.request.prefer]
    assert told == [(1.0, "genres is Thriller"), (-1.0, "genres any of Horror")]
    assert widened(before, "nothing", film_catalog) == before
