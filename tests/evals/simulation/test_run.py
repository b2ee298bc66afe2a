"""Runs with simulated users: rows, resuming, leaks left out, a model as user, the command."""

import json
import random

import pytest

from tastemaker.evals.replay.log import read_log
from tastemaker.evals.run_reports import read_report
from tastemaker.evals.runs.run_folder import read_run, run_head
from tastemaker.evals.simulation import run
from tastemaker.evals.simulation.agents_under_test import CallableUnderTest, TastemakerUnderTest
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.llm_user import ModelUser
from tastemaker.evals.simulation.paraphrases import Paraphrases
from tastemaker.evals.simulation.personas import PERSONAS, personas
from tastemaker.evals.simulation.report import simulation_sections
from tastemaker.evals.simulation.target_card import target_card
from tastemaker.evals.simulation.user import SOMETHING_ELSE, AgentTurn, Said
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.errors import ConfigError, ModelUnreachable
from tastemaker.retrieval.titles.near_duplicates import DuplicateGroups
from tastemaker.ui.cli.evals.simulate import simulate


class Blabber:
    def __init__(self, title):
        self.title = title

    def opening(self):
        return Said(self.title)


@pytest.fixture
def audit(film_catalog):
    return LeakAudit(film_catalog)


@pytest.fixture
def cast(film_catalog, audit, tm):
    return run.Cast(
        film_catalog, audit, Paraphrases(film_catalog, tm.resources.tool_context.retriever.ways.phrases)
    )


def head(**parameters):
    return run_head(run.KIND, "x", data={"name": "films"}, parameters=parameters)


def cases(film_log, film_catalog, audit, limit=4, repeats=2):
    wanted = run.people(film_log, film_catalog, audit, limit, 0, 2)
    return run.simulation_cases(wanted, personas(["plain", "terse"]), repeats)


def test_people_want_their_last_item_and_bring_what_came_before(film_log, film_catalog, audit):
    everyone = run.people(film_log, film_catalog, audit, None, 0, 2)
    lasts = {
        user: film_catalog.ids[rows[-1]]
        for user, rows in zip(film_log.users, film_log.histories(), strict=True)
    }
    assert everyone
    for one in everyone:
        assert one.target == lasts[one.person]
        assert len(one.history) == 2
        assert one.target not in one.history
    assert run.people(film_log, film_catalog, audit, None, 0, 0)[0].history == ()


def test_a_title_that_is_listed_twice_is_one_item(film_log, film_catalog, audit):
    copy = Item("1b", film_catalog["1"].title, film_catalog["1"].attributes)
    catalog = Catalog([*film_catalog, copy], film_catalog.schema)
    groups = DuplicateGroups((("1", "1b", "2"),))
    wanted = {one.target: one.twins for one in run.people(film_log, catalog, audit, None, 0, 2, groups)}
    assert wanted["1"] == ("1b",)
    assert wanted["2"] == ()


def test_a_run_is_resumed_and_says_the_same(film_log, film_catalog, audit, cast, tm, tmp_path):
    asked = cases(film_log, film_catalog, audit)
    agent = TastemakerUnderTest(tm, 3)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    run.run_conversations(asked, cast, agent, whole, head(), 4, progress=False)
    run.run_conversations(asked[:5], cast, agent, parts, head(), 4, progress=False)
    run.run_conversations(asked, cast, agent, parts, head(), 4, progress=False, workers=2)
    one, two = read_run(whole)[1], read_run(parts)[1]
    assert len(one) == 16
    told = ("case", "group", "items", "gold", "metrics", "slices", "leaks")
    assert [[row[name] for name in told] for row in one] == [[row[name] for name in told] for row in two]
    report = "\n".join(f"{s.title} {s.text} {s.table}" for s in read_report([whole]).sections())
    assert "pass^2" in report
    assert "whole: 0 of 16" in report


def test_what_fails_counts_and_what_leaks_does_not(film_log, film_catalog, audit, cast, tmp_path):
    def broken(asked):
        raise ValueError("out of order")

    asked = cases(film_log, film_catalog, audit, 2, 1)
    run.run_conversations(
        asked, cast, CallableUnderTest(broken, 3), tmp_path / "a", head(), 4, progress=False
    )
    for row in read_run(tmp_path / "a")[1]:
        assert "out of order" in row["error"]
        assert (row["metrics"]["success"], row["metrics"]["turns"]) == (0, 5)

    class Blabbing(run.Cast):
        def user(self, case):
            return Blabber(self.catalog[case.wanted.target].title)

    cast = Blabbing(cast.catalog, cast.audit, cast.paraphrases)
    all_of_it = CallableUnderTest(lambda *_: {"items": film_catalog.ids}, 12)
    run.run_conversations(asked, cast, all_of_it, tmp_path / "b", head(), 4, progress=False)
    for row in read_run(tmp_path / "b")[1]:
        assert row["leaks"]
        assert set(row["metrics"].values()) == {None}


