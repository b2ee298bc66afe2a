"""Retries, circuit breaker, budget and chain around a scripted model."""

import pytest

from tastemaker.agent.llm import retry as retrying
from tastemaker.agent.llm.budget import BudgetedModel
from tastemaker.agent.llm.circuit_breaker import CircuitBreaker
from tastemaker.agent.llm.fallback import LazyModel, ModelChain
from tastemaker.agent.llm.limits import Limits, Price, read_prices
from tastemaker.agent.llm.open_models import open_models
from tastemaker.agent.llm.retry import RetryingModel
from tastemaker.retrieval.errors import (
    BudgetSpent,
    ConfigError,
    ModelBusy,
    ModelNonsense,
    ModelRefused,
    ModelResting,
    ModelTimeout,
    ModelUnreachable,
)

SCHEMA = {"title": "form"}
AWAY = ModelUnreachable("away")


def ask(model, **more):
    return model.complete(SCHEMA, [("user", "hi")], 10, **more)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def waits(monkeypatch):
    slept = []
    monkeypatch.setattr("tenacity.nap.time.sleep", slept.append)
    return slept


def test_a_server_that_is_away_is_asked_again_after_growing_random_waits(fake_model, waits):
    model = RetryingModel(fake_model.enqueue(AWAY, AWAY, {"ok": 1}), attempts=3)
    assert ask(model).value == {"ok": 1}
    assert len(waits) == 2
    assert 0 <= waits[0] <= 2 * retrying.FIRST_WAIT
    assert waits[1] <= 4 * retrying.FIRST_WAIT


def test_a_busy_server_is_given_the_time_it_asks_for(fake_model, waits):
    ask(RetryingModel(fake_model.enqueue(ModelBusy("later", 5.0), {}), attempts=2))
    assert waits == [5.0]


@pytest.mark.parametrize("error", [ModelTimeout("slow"), ModelRefused("key"), ModelNonsense("what")])
def test_what_a_second_try_would_not_mend_is_not_tried_again(fake_model, waits, error):
    with pytest.raises(type(error)):
        ask(RetryingModel(fake_model.enqueue(error), attempts=3))
    assert waits == []
    assert len(fake_model.history) == 1


def test_after_the_last_attempt_the_error_is_the_models_own(fake_model, waits):
    with pytest.raises(ModelUnreachable, match="away"):
        ask(RetryingModel(fake_model.enqueue(AWAY, AWAY), attempts=2))


def test_the_breaker_opens_rests_tries_once_and_closes(fake_model):
    clock = Clock()
    model = CircuitBreaker(fake_model.enqueue(AWAY, AWAY), failures=2, rest_seconds=30, clock=clock)
    for _ in range(2):
        with pytest.raises(ModelUnreachable):
            ask(model)
    clock.now = 10
    with pytest.raises(ModelResting, match="asked again in 20 s"):
        ask(model)
    assert len(fake_model.history) == 2
    clock.now = 31
    fake_model.enqueue(AWAY)
    with pytest.raises(ModelUnreachable, match="away"):
        ask(model)
    with pytest.raises(ModelResting):
        ask(model)
    clock.now = 62
    fake_model.enqueue({}, AWAY, {})
    ask(model)
    with pytest.raises(ModelUnreachable, match="away"):
        ask(model)
    ask(model)  # one failure after a success does not open it


def test_while_one_call_probes_a_resting_model_others_fail_at_once(fake_model):
    clock = Clock()

    class Probing:
        name = "probing"

        def complete(self, *_):
            clock.now += 1
            if clock.now < 40:
                raise AWAY
            with pytest.raises(ModelResting):
                ask(model)
            return "answered"

    model = CircuitBreaker(Probing(), failures=1, rest_seconds=30, clock=clock)
    with pytest.raises(ModelUnreachable):
        ask(model)
    clock.now = 50
    assert ask(model) == "answered"


def test_nonsense_and_refusals_do_not_open_the_breaker(fake_model):
    model = CircuitBreaker(fake_model.enqueue(ModelNonsense("x"), ModelRefused("y"), {}), 1, 30)
    for error in (ModelNonsense, ModelRefused):
        with pytest.raises(error):
            ask(model)
    ask(model)


def test_a_budget_of_calls_counts_the_ones_that_failed(fake_model):
    model = BudgetedModel(fake_model.enqueue(AWAY, {}), Limits(turn_calls=2))
    with pytest.raises(ModelUnreachable):
        ask(model)
    ask(model)
    with pytest.raises(BudgetSpent, match="2 calls"):
        ask(model)


def test_a_budget_of_tokens_counts_what_was_not_cached(fake_model):
    model = BudgetedModel(fake_model.enqueue({}, {}), Limits(turn_tokens=30))  # 15 a call
    ask(model)
    ask(model)
    with pytest.raises(BudgetSpent, match="30 tokens"):
        ask(model)


