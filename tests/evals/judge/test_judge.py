"""Replies judged without a model: each measure by hand, planted faults, old rows, the command."""

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from tastemaker.evals.judge.claim_check import Claims
from tastemaker.evals.judge.claim_spans import spans
from tastemaker.evals.judge.figures import measure, percentile_of, ratio, seconds
from tastemaker.evals.judge.grounding_check import Grounding
from tastemaker.evals.judge.judge import MEASURES, Judge
from tastemaker.evals.judge.judged_reply import JudgedReply, replies_of
from tastemaker.evals.judge.list_checks import gini, self_information
from tastemaker.evals.judge.report import report_json
from tastemaker.evals.runs.run_folder import RunFolder, run_head
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.ui.cli.main import app

NO_HORROR = {"field": "genres", "op": "is_not", "value": "Horror"}


@pytest.fixture
def judge(film_catalog, film_log):
    return Judge(film_catalog, film_log)


def reply(**changes):
    told = {
        "case": "c",
        "group": "g",
        "said": ("a thriller, no horror",),
        "mentioned": (),
        "items": ("1", "3"),
        "text": "Two for tonight.\n1. Harbour Lights (1994): Crime and thriller from 1994.\n"
        "2. Night Train North (1996): Thriller from 1996; shares Ada Stone (director) with Harbour Lights (1994).",
        "conditions": (NO_HORROR,),
        "first_seconds": 0.5,
        "seconds": 1.0,
        "usage": {"calls": 2, "cost": 0.25},
    }
    return JudgedReply(**{**told, **changes})


def test_a_reply_without_fault(judge):
    verdict = judge.verdict(reply())
    assert verdict.faults == ()
    assert {name: tally for name, tally in verdict.tallies.items() if tally is not None} == {
        "without text": (0, 1),
        "grounded": (1, 1),
        "claims held": (2, 2),
        "repeats": (0, 2),
        "violations": (0, 2),
        # {crime, thriller, Ada Stone} and {thriller, Ada Stone}: two of three shared
        "diversity": (pytest.approx(1 / 3), 1),
        "novelty": (pytest.approx(2 * math.log2(25 / 9)), 2),  # eight of 24 people took each
        "words": (28, 1),
        "calls": (2, 1),
        "cost": (0.25, 1),
    }


@pytest.mark.parametrize(
    ("changes", "kind", "named"),
    [
        ({"text": "Try Grave Company (1995) tonight."}, "grounded", "Grave Company"),
        ({"text": 'Try "Star Ferry" tonight.'}, "grounded", "Star Ferry"),
        ({"text": "A film by Cleo Hart."}, "grounded", "Cleo Hart"),
        ({"text": "A film that runs 118 minutes."}, "grounded", "118"),
        ({"text": "Harbour Lights (1994): a western."}, "claims held", "western"),
        ({"text": "Harbour Lights (1994): Thriller from 1997."}, "claims held", "1997"),
        ({"text": "Harbour Lights (1994): its genres include crime and noir."}, "claims held", "noir"),
        ({"text": "Harbour Lights (1994) shares Ben Marsh (director) with it."}, "claims held", "ben marsh"),
        ({"items": ("1", "5")}, "violations", "Grave Company"),
        ({"items": ("1", "3", "1")}, "repeats", "Harbour Lights"),
        ({"earlier": ("3",)}, "repeats", "Night Train North"),
        ({"mentioned": ("3",)}, "repeats", "Night Train North"),
    ],
)
def test_planted_faults_are_caught(judge, changes, kind, named):
    found = [fault for fault in judge.verdict(reply(**changes)).faults if fault.measure == kind]
    assert len(found) == 1
    assert named in found[0].what


