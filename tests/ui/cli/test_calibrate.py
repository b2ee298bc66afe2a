"""`tastemaker calibrate`: what it needs, and where it keeps what it measured."""

import json

import pytest
from typer.testing import CliRunner

from tastemaker.agent.llm import open_models
from tastemaker.agent.llm.model_profile import own_profiles
from tastemaker.retrieval.errors import ConfigError
from tastemaker.ui.cli.main import app


def calibrate(*arguments):
    result = CliRunner().invoke(app, ["calibrate", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def requests_file(tmp_path):
    rows = [{"id": f"r{n}", "message": "anything", "relevant": {"2": [10], "1": []}} for n in range(5)]
    file = tmp_path / "requests.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_the_rules_have_nothing_to_calibrate_and_a_workspace_is_needed(requests_file, film_workspace):
    with pytest.raises(ConfigError, match="rules have nothing"):
        calibrate("--llm", "rules", "--requests", requests_file, "-w", film_workspace.path)
    with pytest.raises(ConfigError, match="--workspace"):
        calibrate("--llm", "rules", "--requests", requests_file)


def test_what_is_measured_is_kept_and_used(requests_file, film_workspace, tmp_path, monkeypatch, fake_model):
    monkeypatch.setenv("TASTEMAKER_MODELS", str(tmp_path / "models.json"))
    answer = {"intent": "recommend", "scope": "new", "best": [{"id": "10"}]}
    fake_model.enqueue(*[answer] * 100)
    monkeypatch.setattr(open_models, "open_models", lambda spec: fake_model)
    told = calibrate("--llm", "fake-1b", "--requests", requests_file, "-w", film_workspace.path, "-q").output
    assert "rules" in told
    kept = json.loads(own_profiles().read_text())["fake-1b"]
    assert kept["size"] == "small"
    assert kept["measured"]["requests"] == 5
