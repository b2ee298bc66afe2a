"""Ways of fusing what steps of exploration find, compared on the same steps."""

import pytest

from tastemaker.evals.dialogues.agent_system import AgentSystem
from tastemaker.evals.dialogues.case import DialogueCase, Utterance
from tastemaker.evals.studies.explore_study import Explored, alone, explore_case, fusions, lines, main
from tastemaker.tools.candidates import Candidates

OPENING = (
    Candidates("conversation", ranked=(("a", 1.0), ("b", 0.95), ("c", 0.0))),
    Candidates("rank", ranked=(("a", 1.0), ("b", 1.0), ("c", 1.0))),
)


def moment(*steps, gold="b"):
    return Explored("talk", (gold,), OPENING, steps)


def order(name, one):
    return [found.id for found in fusions()[name](one)]


def test_a_step_counts_as_each_fusion_says():
    one = moment(Candidates("similar", ranked=(("b", 5.0), ("x", 4.9), ("a", 0.0)), round=1))
    assert order("opening calls alone", one)[0] == "a"
    assert order("steps at the weights of opening calls", one)[0] == "b"
    assert order("rankings do not count, other steps at 0.1", one)[0] == "a"
    assert order("rankings do not count, other steps at 0.5", one)[0] == "b"
    assert order("as shipped", one) == order("rankings do not count, other steps at 0.2", one)


def test_within_the_first_few_no_outsider_comes_in():
    one = moment(Candidates("retrieve", ranked=(("x", 90.0), ("b", 1.0)), round=1))
    assert order("steps at the weights of opening calls", one)[0] == "x"
    assert "x" not in order("the same, only within the first 10", one)


def test_a_ranking_by_an_attribute_counts_by_what_the_attribute_adds():
    same = moment(Candidates("rank", {"by": "genres"}, (("a", 1.0), ("b", 1.0), ("c", 1.0)), round=1))
    name = "rankings count the difference to the plain one, at 1"
    assert order(name, same) == order("opening calls alone", same)
    moved = moment(Candidates("rank", {"by": "genres"}, (("b", 3.0), ("a", 1.0)), round=1))
    assert order(name, moved)[0] == "b"
    assert order("as shipped", moved)[0] == "a"


def test_the_table_has_a_line_for_every_fusion_and_third():
    better = Candidates("similar", ranked=(("b", 5.0), ("a", 0.0)), round=1)
    rows = list(lines([moment(better), moment(gold="a"), moment(better)]))
    assert [row[0] for row in rows[: len(fusions())]] == list(fusions())
    assert rows[0][3] == ""
    at_half = next(row for row in rows if row[0].endswith("0.5") and "do not count" in row[0])
    assert at_half[3].startswith("+")


@pytest.fixture
def agent(film_workspace):
    system = AgentSystem(film_workspace, None, "balanced", None)
    yield system
    system.close()


def test_every_kind_of_step_is_taken_at_a_moment(agent):
    said = (Utterance("seeker", "I want a thriller"),)
    one = explore_case(DialogueCase("c", "talk", 1, said, ("1",), ("3",)), agent)
    assert {found.round for found in one.opening} == {0}
    assert [found.tool for found in one.steps] == ["rank", "rank", "similar", "retrieve", "filter"]
    assert all(found.round for found in one.steps)
    assert "1" not in [found.id for found in alone(one)]
    assert explore_case(DialogueCase("c", "talk", 1, said, ("1",), ("1",)), agent) is None


def test_the_study_from_end_to_end(film_workspace, talks, capsys):
    main(["--workspace", str(film_workspace.path), "--data-file", str(talks), "--limit", "20"])
    table = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in table[2:]][: len(fusions())] == list(fusions())
    assert {line.split("|")[2].strip() for line in table[2 : 2 + len(fusions())]} == {"20"}
