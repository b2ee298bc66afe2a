"""Understanding and wording take turns in one slot of the server: each must find its own prefix cached."""

from string import ascii_uppercase

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.events import ModelCalled
from tastemaker.agent.llm.open_models import open_model

SMALL = "local:smollm2-135m"
pytestmark = pytest.mark.wire


def test_two_prompts_that_take_turns_are_both_found_cached():
    model = open_model(SMALL)
    prefixes = [
        ("system", "You read a message and fill in a form. " * 12),
        ("system", "You word an answer. " * 24),
    ]
    for prefix in prefixes:
        model.score_options(ascii_uppercase, [prefix, ("user", "hello")])
    for said in ("a comedy", "something wild"):
        for prefix in prefixes:
            usage = model.score_options(ascii_uppercase, [prefix, ("user", said)]).usage
            assert usage.prompt_tokens - usage.cached_tokens < 30
            assert usage.cached_tokens > 80


def test_after_the_warm_up_a_turn_reads_little_that_is_not_cached(film_workspace):
    with Tastemaker.open(film_workspace.path, llm=SMALL, effort="fast") as tm:
        tm.warm_up()
        events = list(tm.session().stream("a thriller from the nineties", k=2))
    read = [e.usage.prompt_tokens - e.usage.cached_tokens for e in events if isinstance(e, ModelCalled)]
    assert all(tokens < 60 for tokens in read)
