"""The listwise choice: two orders, the fusion, servers without log-probabilities, and when it is not asked."""

import numpy as np
import pytest

from tastemaker.agent.llm import model_profile
from tastemaker.agent.llm.budget import BudgetedModel
from tastemaker.agent.llm.circuit_breaker import CircuitBreaker
from tastemaker.agent.llm.fallback import LazyModel, ModelChain
from tastemaker.agent.llm.limits import Limits
from tastemaker.agent.llm.model import _of_options
from tastemaker.agent.llm.model_profile import ModelProfile, ModelSize, profile_of
from tastemaker.agent.llm.retry import RetryingModel
from tastemaker.agent.shortlist.fusion import Fused
from tastemaker.agent.shortlist.llm_rerank import (
    LETTERS,
    Shown,
    preferences,
    reorder,
)
from tastemaker.agent.shortlist.tool_loop import MAX_ROW
from tastemaker.retrieval.errors import BudgetSpent, ModelNonsense, ModelRefused, ModelTimeout, NoLogprobs
from tastemaker.tools.candidates import Source

UNDERSTOOD = {"intent": "recommend", "mentions": [], "constraints": [], "wish": ""}
SMALL = ModelProfile.assumed(ModelSize.SMALL).model_copy(update={"words": True})
NO_STEP = {"step": {"action": "finish", "why": "done"}}


@pytest.fixture
def shown(film_catalog):
    return Shown.of(film_catalog, ["1", "2", "4"], ["hello", "a comedy please"], "likes: Star Ferry (1982)")


def calls_of(shown, model):
    calls = []
    liked = preferences(model, shown, lambda sha, filled: calls.append(filled))
    return liked, calls


def test_both_orders_are_asked_and_a_letters_bias_cancels(fake_model, shown):
    by_letter = {"A": -0.1, "B": -3.0, "C": -5.0}  # this model says A whatever stands there
    liked, calls = calls_of(shown, fake_model.enqueue(by_letter, by_letter))
    assert liked[0] == pytest.approx(liked[2])
    assert [call.usage.calls for call in calls] == [1, 1]
    (_, first), (_, second) = fake_model.history
    assert "A. Harbour Lights (1994) | Crime, Thriller" in first[-1][1]
    assert "A. Paper Moons (1988) | Comedy, Romance" in second[-1][1]


def test_what_is_favoured_in_both_orders_comes_out_first_and_standardised(fake_model, shown):
    model = fake_model.enqueue({"A": -4.0, "B": -4.0, "C": -0.1}, {"A": -0.1, "B": -4.0, "C": -4.0})
    liked, _ = calls_of(shown, model)
    assert int(np.argmax(liked)) == 2
    assert liked.mean() == pytest.approx(0)
    assert liked.std() == pytest.approx(1)


def test_the_two_prompts_share_all_but_the_items_and_are_short(fake_model, film_catalog):
    ids = [item.id for item in film_catalog] * 3
    shown = Shown.of(film_catalog, ids, ["word " * 500] * 9, "likes: " + "x" * 5000)
    assert len(shown.ids) == len(LETTERS)
    even = dict.fromkeys(LETTERS, -3.0)
    calls_of(shown, fake_model.enqueue(even, even))
    first, second = (messages[-1][1] for _, messages in fake_model.history)
    assert first.partition("<items>")[0] == second.partition("<items>")[0]
    assert len(first) < 1200 + len(LETTERS) * (MAX_ROW + 4)


def test_without_log_probabilities_ids_are_listed_in_order_under_an_enum(fake_model, shown):
    asked = []
    complete = fake_model.complete
    fake_model.complete = lambda schema, *rest: asked.append(schema) or complete(schema, *rest)
    fake_model.enqueue(
        NoLogprobs("none"), {"best": ["4", "1", "4"]}, NoLogprobs("none"), {"best": ["4", "99", "2"]}
    )
    liked, _ = calls_of(shown, fake_model)
    assert int(np.argmax(liked)) == 2
    assert asked[0]["properties"]["best"]["items"]["enum"] == ["1", "2", "4"]
    assert asked[1]["properties"]["best"]["items"]["enum"] == ["4", "2", "1"]


@pytest.mark.parametrize("answer", [{}, {"best": []}, {"best": "4"}, {"best": ["99"]}])
def test_a_list_of_nothing_known_is_nonsense(fake_model, shown, answer):
    with pytest.raises(ModelNonsense, match="none of the candidates"):
        calls_of(shown, fake_model.enqueue(NoLogprobs("none"), answer))


def test_only_the_items_weighed_move_and_a_choice_weight_zero_moves_none():
    ranked = [Fused(str(n), 10.0 - n, (Source("rank", {}, 1),)) for n in range(5)]
    liked = np.array([-1.0, 0.0, 1.0])
    assert [one.id for one in reorder(ranked, liked, 5.0)] == ["2", "1", "0", "3", "4"]
    assert [one.id for one in reorder(ranked, liked, 0.0)] == ["0", "1", "2", "3", "4"]
    assert [source.label() for source in reorder(ranked, liked, 5.0)[0].sources] == [
        "rank() #1",
        "choose() #1",
    ]


