"""What a model earns on labelled requests becomes its profile."""

import json

import pytest

from tastemaker.agent.llm.model import FormAnswer
from tastemaker.agent.llm.model_profile import ModelSize, read_profiles
from tastemaker.agent.llm.usage import Usage
from tastemaker.evals.requests.calibration import calibrate, keep_profile
from tastemaker.evals.requests.case import link
from tastemaker.evals.requests.files import read_requests
from tastemaker.retrieval.errors import ConfigError
from tests.evals.requests.conftest import ROWS, write_rows


class OneMind:
    """A model that puts the same item first whatever it is asked."""

    name = "test:one-mind"

    def __init__(self, item):
        self.item = item

    def complete(self, schema, messages, max_tokens, timeout=None):
        value = {"intent": "recommend", "scope": "new"}
        if schema["title"] == "ranking":
            value = {"best": [{"id": self.item, "why": "", "fields": []}], "vetoes": [], "lead": ""}
        return FormAnswer(value, Usage(calls=1))


@pytest.fixture
def cases(tmp_path, film_catalog):
    rows = [
        {**ROWS[0], "id": f"r{n}", "message": "anything", "relevant": {"2": [10], "1": []}} for n in range(6)
    ]
    return link(read_requests(write_rows(tmp_path / "six.jsonl", rows)), film_catalog)[0]


def test_an_order_that_finds_what_fits_is_kept_and_one_that_does_not_is_left_out(
    cases, film_workspace, tmp_path
):
    profile, earned = calibrate(OneMind("10"), ModelSize.SMALL, cases, film_workspace, progress=False)
    told = {one.name: one for one in earned}
    assert next(iter(told)) == "rules"
    assert profile.measured["requests"] == 6
    assert not profile.words
    file = tmp_path / "models.json"
    keep_profile(file, OneMind.name, profile)
    assert read_profiles(file)[OneMind.name] == profile
    assert json.loads(file.read_text())[OneMind.name]["measured"]["parts"]["rules"]["kept"]


def test_a_capable_model_keeps_what_does_not_lose(cases, film_workspace):
    profile, earned = calibrate(OneMind("10"), ModelSize.CAPABLE, cases, film_workspace, progress=False)
    by_name = {one.name: one for one in earned}
    assert profile.leads == by_name["reading"].kept
    if profile.leads:
        assert by_name["order at 1"].gain.mean >= 0


def test_few_conversations_tell_nothing(cases, film_workspace):
    with pytest.raises(ConfigError, match="too few"):
        calibrate(OneMind("10"), ModelSize.SMALL, cases[:2], film_workspace, progress=False)
