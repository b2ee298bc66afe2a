"""Whatever a model answers about an item, only what its form allows is kept, and what is kept can be stored."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tastemaker.agent.enrichment.facet_form import read_form
from tastemaker.agent.enrichment.interview import ask_item
from tastemaker.retrieval.errors import ModelNonsense

ALLOWED = {
    "pace": {"slow", "fast"},
    "moods": {"dark", "funny", "tense"},
    "violence": {0, 1, 2},
    "age_from": {4, 12, 18},
}
DRAWN = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
words = st.sampled_from(
    [
        "slow",
        "fast",
        "dark",
        "tense",
        "unknown",
        "none",
        "premise",
        "title",
        "from",
        "is",
        "\ud83d",
        "",
        "9" * 400,
    ]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=8)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=3)
)
fields = st.fixed_dictionaries({}, optional={"from": values, "is": values, "else": values})
forms = st.dictionaries(st.sampled_from([*ALLOWED, "else"]), fields | values, max_size=5)


def check(fit):
    for name, answer in fit.items():
        kept = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        assert answer.value is None or set(kept) <= ALLOWED[name], (name, answer)
        assert not any(isinstance(one, bool) for one in kept)
        json.dumps([answer.value, answer.evidence]).encode()


def test_a_form_is_read_or_its_faults_are_named(facts, facets):
    @DRAWN
    @given(forms)
    def read(form):
        fit, faults = read_form(form, facets, facts)
        check(fit)
        assert not set(fit) & set(faults)
        assert all("\n" not in fault for fault in map(str, faults.values()))

    read()


def test_an_item_is_asked_to_its_end_whatever_is_answered(facts, facets, fake_model):
    @DRAWN
    @given(st.lists(forms | st.just(ModelNonsense("what?")), min_size=2, max_size=2))
    def ask(answers):
        fake_model.__init__()
        answer = ask_item(facts, facets, fake_model.enqueue(*answers))
        check(answer.facets)
        assert set(answer.facets) == set(ALLOWED)
        assert len(fake_model.history) <= 2

    ask()
