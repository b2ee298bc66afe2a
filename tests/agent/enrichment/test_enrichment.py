"""Asking about items with a scripted model: once more after nonsense, resumably, only what changed."""

from dataclasses import replace

import pytest

from tastemaker.agent.enrichment.answer_log import AnswerLog
from tastemaker.agent.enrichment.coverage import coverage, coverage_table
from tastemaker.agent.enrichment.enrichment import Done, ask_all, open_tasks
from tastemaker.agent.enrichment.estimate import estimate
from tastemaker.agent.enrichment.facet_form import FacetAnswer
from tastemaker.agent.enrichment.interview import ask_item
from tastemaker.agent.enrichment.item_facts import item_facts
from tastemaker.agent.enrichment.known_items import known_items, known_values
from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.errors import ModelNonsense, ModelUnreachable, WorkspaceError


@pytest.fixture
def log(tmp_path):
    made = AnswerLog(tmp_path)
    with made.alone():
        yield made


def left(catalog, facets, log):
    return open_tasks(known_items(catalog, facets, log), facets)


def asked_of(model):
    """What each call asked about: the facets in its schema's prompt, and the item's text."""
    return [messages[-1][1] for _, messages in model.history]


def test_an_item_is_asked_once_where_the_form_fits(facts, facets, fake_model, form):
    answer = ask_item(facts, facets, fake_model.enqueue(form()))
    assert answer.facets["moods"] == FacetAnswer(("dark", "tense"), "premise")
    assert (answer.outside, answer.usage.calls, len(fake_model.history)) == ((), 1, 1)


def test_what_is_outside_the_form_is_asked_once_again_and_only_that(facts, facets, fake_model, form):
    fake_model.enqueue(form(pace="supersonic"), {"pace": {"from": "premise", "is": "fast"}})
    answer = ask_item(facts, facets, fake_model)
    assert (answer.facets["pace"].value, answer.outside, answer.usage.calls) == ("fast", (), 2)
    (_, again) = fake_model.history[1]
    assert "violence" not in again[0][1]
    assert "'supersonic' is not allowed" in again[-1][1]


def test_what_is_outside_the_form_twice_is_unknown(facts, facets, fake_model, form):
    fake_model.enqueue(form(pace="supersonic"), {"pace": {"from": "premise", "is": "sonic"}})
    answer = ask_item(facts, facets, fake_model)
    assert (answer.facets["pace"], answer.outside) == (FacetAnswer(), ("pace",))
    assert answer.facets["violence"].value == 1


@pytest.mark.parametrize(
    "nonsense", [ModelNonsense("no JSON"), {}, {"pace": 7}, {"else": {"from": "x", "is": "y"}}]
)
def test_nonsense_twice_is_all_unknown_and_no_error(facts, facets, fake_model, nonsense):
    answer = ask_item(facts, facets, fake_model.enqueue(nonsense, nonsense))
    assert set(answer.facets.values()) == {FacetAnswer()}
    assert set(answer.outside) == {facet.name for facet in facets}


def test_orders_in_an_item_stay_data(catalog, facets, fake_model, form):
    facts = item_facts(catalog.at(2), catalog.schema)
    # A model that obeys: what the item orders is outside the form and never gets in.
    fake_model.enqueue(form(violence=9), {"violence": {"from": "premise", "is": 9}})
    answer = ask_item(facts, facets, fake_model)
    assert answer.facets["violence"] == FacetAnswer()
    user = fake_model.history[0][1][-1][1]
    assert user.startswith("<item>")
    assert user.count("</item>") == 1
    assert user.endswith("</item>")


def test_nothing_computed_or_inferred_is_shown_to_the_model(facts):
    assert facts.fields == ("title", "premise")
    assert "popularity" not in facts.text


def test_an_enrichment_that_breaks_off_goes_on(catalog, facets, tmp_path, log, fake_model, form):
    fake_model.enqueue(form(), form(), ModelUnreachable("gone"))
    with pytest.raises(ModelUnreachable, match="gone"):
        ask_all(left(catalog, facets, log), fake_model, log, 1, progress=False)
    assert len(fake_model.history) == 3
    reopened = AnswerLog(tmp_path)
    tasks = left(catalog, facets, reopened)
    assert [task.facts.id for task in tasks] == ["2", "3", "4"]
    done = ask_all(tasks, fake_model.enqueue(form(), form(), form()), reopened, 1, progress=False)
    assert (done.items, done.usage.calls, left(catalog, facets, reopened)) == (3, 3, [])


def test_half_a_line_is_cut_off_and_its_item_asked_again(catalog, facets, tmp_path, fake_model, form):
    first = AnswerLog(tmp_path)
    with first.alone():
        ask_all(left(catalog, facets, first), fake_model.enqueue(*[form()] * 5), first, 1, progress=False)
    whole = first.path.read_bytes()
    first.path.write_bytes(whole[:-40])
    second = AnswerLog(tmp_path)
    with second.alone():
        tasks = left(catalog, facets, second)
        assert [task.facts.id for task in tasks] == ["4"]
        ask_all(tasks, fake_model.enqueue(form()), second, 1, progress=False)
    third = AnswerLog(tmp_path)
    assert left(catalog, facets, third) == []
    assert third.path.read_bytes().count(b"\n") == 5


