"""Conversations from end to end: acceptance, leaks, violations, figures, repeats."""

import random

import pytest

from tastemaker.evals.metrics.pass_hat import mean_pass_hat_k, pass_hat_k
from tastemaker.evals.simulation.agents_under_test import CallableUnderTest, TastemakerUnderTest
from tastemaker.evals.simulation.conversation import METRICS, Wanted, converse
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.personas import PERSONAS
from tastemaker.evals.simulation.rule_user import RulesUser
from tastemaker.evals.simulation.target_card import target_card
from tastemaker.evals.simulation.user import Said
from tastemaker.retrieval.errors import DataError, QueryError
from tastemaker.retrieval.filters.conditions import Constraint, Op

WANTED = Wanted("u", "2", ("4",))


class Script:
    """Says what it is given, one message after the other."""

    def __init__(self, *said):
        self.said = list(said)

    def opening(self):
        return self.said.pop(0)

    def answer(self, turn):
        return self.said.pop(0)


def showing(*lists, question=""):
    left = list(lists)
    return CallableUnderTest(lambda *_: {"items": left.pop(0), "text": "here", "question": question}, k=5)


def held(film_catalog, user, agent, turns=2):
    return converse(WANTED, user, agent, film_catalog, LeakAudit(film_catalog), turns)


def test_only_the_very_item_is_accepted(film_catalog):
    user = Script(Said("a drama"), Said("something else"))
    outcome = held(film_catalog, user, showing(["10", "6"], ["2", "6"]))
    assert outcome.success
    assert outcome.metrics(2)["turns"] == 2
    failed = held(film_catalog, Script(Said("a"), Said("b")), showing(["10"], ["6"]))
    assert not failed.success
    assert failed.metrics(2)["turns"] == 3


def test_a_conversation_that_leaks_has_no_figures(film_catalog):
    outcome = held(film_catalog, Script(Said("the one with the verdict")), showing(["2"]))
    assert outcome.success
    assert [leak.secret for leak in outcome.leaks] == ["verdict"]
    assert outcome.metrics(2) == dict.fromkeys(METRICS)


def test_a_condition_counts_until_it_is_taken_back(film_catalog):
    horror = Constraint(field="genres", op=Op.IS_NOT, value="Horror")
    user = Script(Said("no horror", stated=(horror,)), Said("horror is fine", taken_back=(horror,)))
    outcome = held(film_catalog, user, showing(["5", "8", "10"], ["5"], question="Well?"))
    assert [one.violations for one in outcome.exchanges] == [("5", "8"), ()]
    figures = outcome.metrics(2)
    assert (figures["violations"], figures["violation_rate"], figures["questions"]) == (2, 0.5, 2)


def test_our_agent_by_rules_finds_what_a_user_by_rules_describes(tm, film_catalog):
    audit, agent, found = LeakAudit(film_catalog), TastemakerUnderTest(tm, k=2), 0
    for item in film_catalog:
        user = RulesUser(
            item,
            target_card(item, film_catalog, audit),
            PERSONAS["plain"],
            film_catalog,
            audit,
            random.Random(0),
        )
        outcome = converse(Wanted("u", item.id, ()), user, agent, film_catalog, audit, 5)
        assert not outcome.leaks
        found += outcome.success
    assert found >= 9


def test_a_callable_sees_the_conversation_and_the_history(film_catalog):
    seen = []

    def answer(asked):
        messages = asked["messages"]
        seen.append((len(messages), messages[-1]["text"], asked["history"], asked["k"]))
        return {"items": ["10", "6", "2"], "text": "x"}

    outcome = held(film_catalog, Script(Said("a"), Said("b")), CallableUnderTest(answer, k=2))
    assert seen == [(1, "a", ["4"], 2), (3, "b", ["4"], 2)]
    assert not outcome.success
    with pytest.raises(DataError, match="an agent must return"):
        CallableUnderTest(lambda *_: ["2"], k=2).begin(()).send("a")


def test_pass_hat_k_is_unbiased():
    """Over all ways in which 4 tries of a task that succeeds 3 times in 10 may go, its mean is 0.3 ** 2."""
    expected = 0.0
    for outcome in range(16):
        tries = [bool(outcome >> n & 1) for n in range(4)]
        chance = 0.3 ** sum(tries) * 0.7 ** (4 - sum(tries))
        expected += chance * pass_hat_k(sum(tries), 4, 2)
    assert expected == pytest.approx(0.09)
    assert mean_pass_hat_k([[True]], 2) == (None, 0)
    with pytest.raises(QueryError, match="k is 3"):
        pass_hat_k(1, 2, 3)
