"""A model whose server dies: rules answer at once, and it is started again. With real processes."""

import json
import logging
import os
import signal
import subprocess
import sys
import time

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.events import Fallback
from tastemaker.agent.llm.local_server import stop_local_server
from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.open_models import open_models
from tastemaker.agent.llm.restarted import RestartedModel, away, restarted_models
from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.errors import ConfigError, ModelResting, ModelUnreachable
from tastemaker.retrieval.fetch.cache import cache_folder
from tastemaker.retrieval.fetch.model_files import chat_model

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


class Served:
    """A model that answers while a child process of ours lives, as one behind a server does."""

    name = "served"

    def __init__(self):
        self.child = subprocess.Popen(SLEEPER)

    def complete(self, schema, messages, max_tokens, timeout=None):
        if self.child.poll() is not None:
            raise ModelUnreachable("connection refused")
        return FormAnswer({"pid": self.child.pid}, Usage())


@pytest.fixture
def started():
    served = []

    def start():
        if len(served) == 1:
            time.sleep(0.3)
        served.append(Served())
        return served[-1]

    start.served = served
    yield start
    for one in served:
        one.child.kill()
        one.child.wait()


def ask(model):
    return model.complete({}, [], 10).value["pid"]


def kill(child):
    child.kill()
    child.wait()


def test_a_dead_server_is_started_again_and_nobody_waits_for_it(started):
    model = RestartedModel("m", started, lambda: started.served[-1].child.poll() is None)
    first = ask(model)
    kill(started.served[0].child)
    began = time.monotonic()
    with pytest.raises(ModelResting, match="being started"):
        ask(model)
    assert time.monotonic() - began < 0.2
    assert away(model)
    assert model.wait(10)
    assert ask(model) != first
    assert away(model) == ""
    assert len(started.served) == 2


def test_a_death_that_only_a_call_finds_is_one_too(started):
    model = RestartedModel("m", started, lambda: True)
    kill(started.served[0].child)
    with pytest.raises(ModelResting):
        ask(model)
    assert model.wait(10)
    assert ask(model) == started.served[1].child.pid


def test_a_start_that_fails_says_why_and_is_not_tried_all_the_time(caplog):
    tried = []

    def start():
        tried.append(1)
        raise ModelUnreachable("no such library")

    now = [100.0]
    with caplog.at_level(logging.CRITICAL):
        model = RestartedModel("m", start, lambda: True, wait=False, clock=lambda: now[0])
        deadline = time.monotonic() + 5
        while "no such library" not in model.away and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not model.check()
        assert len(tried) == 1
        now[0] += 60
        assert not model.check()
        while len(tried) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(tried) == 2
    with pytest.raises(ModelUnreachable, match="no such library"):
        RestartedModel("m", start, lambda: True)


def test_an_unknown_name_is_told_at_once():
    with pytest.raises(ConfigError, match="no chat model 'qwen99'"):
        open_models("local:qwen99", wait=False)


@pytest.mark.wire
def test_llama_killed_in_a_conversation_rules_answer_and_it_comes_back(film_workspace, own_servers):
    with Tastemaker.open(film_workspace.path, llm="local:smollm2-135m", wait=False) as tm:
        (model,) = restarted_models(tm.model)
        assert model.wait(120)
        session = tm.session()
        session.send("a drama", 2)
        pids = server_pids(own_servers)
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        events = list(session.stream("no horror", 2))
        assert time.monotonic() - began < 20
        assert events[-1].reply.items
        assert [one.error for one in events if isinstance(one, Fallback) and one.model_failed][:1] == [
            "ModelResting"
        ]
        assert model.wait(120)
        assert not set(server_pids(own_servers)) & set(pids)
        later = list(session.stream("something funny", 2))
        assert not [one for one in later if isinstance(one, Fallback) and one.error == "ModelResting"]
    stop_local_server("smollm2-135m")


@pytest.fixture
def own_servers(tmp_path, monkeypatch):
    """A cache with the models of the user's and none of their servers, which are not ours to kill."""
    chat_model("smollm2-135m", progress=False)
    (tmp_path / "models").symlink_to(cache_folder() / "models")
    monkeypatch.setenv("TASTEMAKER_CACHE", str(tmp_path))
    return tmp_path / "servers"


def server_pids(folder):
    return [json.loads(one.read_text())["pid"] for one in folder.glob("smollm2-135m-*.json")]