def test_each_call_gets_the_seconds_that_are_left():
    clock, given = Clock(), []

    class Slow:
        name = "slow"

        def complete(self, schema, messages, max_tokens, timeout):
            given.append(timeout)
            clock.now += 40
            raise ModelTimeout("slow")

    model = BudgetedModel(Slow(), Limits(call_seconds=60, turn_seconds=70), clock)
    for _ in range(2):
        with pytest.raises(ModelTimeout):
            ask(model)
    assert given == [60, 30]
    with pytest.raises(BudgetSpent, match="70 seconds"):
        ask(model)


def test_the_chain_asks_the_next_and_says_who_failed(fake_model):
    first = type(fake_model)().enqueue(ModelRefused("wrong key"), {"by": 1})
    chain = ModelChain([first, fake_model.enqueue({"by": 2})])
    filled = ask(chain)
    assert filled.value == {"by": 2}
    assert [(one.error, one.reason) for one in filled.failed] == [("ModelRefused", "wrong key")]
    assert ask(chain).value == {"by": 1}
    with pytest.raises(ModelNonsense):
        ask(ModelChain([first.enqueue(AWAY), fake_model.enqueue(ModelNonsense("x"))]))


def test_a_fallback_gets_its_share_of_the_time(fake_model):
    given = []

    class Late:
        name = "late"

        def complete(self, schema, messages, max_tokens, timeout):
            given.append(timeout)
            raise ModelTimeout("late")

    with pytest.raises(ModelTimeout):
        ask(ModelChain([Late(), Late()]), timeout=60)
    assert given == [pytest.approx(30, abs=1), pytest.approx(60, abs=1)]  # the first one took no time here


def test_attempts_and_waits_share_the_time_of_a_call(fake_model, waits):
    busy = ModelBusy("later", 8.0)
    model = RetryingModel(fake_model.enqueue(busy, {}), attempts=3)
    with pytest.raises(ModelBusy):
        ask(model, timeout=5)  # the server asks for more than is left
    assert waits == []


def test_a_lazy_model_is_opened_when_asked_and_its_failure_is_the_models(fake_model):
    opened = []

    def open_():
        opened.append(1)
        if len(opened) == 1:
            raise ConfigError("no such package")
        return fake_model.enqueue({}, {})

    lazy = LazyModel("later", open_)
    assert opened == []
    with pytest.raises(ModelUnreachable, match="no such package"):
        ask(lazy)
    ask(lazy)
    ask(lazy)
    assert len(opened) == 2


def test_a_turn_goes_on_with_the_fallback_and_the_trace_says_so(tm_with, fake_model):
    form = {"intent": "recommend", "mentions": [], "constraints": [], "wish": ""}
    down = type(fake_model)().enqueue(AWAY)
    session = tm_with(ModelChain([down, fake_model.enqueue(form)]), "fast").session()
    events = list(session.stream("a comedy", k=1))
    switched = [event for event in events if event.kind == "switched"]
    assert [(one.step, one.error) for one in switched] == [("understand", "ModelUnreachable")]
    assert events[-1].reply.notes == ()
    assert [event.kind for _, event in session.trace.read()] == [event.kind for event in events]


def test_a_spent_budget_ends_in_rules_not_in_an_error(tm_with, film_workspace, fake_model):
    from tastemaker.agent import Tastemaker

    form = {"intent": "recommend", "mentions": [], "constraints": [], "wish": ""}
    fake_model.enqueue(form)
    with Tastemaker(film_workspace, fake_model, "balanced", Limits(turn_calls=1)) as tm:
        events = list(tm.session().stream("a comedy", k=1))
    assert [event.error for event in events if event.kind == "fallback"] == ["BudgetSpent"]
    assert len(events[-1].reply.items) == 1


def test_specifications_are_checked_before_anything_is_opened():
    assert open_models("rules") is None
    assert open_models("rules", ()) is None
    with pytest.raises(ConfigError, match="comes after rules"):
        open_models("rules", ["local"])
    with pytest.raises(ConfigError, match="names no model"):
        open_models("local", ["http://127.0.0.1:1/v1"])
    with pytest.raises(ConfigError, match="'gpt' is not known"):
        open_models("http://127.0.0.1:1/v1#x", ["gpt"])
    with pytest.raises(ConfigError, match="twice"):
        open_models("http://127.0.0.1:1/v1#x", ["http://127.0.0.1:1/v1#x"])


def test_prices_are_read_and_a_broken_file_says_what_to_write(tmp_path):
    path = tmp_path / "prices.toml"
    path.write_text('["openai:x"]\ninput = 2\noutput = 8\n')
    assert read_prices(path) == {"openai:x": Price(input=2, output=8)}
    path.write_text('["openai:x"]\ninput = "much"\n')
    with pytest.raises(ConfigError, match="holds no prices"):
        read_prices(path)