@pytest.mark.parametrize(
    "text",
    [
        "You named Paper Moons (1988), which I don't have in mind.",
        "Like Cleo Hart's work, and from the 1980s, before 1989.",
        "Gladly. Tell me more.",
        "Here are 2 films; Harbour Lights was number 4 of the ranking.",
        'For "no horror" I kept to thrillers.',
    ],
)
def test_what_was_said_or_shown_is_ground_enough(film_catalog, text):
    asked = reply(text=text, said=("I liked paper moons, something of the eighties",), places={"1": [4]})
    assert Grounding(film_catalog).unsupported_spans(asked) == []


def test_a_line_belongs_to_the_longest_title_that_it_begins_with(film_catalog):
    items = [*film_catalog, Item("13", "Twin Rivers (1990) II", {"year": 2001})]
    claims = Claims(Catalog(items, film_catalog.schema))
    (claim,) = claims.of(reply(items=("10", "13"), text="1. Twin Rivers (1990) II: from 2001."))
    assert (claim.item, claim.wrong) == ("13", ())


def test_a_name_of_two_others_is_not_grounded(film_catalog):
    (found,) = Grounding(film_catalog).unsupported_spans(
        reply(text="It has Ada Marsh in it.", items=("1", "2"))
    )
    assert (found.kind, found.said) == ("name", "Ada Marsh")


def test_spans_by_hand():
    text = "1. “The Cellar” is good. Ada Stone's Heat (1995) and 7 of the 90s."
    assert [(one.kind, one.said) for one in spans(text)] == [
        ("quoted title", "The Cellar"),
        ("dated title", "Ada Stone's Heat (1995)"),
        ("number", "7"),
        ("number", "90s"),
    ]


def test_denied_values_and_sentences_without_values_are_no_claims(film_catalog):
    claims = Claims(film_catalog)
    assert claims.of(reply(text="Harbour Lights (1994): there is no horror in it. You may like it.")) == []
    assert claims.of(reply(text=None)) is None


def test_ratios_percentiles_and_inequality_by_hand():
    told = ratio(["a", "a", "b"], np.array([1.0, 0.0, 3.0]), np.array([1.0, 1.0, 4.0]))
    assert told.mean == pytest.approx(4 / 6)
    assert (told.low, told.high) == (pytest.approx(0.5), pytest.approx(0.75))  # all of a, all of b
    late = percentile_of([str(n) for n in range(20)], np.arange(1.0, 21.0), 95)
    assert late.mean == 19
    assert late.low < 19 <= late.high
    assert gini([0, 1, 3]) == pytest.approx((0 * -2 + 1 * 0 + 3 * 2) / (3 * 4))


def test_novelty_counts_people_once():
    log = Interactions.from_columns(["u", "u", "v"], [0, 0, 0])
    np.testing.assert_allclose(self_information(log, 2), [-math.log2(3 / 3), math.log2(3)])


def test_failures_are_replies_without_text_and_coverage_is_of_all_lists(judge):
    failed = JudgedReply("d", "h", failed=True, text="", seconds=3.0)
    run = judge.judge_run({"seed": 0, "data": {}}, [reply(), failed])
    assert measure(run, "without text").value.mean == 0.5
    assert measure(run, "grounded").over == 1
    assert measure(run, "words").value.mean == 14
    assert run.coverage == pytest.approx(2 / 12)
    assert run.gini == pytest.approx(10 / 12)
    assert seconds(run, "whole reply", 50).value.mean == 1.0


OLD = {
    "case": "c",
    "group": "g",
    "error": None,
    "seconds": 0.25,
    "items": ["1"],
    "text": "Harbour Lights (1994).",
}


def test_what_old_rows_lack_is_not_recorded_and_never_zero(judge):
    run = judge.judge_run({"seed": 0, "data": {}}, replies_of(OLD, {"kind": "dialogues"}))
    missing = {name for name in MEASURES if not measure(run, name).recorded}
    assert missing == {
        "grounded",
        "repeats",
        "violations",
        "calls",
        "prompt tokens",
        "cached tokens",
        "written tokens",
        "cost",
    }
    assert measure(run, "novelty").recorded
    assert not seconds(run, "first item", 50).recorded
    assert seconds(run, "whole reply", 50).value.mean == 0.25