def test_a_broken_line_in_the_middle_is_told(catalog, facets, tmp_path, fake_model, form):
    log = AnswerLog(tmp_path)
    with log.alone():
        ask_all(left(catalog, facets, log), fake_model.enqueue(*[form()] * 5), log, 1, progress=False)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join([lines[0], b"rubbish\n", *lines[1:]]))
    with pytest.raises(WorkspaceError, match=r"answers.jsonl:2 is no answer .*delete this line"):
        AnswerLog(tmp_path)


def test_two_at_once_are_refused(tmp_path, log):
    other = AnswerLog(tmp_path)
    with pytest.raises(WorkspaceError, match="another enrichment"), other.alone():
        pass


def test_a_changed_facet_is_asked_again_and_no_other(catalog, facets, log, fake_model, form):
    ask_all(left(catalog, facets, log), fake_model.enqueue(*[form()] * 5), log, 1, progress=False)
    changed = [replace(one, question="How slow?") if one.name == "pace" else one for one in facets]
    tasks = left(catalog, changed, log)
    assert [[facet.name for facet in task.facets] for task in tasks] == [["pace"]] * 5
    ask_all(
        tasks, fake_model.enqueue(*[{"pace": {"from": "title", "is": "fast"}}] * 5), log, 1, progress=False
    )
    values = known_values(known_items(catalog, changed, log))
    assert {values[item]["pace"] for item in values} == {"fast"}
    assert {values[item]["violence"] for item in values} == {1}


def test_a_changed_item_is_asked_again_and_no_other(catalog, facets, log, fake_model, form):
    ask_all(left(catalog, facets, log), fake_model.enqueue(*[form()] * 5), log, 1, progress=False)
    items = [
        Item(one.id, one.title, {**one.attributes, "premise": "Rewritten."}) if one.id == "3" else one
        for one in catalog
    ]
    tasks = left(Catalog(items, catalog.schema), facets, log)
    assert [task.facts.id for task in tasks] == ["3"]
    assert "3" not in known_values(known_items(Catalog(items, catalog.schema), facets, log))


def test_coverage_adds_up(catalog, facets, log, fake_model, form):
    fake_model.enqueue(
        form(), form("knowledge", pace="unknown"), form(pace=1), {"pace": {"from": "premise", "is": 2}}
    )
    ask_all(left(catalog, facets, log)[:3], fake_model, log, 1, progress=False)
    lines = {line.facet: line for line in coverage(known_items(catalog, facets, log), facets)}
    pace = lines["pace"]
    assert (pace.known, pace.unknown, pace.unasked, pace.outside) == (1, 2, 2, 1)
    assert lines["violence"].values == (("1 (a little)", 3),)
    assert lines["violence"].by_knowledge == 1
    assert all(
        line.given + line.known + line.unknown + line.unasked == len(catalog) for line in lines.values()
    )
    assert "violence" in coverage_table(list(lines.values()))


def test_what_came_with_the_data_is_not_asked(catalog, facets, log):
    given = Attribute(name="pace", kind=Kind.CATEGORY, provenance=Provenance.INFERRED)
    items = [
        Item(one.id, one.title, {**one.attributes, **({"pace": "slow"} if one.id == "1" else {})})
        for one in catalog
    ]
    richer = Catalog(items, Schema(attributes=(*catalog.schema.attributes, given)))
    tasks = left(richer, facets, log)
    assert ["pace" in [facet.name for facet in task.facets] for task in tasks] == [
        True,
        False,
        True,
        True,
        True,
    ]
    (pace, *_) = coverage(known_items(richer, facets, log), facets)
    assert (pace.given, pace.unasked) == (1, 4)


def test_the_estimate_scales_the_pilot():
    pilot = Done(10, 50.0, Usage(calls=10, prompt_tokens=1000, completion_tokens=200, cost=0.5))
    told = estimate(pilot, 100, workers=20, priced=True)
    assert (told.seconds, told.prompt_tokens, told.completion_tokens, told.cost) == (
        250.0,
        10_000,
        2_000,
        5.0,
    )
    assert estimate(pilot, 100, workers=4, priced=False).cost is None


def test_workers_work_at_a_time(catalog, facets, log, form):
    import threading

    together = threading.Barrier(3, timeout=20)

    class Meeting:
        name = "meeting"

        def complete(self, schema, messages, max_tokens, timeout=None):
            from tastemaker.agent.llm.model import FormAnswer

            together.wait()
            return FormAnswer(form(), Usage(calls=1))

    done = ask_all(left(catalog, facets, log)[:3], Meeting(), log, 3, progress=False)
    assert done.items == 3