def test_options_are_found_among_tokens_with_spaces_and_the_missing_get_the_least_told():
    told = {"A": np.log(0.25), " A": np.log(0.25), "The": np.log(0.1)}
    assert _of_options("AB", told) == pytest.approx({"A": np.log(0.5), "B": np.log(0.1)})
    assert _of_options("XY", told) == {}


@pytest.fixture
def weights(monkeypatch):
    measured = {"fake-1b": SMALL.model_copy(update={"reads": True})}
    monkeypatch.setattr(model_profile, "shipped_profiles", lambda: measured)
    return measured


def test_the_shipped_profiles_are_in_bounds():
    assert all(0 <= profile.order <= 3 for profile in model_profile.shipped_profiles().values())


def test_of_a_chain_the_choice_weight_the_first_counts(fake_model, weights):
    weights["fake-1b"] = SMALL.model_copy(update={"reads": True, "order": 0.5})
    other = type(fake_model)()
    other.name = "other"
    assert profile_of(ModelChain([fake_model, other]).name).order == 0.5
    assert profile_of(ModelChain([other, fake_model]).name) == ModelProfile.assumed(ModelSize.CAPABLE)


def test_a_model_without_a_weight_is_not_asked_to_choose(tm_with, fake_model, weights):
    fake_model.enqueue(UNDERSTOOD, NO_STEP, {"lead": "x", "1": "y", "2": "z"})
    tm_with(fake_model, "thorough").session().send("a thriller", k=2)
    assert [title for title, _ in fake_model.history] == ["understanding", "action", "reply"]


def test_a_model_with_a_weight_reorders_what_is_shown_and_never_leaves_the_list(
    tm_with, tm, fake_model, weights
):
    weights["fake-1b"] = SMALL.model_copy(update={"reads": True, "order": 50.0})
    plain = tm.session().send("a thriller", k=3)
    last, most = len(plain.items) - 1, dict.fromkeys(LETTERS, -9.0)
    n = 4  # thrillers in the catalogue
    forward, backward = {**most, LETTERS[last]: -0.1}, {**most, LETTERS[n - 1 - last]: -0.1}
    fake_model.enqueue(UNDERSTOOD, NO_STEP, forward, backward, {"lead": "x", "1": "y", "2": "z", "3": "w"})
    events = list(tm_with(fake_model, "thorough").session().stream("a thriller", k=3))
    reply = events[-1].reply
    assert reply.items[0].id == plain.items[last].id
    assert reply.usage.calls == 5
    assert sum(event.kind == "model" and event.step == "choose" for event in events) == 2


def test_a_choice_that_fails_leaves_the_tools_order(tm_with, tm, fake_model, weights):
    weights["fake-1b"] = SMALL.model_copy(update={"reads": True, "order": 1.0})
    plain = tm.session().send("a thriller", k=2)
    fake_model.enqueue(UNDERSTOOD, NO_STEP, ModelTimeout("slow"), {"lead": "x", "1": "y", "2": "z"})
    events = list(tm_with(fake_model, "thorough").session().stream("a thriller", k=2))
    assert [card.id for card in events[-1].reply.items] == [card.id for card in plain.items]
    assert any(event.kind == "fallback" and event.step == "choose" for event in events)


def test_at_lower_effort_nothing_is_chosen(tm_with, fake_model, weights):
    weights["fake-1b"] = SMALL.model_copy(update={"reads": True, "order": 1.0})
    fake_model.enqueue(UNDERSTOOD, {"lead": "x", "1": "y", "2": "z"})
    tm_with(fake_model, "balanced").session().send("a thriller", k=2)
    assert "weigh" not in [title for title, _ in fake_model.history]


def test_every_guard_lets_a_weighing_through_and_counts_it(fake_model):
    even = {"A": -1.0}
    guarded = CircuitBreaker(RetryingModel(LazyModel("lazy", lambda: fake_model), 2), 3, 30)
    budgeted = BudgetedModel(ModelChain([guarded]), Limits(turn_calls=1))
    assert budgeted.score_options("A", [("user", "?")]).logprobs == even if fake_model.enqueue(even) else None
    with pytest.raises(BudgetSpent, match="1 calls"):
        budgeted.score_options("A", [("user", "?")])


def test_the_chain_asks_the_next_where_weighing_fails_but_not_where_it_is_unknown(fake_model):
    first = type(fake_model)()
    chain = ModelChain(
        [first.enqueue(ModelRefused("key"), NoLogprobs("none")), fake_model.enqueue({"A": -1.0})]
    )
    weighed = chain.score_options("A", [("user", "?")])
    assert [one.error for one in weighed.failed] == ["ModelRefused"]
    with pytest.raises(NoLogprobs):
        chain.score_options("A", [("user", "?")])