def test_old_conversations_are_read_from_their_transcripts(judge):
    one = {
        "user": "a thriller",
        "agent": "Harbour Lights (1994).",
        "items": ["1"],
        "seconds": 0.5,
        "usage": {"agent": {"calls": 1}, "user": {"calls": 9}},
    }
    row = {**OLD, "trace": [one, one], "first_seconds": 0.5}
    run = judge.judge_run({"seed": 0, "data": {}}, replies_of(row, {"kind": "simulate"}))
    assert measure(run, "repeats").value.mean == 0.5
    assert measure(run, "calls").value.mean == 1
    assert measure(run, "grounded").value.mean == 1
    assert not measure(run, "violations").recorded
    assert not seconds(run, "first item", 50).recorded


def test_runs_without_replies_and_of_other_catalogues_are_refused(judge, tmp_path):
    with pytest.raises(DataError, match="a run of next-item holds no replies"):
        replies_of(OLD, {"kind": "next-item"})
    with RunFolder.open(tmp_path, run_head("dialogues", "x", data={"catalog": "0" * 64}, parameters={})):
        pass
    with pytest.raises(DataError, match="another catalogue"):
        judge.run(tmp_path)


@pytest.fixture
def ran(film_workspace, tmp_path):
    """Simulated conversations of the agent, and of a bot that says what isn't so."""
    (tmp_path / "lying_bot.py").write_text(
        "def answer(told):\n"
        "    return {'items': ['5', '5'], 'text': 'Grave Company (1995): a western by Zoe Quill.'}\n"
    )
    return tmp_path


def test_the_command_puts_runs_side_by_side(film_workspace, ran, monkeypatch):
    monkeypatch.syspath_prepend(ran)
    simulate = [
        "eval",
        "simulate",
        "-w",
        str(film_workspace.path),
        "--people",
        "3",
        "--turns",
        "2",
        "-k",
        "2",
        "--persona",
        "plain",
        "-q",
        "--out",
    ]
    assert CliRunner().invoke(app, [*simulate, str(ran / "ours")]).exit_code == 0
    told = CliRunner().invoke(app, [*simulate, str(ran / "bot"), "--agent", "lying_bot:answer"])
    assert told.exit_code == 0, told.output
    given = ["eval", "judge", str(ran / "ours"), str(ran / "bot"), "-w", str(film_workspace.path)]
    table = CliRunner().invoke(app, [*given, "--out", str(ran / "judged")])
    assert table.exit_code == 0, table.output
    assert "not recorded" in table.stdout  # a callable tells no calls
    page = (ran / "judged" / "report.html").read_text(encoding="utf-8")
    assert "lying_bot-answer-with-rules-users" in page
    assert "comes from nowhere" in (ran / "judged" / "report.md").read_text(encoding="utf-8")
    figures = json.loads(CliRunner().invoke(app, [*given, "--json"]).stdout)
    bot, ours = figures["lying_bot-answer-with-rules-users"], figures["rules-balanced-with-rules-users"]
    assert bot["figures"]["grounded"]["mean"] == bot["figures"]["claims held"]["mean"] == 0
    assert bot["figures"]["repeats"]["mean"] >= 0.5
    assert ours["figures"]["grounded"]["mean"] == ours["figures"]["claims held"]["mean"] == 1
    assert ours["figures"]["first item, p50 s"]["over"] > 0
    assert bot["coverage"] == pytest.approx(1 / 12, abs=1e-6)


def test_the_command_needs_a_workspace(ran):
    with pytest.raises(ConfigError, match="--workspace"):
        CliRunner().invoke(app, ["eval", "judge", str(ran)], catch_exceptions=False)


def test_figures_are_json(judge):
    run = judge.judge_run({"seed": 0, "data": {}}, [reply()])
    assert json.loads(json.dumps(report_json({"x": run})))["x"]["replies"] == 1
