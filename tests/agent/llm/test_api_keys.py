"""Keys go to the provider they belong to, and into nothing that is written down; private sessions leave no words."""

from __future__ import annotations

import json
import logging

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.line_log import append_lines
from tastemaker.agent.llm.api_keys import NO_KEY, key_for, redact
from tastemaker.agent.llm.model import line
from tastemaker.agent.llm.open_models import open_model
from tastemaker.evals.replay.log import read_log
from tastemaker.retrieval.errors import ConfigError, DataError, ModelRefused

ODD = "azure/7f3a+Qx==\"'\\z9"
OPENAI = "sk-proj-0123456789"


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI)
    monkeypatch.setenv("SHOP_KEY", ODD)
    return monkeypatch


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/v1",
        "https://evil.example/v1",
        "http://api.openai.com/v1",
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com@evil.example/v1",
        "https://evil.example/api.openai.com",
        "http://127.0.0.1:8080/v1",
    ],
)
def test_no_key_goes_to_a_server_that_it_does_not_belong_to(keys, url):
    assert key_for(url) == NO_KEY
    model = open_model(f"{url}#m")
    assert model._model.openai_api_key.get_secret_value() == NO_KEY


def test_a_key_goes_to_its_provider_and_where_it_is_sent_outright(keys):
    assert key_for("https://api.openai.com/v1") == OPENAI
    keys.setenv("TASTEMAKER_API_KEY_ENV", "shop.example=SHOP_KEY, other.example=NOT_SET")
    assert key_for("http://shop.example:8000/v1") == ODD
    assert key_for("http://evil.example/v1") == NO_KEY
    with pytest.raises(ConfigError, match="NOT_SET"):
        key_for("https://other.example/v1")
    keys.setenv("TASTEMAKER_API_KEY_ENV", "SHOP_KEY")
    assert key_for("http://anything.example/v1") == ODD


@pytest.mark.parametrize("key", [ODD, OPENAI])
def test_a_key_of_any_shape_is_blotted_out_of_errors_and_logs(keys, key, tmp_path):
    assert key not in line(ValueError(f"no such key: {key}!"))
    assert "no such key" in redact(f"no such key: {key}!")
    append_lines(tmp_path / "log.jsonl", [{"reason": f"echo {key}", "n": 1}])
    written = (tmp_path / "log.jsonl").read_text()
    assert json.loads(written) == {"reason": "echo [key]", "n": 1}


def test_a_key_that_a_server_echoes_is_in_no_file_of_the_session(keys, fake_model, film_workspace, tmp_path):
    fake_model.enqueue(*[ModelRefused(f"bad key {ODD}, really {OPENAI}")] * 9)
    with Tastemaker(film_workspace, fake_model, home=tmp_path) as tm:
        assert tm.session().send("a thriller").items
    for file in tmp_path.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert OPENAI.encode() not in content
        assert ODD.encode() not in content
        assert json.dumps(ODD)[1:-1].encode() not in content


def test_a_private_session_leaves_no_words_in_traces_feedback_and_logs(film_workspace, tmp_path, caplog):
    caplog.set_level(logging.DEBUG, "tastemaker")
    words = ("zanzibar", "quokka", "marmalade")
    with Tastemaker(film_workspace, home=tmp_path, private=True) as tm:
        session = tm.session()
        reply = session.send("something about zanzibar like Quokka Nights, no horror, not by Marmalade", k=3)
        session.open_item(reply.items[0].id)
        session.send("a thriller with a quokka from 1994 please", k=3)
        kinds = [event.kind for _, event in session.trace.read()]
        assert kinds.count("done") == 2
        assert {"started", "understood", "item"} <= set(kinds)
        shown = [event for _, event in session.trace.read() if event.kind == "item"]
        assert shown[0].card.id == reply.items[0].id
        for folder in ("traces", "feedback"):
            (file,) = (tmp_path / folder).iterdir()
            content = file.read_text().casefold()
            assert not [word for word in words if word in content]
        assert not [word for word in words if word in caplog.text.casefold()]
        with pytest.raises(DataError, match="--private"):
            read_log(tmp_path / "feedback")
