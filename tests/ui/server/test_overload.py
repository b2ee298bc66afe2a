"""More turns than can be held: each does less, then a polite no, and soon all is as before."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import httpx
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.llm.cpu_cores import usable_cores
from tastemaker.agent.turn.allowance import FULL, WITHOUT_MODEL_NOW, Allowance
from tastemaker.agent.turn.state import Effort
from tastemaker.evals.studies.injections import ObeyingModel
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.gate.admission import Admission
from tastemaker.ui.gate.listener import listen
from tastemaker.ui.gate.overload import Overloaded
from tastemaker.ui.gate.running_server import RunningServer
from tastemaker.ui.server.application import application
from tastemaker.ui.server.settings import ServerSettings
from tastemaker.ui.server.turn_slots import BY_RULES, Load, TurnSlots

FAST = Allowance(Effort.FAST)


class SlowModel(ObeyingModel):
    def complete(self, schema, messages, max_tokens, timeout=None):
        time.sleep(0.2)
        return super().complete(schema, messages, max_tokens, timeout)


def test_turns_do_less_the_more_wait_and_the_last_are_sent_away():
    async def crowd(load: Load) -> list[Allowance | int]:
        slots, told, go_on = TurnSlots(load), list[Allowance | int](), asyncio.Event()

        async def one() -> None:
            try:
                async with slots.take() as allowance:
                    told.append(allowance)
                    await go_on.wait()
            except Overloaded as error:
                told.append(error.seconds)

        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(one())
            await asyncio.sleep(0.02)
            before = Counter(map(str, told))
            assert before[str(1)] == 10 - load.waiting  # at once, not after a wait
            go_on.set()
        assert (slots.queued, slots.running, slots.shed) == (0, 0, before["1"])
        async with AsyncExitStack() as stack:
            told.append(await stack.enter_async_context(slots.take()))
        return told

    told = asyncio.run(crowd(Load(1, 8, 5, True, 2, fast_at=0.25, rules_at=0.5, patience=2)))
    assert told.count(BY_RULES) == 4
    assert told.count(FAST) >= 1
    assert told[-1] == FULL
    without = asyncio.run(crowd(Load(1, 8, 5, has_model=False)))
    assert without.count(FULL) == 9
    never = asyncio.run(crowd(Load(1, 8, 5, has_model=True, fast_at=1, rules_at=1)))
    assert never.count(FULL) == 9


def test_whoever_waits_too_long_for_the_model_is_answered_by_rules_and_a_budget_runs_while_waiting():
    now = [0.0]

    async def talk() -> list[Allowance]:
        slots = TurnSlots(Load(1, 8, 5, True, 2, patience=0.05, turn_seconds=7.0), lambda: now[0])
        told = list[Allowance]()
        async with slots.take() as first, slots.take() as second:
            told += [first, second]
        held = slots.take()
        await held.__aenter__()
        waits = asyncio.create_task(slots.take().__aenter__())
        await asyncio.sleep(0)
        now[0] = 5.0
        await held.__aexit__(None, None, None)
        return [*told, await waits]

    first, second, late = asyncio.run(talk())
    assert (first.seconds, second, late.seconds) == (7.0, BY_RULES, 2.0)


def test_shares_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="the second at least the first"):
        ServerSettings(fast_at=0.6, rules_at=0.2)


def test_a_turn_without_its_model_says_so_and_is_logged_as_what_it_was(film_workspace, tmp_path):
    with Tastemaker(film_workspace, SlowModel(), "thorough", home=tmp_path) as tm:
        session = tm.session("a")
        events = list(session.stream("a drama", 2, BY_RULES))
        assert (events[0].llm, events[0].effort) == ("rules", "fast")
        assert WITHOUT_MODEL_NOW in events[-1].reply.notes
        assert events[-1].reply.usage.calls == tm.model.asked == 0
        assert '"llm":"rules"' in next((tmp_path / "feedback").iterdir()).read_text().replace(": ", ":")
        assert WITHOUT_MODEL_NOW not in session.send("a comedy", 2).notes
        assert tm.model.asked > 0
        spent = list(session.stream("a thriller", 2, Allowance(seconds=0.0)))
        assert "used up its 0 seconds" in next(one for one in spent if one.kind == "fallback").reason


@pytest.mark.wire
def test_a_burst_is_answered_to_the_last_and_then_all_is_as_before(film_workspace, tmp_path):
    settings = ServerSettings(
        turns_at_once=2, waiting=16, rules_at_once=2, fast_at=0.1, rules_at=0.4, page=False
    )
    listener = listen("127.0.0.1", 8500)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with (
        Tastemaker(film_workspace, SlowModel(), home=tmp_path) as tm,
        RunningServer(application(tm, Admission.of("127.0.0.1"), settings), listener),
        httpx.Client(base_url=address, timeout=60) as http,
    ):

        def ask(_: int = 0) -> httpx.Response:
            return http.post("/v1/recommend", json={"message": "a drama", "k": 1})

        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(ask, range(80)))
        assert {one.status_code for one in answers} == {200, 503}
        assert all(1 <= int(one.headers["retry-after"]) <= 60 for one in answers if one.status_code == 503)
        answered = [one.json() for one in answers if one.status_code == 200]
        assert all(one["message"] for one in answered)
        assert all(one["items"] for one in answered if WITHOUT_MODEL_NOW in one["notes"])
        by_rules = sum(WITHOUT_MODEL_NOW in one["notes"] for one in answered)
        assert 0 < by_rules < len(answered)
        started = time.perf_counter()
        assert WITHOUT_MODEL_NOW not in ask().json()["notes"]
        assert time.perf_counter() - started < 5
        figures = http.get("/metrics").text
        assert f"tastemaker_turns_rules {by_rules}.0" in figures
        assert "tastemaker_turns_running 0.0" in figures


def test_rules_run_on_no_more_threads_than_pay_off():
    """Beside each other they would only take turns, and all of them end late."""
    assert Load(8, rules_at_once=2, has_model=True).computing == 8
    assert Load(8, rules_at_once=2).computing == max(2, min(8, usable_cores()))
    assert Load(1).computing == 1