def test_a_model_knows_the_card_alone_and_is_held_to_what_it_says_it_tells(film_catalog, audit, fake_model):
    item = film_catalog["2"]
    card = target_card(item, film_catalog, audit)
    user = ModelUser(card, PERSONAS["terse"], film_catalog, audit.names, fake_model, random.Random(0))
    fake_model.enqueue(
        {"tell": ["genres: drama", "invented: x"], "say": " a  drama "}, {"tell": [], "say": ""}
    )
    said = user.opening()
    assert said.text == "a drama"
    assert [c.value for c in said.stated] == ["Drama"]
    assert said.usage["calls"] == 1
    assert user.answer(AgentTurn(("5", "99"), "", "Comedy?")).text == SOMETHING_ELSE
    for _, messages in fake_model.history:
        asked = " ".join(text for _, text in messages)
        for secret in ("Verdict", "Marsh", "Grave Company", "Dov Pike"):
            assert secret not in asked
    last = fake_model.history[-1][1][-1][1]
    assert "1. 1995; Horror, Thriller" in last
    assert "Comedy?" in last
    fake_model.enqueue(ModelUnreachable("gone"))
    with pytest.raises(ModelUnreachable):
        user.answer(AgentTurn((), ""))


def test_the_command(film_workspace, tmp_path, capsys):
    simulate(
        workspace=film_workspace.path,
        persona=["plain"],
        people=3,
        turns=2,
        k=2,
        out=tmp_path / "out",
        json_file=tmp_path / "figures.json",
        quiet=True,
        user=["rules"],
        repeats=1,
        history=3,
        workers=1,
        llm="rules",
        effort="balanced",
        agent=None,
        seed=0,
        log=tmp_path / "log",
        explore_share=0.1,
        explore_pool=20,
    )
    found = sum(row["metrics"]["success"] for row in read_run(next((tmp_path / "out").glob("*/")))[1])
    logged = read_log(tmp_path / "log")
    assert {turn.policy.share for turn in logged} == {0.1}
    assert sum(len(turn.met_with["chosen"]) for turn in logged) == found > 0
    assert "pass^1" in capsys.readouterr().out
    figures = json.loads((tmp_path / "figures.json").read_text())
    (name,) = figures["runs"]
    assert figures["runs"][name]["cases"] == 3
    assert figures["runs"][name]["leaked"] == 0
    assert (
        figures["runs"][name]["pass_hat"]["plain"]["1"] == figures["runs"][name]["metrics"]["success"]["mean"]
    )
    assert "Leaks" in (tmp_path / "out" / "report.md").read_text()
    with pytest.raises(ConfigError, match="--turns must be at least 1"):
        simulate(
            workspace=film_workspace.path,
            people=3,
            turns=0,
            k=2,
            repeats=1,
            history=3,
            workers=1,
            llm="rules",
            effort="balanced",
            agent=None,
            seed=0,
            user=None,
            persona=None,
            out=None,
            json_file=None,
            quiet=True,
            log=None,
            explore_share=0.0,
            explore_pool=20,
        )


def test_users_by_rules_and_by_a_model_stand_side_by_side():
    def row(success):
        return {
            "case": "c",
            "group": "u",
            "slices": {"persona": "terse"},
            "leaks": [],
            "metrics": {"success": success, "turns": 2.0, "questions": 1.0, "violation_rate": None},
        }

    told = list(simulation_sections({"rules users": [row(1.0)], "model users": [row(0.0)]}))
    (table,) = [section.table for section in told if section.title == "Side by side"]
    assert table[0] == ("persona", "figure", "rules users", "model users")
    assert ("terse", "success", "1.000 [1.000, 1.000]", ".000 [.000, .000]") in table[1]
    assert ("terse", "violation_rate", "-", "-") in table[1]
    alone = simulation_sections({"rules users": [row(1.0)]})
    assert "Side by side" not in [section.title for section in alone]
