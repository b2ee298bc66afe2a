"""The weight of a model's choice: fitted on some conversations, judged on others, zero unless it earned more."""

import json

import numpy as np
import pytest

from tastemaker.agent.shortlist.llm_rerank import LETTERS
from tastemaker.evals.dialogues.agent_system import AgentSystem
from tastemaker.evals.dialogues.case import DialogueCase, Utterance
from tastemaker.evals.studies import choice_weight
from tastemaker.evals.studies.choice_weight import Row, ask, evaluate, fit, keep, read_rows, report
from tastemaker.retrieval.errors import ConfigError, ModelTimeout

IDS = tuple(str(n) for n in range(20))


def rows_of(model_knows, n=120):
    """Moments whose right item lies anywhere; the model favours it, or something at random."""
    random = np.random.default_rng(0)
    rows = []
    for number in range(n):
        right = int(random.integers(20))
        liked = random.normal(size=20)
        liked[right] += 3 if model_knows else 0
        scores = tuple(float(score) for score in -np.sort(-random.normal(size=20)))
        rows.append(Row(str(number), f"talk {number}", IDS, scores, (str(right),), tuple(map(float, liked))))
    return rows


def test_a_model_that_knows_gets_a_weight_and_one_that_does_not_gets_none():
    weight, gain = evaluate(rows_of(model_knows=True))
    assert weight >= 0.5
    assert gain.low > 0
    weight, gain = evaluate(rows_of(model_knows=False))
    assert weight == 0
    assert gain.low <= 0


def test_what_is_judged_is_not_what_was_fitted(monkeypatch):

    seen = []
    monkeypatch.setattr(choice_weight, "fit", lambda rows: seen.append({r.group for r in rows}) or 1.0)
    rows = rows_of(model_knows=True, n=60)
    evaluate(rows)
    everything = {row.group for row in rows}
    held_out = [everything - fold for fold in seen[:5]]
    assert set().union(*held_out) == everything
    assert sum(map(len, held_out)) == len(everything)


def test_moments_without_hope_count_and_change_nothing():
    lost = Row("x", "talk x", IDS, tuple(range(20, 0, -1)), ("outside:none",))
    assert lost.hopeless()
    assert lost.gain(2.0) == lost.gain(0.0) == 0
    assert fit([lost]) == 0


def test_too_few_conversations_are_refused():
    with pytest.raises(ConfigError, match="2 rows are too few"):
        evaluate(rows_of(model_knows=True, n=2))


def test_the_weight_is_kept_beside_those_of_others(tmp_path):
    file = tmp_path / "weights.json"
    rows = rows_of(model_knows=False)
    weight, gain = evaluate(rows)
    keep(file, "local:a", rows, weight, gain)
    keep(file, "local:b", rows, 0.5, gain)
    held = json.loads(file.read_text())
    assert held["local:a"]["order"] == 0
    assert held["local:b"]["order"] == 0.5
    assert held["local:a"]["measured"]["order"]["moments"] == 120
    text = "\n".join(report(rows, "local:a", weight, gain))
    assert "weight kept: 0" in text


RIGHT = "3"


def case(number, *gold, outside=()):
    said = (Utterance("seeker", "I want a thriller"), Utterance("recommender", "sure"))
    return DialogueCase(f"c{number}", f"talk {number}", 2, said, ("1",), gold, outside)


@pytest.fixture
def agent(film_workspace):
    system = AgentSystem(film_workspace, None, "balanced", None)
    yield system
    system.close()


def test_rows_are_asked_once_and_only_where_a_choice_can_matter(agent, fake_model, tmp_path):
    file = tmp_path / "rows.jsonl"
    even = {letter: -2.0 - n / 10 for n, letter in enumerate(LETTERS)}
    cases = [case(1, "3"), case(2, outside=("Glass Horizon",)), case(3, RIGHT), case(4, "1")]
    ask(cases[:1], agent, fake_model.enqueue(even, even), file)
    ask(cases, agent, fake_model.enqueue(even, even), file)
    rows = read_rows(file)
    assert [row.id for row in rows] == ["c1", "c2", "c3"]  # "1" had been named: nothing new to find in c4
    assert [row.liked is not None for row in rows] == [True, False, True]
    assert len(fake_model.history) == 4
    assert "I want a thriller" in fake_model.history[0][1][-1][1]


def test_a_model_that_fails_leaves_the_row_for_a_later_run(agent, fake_model, tmp_path, capsys):
    file = tmp_path / "rows.jsonl"
    ask([case(1, "3")], agent, fake_model.enqueue(ModelTimeout("slow")), file)
    assert read_rows(file) == []
    assert "c1: slow" in capsys.readouterr().err


def test_a_line_cut_short_by_a_kill_is_left_out(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text('{"id": "a", "group": "g", "ids": ["1"], "scores": [1.0], "gold": ["1"]}\n{"id": "b"')
    assert [row.id for row in read_rows(file)] == ["a"]


def test_the_study_from_end_to_end_keeps_the_weight_of_the_model_by_its_name(
    film_workspace, talks, tmp_path, monkeypatch, fake_model, capsys
):
    even = dict.fromkeys(LETTERS, -3.0)
    monkeypatch.setattr(choice_weight, "open_models", lambda spec: fake_model.enqueue(*[even] * 400))
    rows, weights = tmp_path / "rows.jsonl", tmp_path / "weights.json"
    arguments = ["--workspace", film_workspace.path, "--data-file", talks, "--rows", rows, "--write", weights]
    choice_weight.main([*map(str, arguments), "--limit", "40"])
    assert "weight kept: 0" in capsys.readouterr().out
    assert len(read_rows(rows)) == 40
    kept = json.loads(weights.read_text())["fake-1b"]
    assert (kept["size"], kept["order"]) == ("small", 0)
    assert kept["measured"]["order"] == {
        "weight": 0,
        "moments": 40,
        "chosen": 40,
        "gain": [0, 0, 0],
        "metric": "ndcg@10",
    }
    choice_weight.main([*map(str, arguments), "--limit", "40"])
    assert len(fake_model.history) == 80


def test_the_rules_have_no_choice_to_weigh(film_workspace, talks, tmp_path):
    arguments = ["--workspace", film_workspace.path, "--data-file", talks, "--rows", tmp_path / "rows.jsonl"]
    with pytest.raises(ConfigError, match="rules choose nothing"):
        choice_weight.main([*map(str, arguments), "--llm", "rules"])
