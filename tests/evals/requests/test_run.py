"""Conversations with systems on the small film workspace."""

from contextlib import contextmanager

import pytest

from tastemaker.evals.requests.agent_system import AgentSystem
from tastemaker.evals.requests.answers_file import AnswersFile, write_answers
from tastemaker.evals.requests.baselines import baseline_system
from tastemaker.evals.requests.case import IdealForm, RequestCase, link
from tastemaker.evals.requests.files import read_requests
from tastemaker.evals.requests.ideal_reading import IdealReader
from tastemaker.evals.requests.run import KIND, Asker, run_system
from tastemaker.evals.requests.system import RequestAnswer
from tastemaker.evals.runs.run_folder import read_run, run_head
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.filters.conditions import describe


@pytest.fixture
def cases(requests_file, film_catalog):
    return link(read_requests(requests_file), film_catalog)[0]


@pytest.fixture(scope="module")
def tool_context(film_workspace):
    return film_workspace.tool_context()


@pytest.fixture
def agent(film_workspace):
    system = AgentSystem(film_workspace, None, "balanced")
    yield system
    system.close()


class Script:
    """A system that remembers how it was asked."""

    def __init__(self, fail=()):
        self.asked, self.fail = [], fail

    @contextmanager
    def open(self, first):
        self.asked.append(("open", first.history))
        yield self

    def answer(self, case):
        self.asked.append(case.message)
        if case.id in self.fail:
            raise OSError("down")
        return RequestAnswer(("1", "3"))

    def replace_shown(self, items):
        self.asked.append(("shown", items))


def head(system="script"):
    return run_head(KIND, system, data={"name": "x"}, parameters={})


def asked(system, cases, catalog, folder, given=False, workers=1):
    run_system(cases, Asker(system, catalog, given), folder, head(), workers=workers, progress=False)
    return {row["case"]: row for row in read_run(folder)[1]}


def test_a_conversation_is_asked_in_order_in_one_session(cases, film_catalog, tmp_path):
    system = Script()
    rows = asked(system, cases, film_catalog, tmp_path / "r")
    funny, second = "something funny", "like the second one you showed, but sad"
    assert system.asked[2:5] == [("open", ("8",)), funny, second]
    assert (rows["b2"]["group"], rows["b2"]["labels"]) == (
        "b",
        {"turn": "2", "scope": "refine", "history": "with history", "kind": "like_but"},
    )
    assert rows["a"]["metrics"]["precision@5"] == 0.4
    assert rows["a"]["grades"] == [2, 2]
    assert rows["c"]["metrics"]["precision@5"] is None
    assert rows["b2"]["replies"][0]["said"] == [funny, second]


def test_the_files_list_stands_before_a_later_message_where_it_is_given(cases, film_catalog, tmp_path):
    system = Script()
    asked(system, cases, film_catalog, tmp_path / "r", given=True)
    assert [one for one in system.asked if one[0] == "shown"] == [("shown", ("9", "4", "2"))]
    assert system.asked.index(("shown", ("9", "4", "2"))) == system.asked.index("something funny") + 1


def test_earlier_messages_that_the_file_does_not_ask_about_are_said_too(cases, film_catalog, tmp_path):
    system = Script()
    rows = asked(system, [cases[2]], film_catalog, tmp_path / "r")
    assert system.asked[1:] == ["something funny", "like the second one you showed, but sad"]
    assert list(rows) == ["b2"]


def test_failures_are_misses_and_a_stopped_run_asks_the_rest(cases, film_catalog, tmp_path):
    rows = asked(Script(fail={"b1"}), cases[:2], film_catalog, tmp_path / "r")
    assert rows["b1"]["error"].startswith("OSError: down")
    assert (rows["b1"]["metrics"]["precision@5"], rows["b1"]["items"]) == (0, [])
    again = Script()
    rows = asked(again, cases, film_catalog, tmp_path / "r", workers=2)
    assert set(rows) == {"a", "b1", "b2", "c"}
    assert "a thriller please" not in again.asked
    assert "something funny" in again.asked  # the conversation is held again for its second message
    assert rows["b1"]["error"]


def test_an_id_that_does_not_exist_is_a_failure(cases, film_catalog):
    with pytest.raises(ConfigError, match="'99', which is no id"):
        Asker(Script(), film_catalog).row(cases[0], RequestAnswer(("99",)))


def test_baselines_hide_what_is_liked_and_what_they_showed(cases, tool_context):
    for name in ("bot", "popularity", "ideal"):
        with baseline_system(name, tool_context).open(cases[1]) as talk:
            first, second = talk.answer(cases[1]).items, talk.answer(cases[2]).items
        assert len(first) == 5
        assert not {"8", *first} & set(second)
    with baseline_system("bot", tool_context).open(cases[1]) as talk:
        talk.answer(cases[1])
        talk.replace_shown(("9", "4", "2"))
        assert not {"8", "9", "4", "2"} & set(talk.answer(cases[2]).items)


def test_the_bot_finds_the_nearest_text_and_popularity_the_popular(tool_context):
    asked_for = RequestCase("x", "x", 1, "a smuggler and a customs officer in a foggy harbour")
    with baseline_system("bot", tool_context).open(asked_for) as talk:
        assert talk.answer(asked_for).items[0] == "1"
    with baseline_system("popularity", tool_context).open(asked_for) as talk:
        best = max(tool_context.popularity)
        assert tool_context.popularity[tool_context.catalog.rows(talk.answer(asked_for).items[:1])] == [best]


def test_the_ideal_form_is_read_into_conditions(tool_context):
    form = IdealForm(
        hard=("thriller", "year 1990-1996"),
        soft=("romance",),
        avoid=("genre Horror", "slow drama"),
        query="a train",
    )
    read = IdealReader(tool_context).read(form)
    assert [describe(condition) for condition in read.constraints[:2]] == [
        "genres is Thriller",
        "year between 1990 and 1996",
    ]
    assert [one.model_dump(mode="json") for one in read.constraints[2:]] == [
        {"none_of": {"field": "genres", "op": "is", "value": "Horror"}}
    ]
    weights = {describe(condition): weight for condition, weight in read.wanted.prefer}
    assert weights["genres is Romance"] > 0 > weights["genres is Drama"]
    assert read.wanted.texts == (("a train", 1.0),)


def test_ideal_keeps_conditions_and_has_nothing_for_messages_without_a_form(
    cases, tool_context, film_catalog
):
    with baseline_system("ideal", tool_context).open(cases[0]) as talk:
        answer = talk.answer(cases[0])
        assert set(answer.items) == {"1", "3", "5", "12"}
        assert Asker(Script(), film_catalog).row(cases[0], answer)["metrics"]["kept"] == 1
        assert talk.answer(RequestCase("", "x", 1, "hello")).items == ()


def test_the_agent_goes_on_from_its_own_list(agent, cases, film_catalog, tmp_path):
    rows = asked(agent, cases, film_catalog, tmp_path / "r")
    assert not [row["error"] for row in rows.values() if row["error"]]
    assert set(rows["a"]["items"]) <= {"1", "3", "5", "12"}
    assert rows["a"]["metrics"]["kept"] == 1
    assert rows["a"]["reasons"].keys() == set(rows["a"]["items"])
    assert "8" not in rows["b1"]["items"]
    assert rows["b1"]["usage"]["calls"] == 0


def test_the_agent_answers_the_given_list(agent, cases):
    with agent.open(cases[1]) as talk:
        own = talk.answer(cases[1]).items
        talk.replace_shown(("9", "4", "2"))
        assert [card.id for card in talk._session.last_items] == ["9", "4", "2"]
        assert talk._session.profile.shown == ("9", "4", "2")
        assert talk._session.profile.likes == ("8",)
        assert [message["role"] for message in talk._session.messages] == ["user", "assistant"]
        assert talk._session.messages[-1]["items"] == ["9", "4", "2"]
        answer = talk.answer(cases[2])
    assert own
    assert not {"4", "8"} & set(answer.items)  # liked; the others of the given list may come again
    profile = next(event["profile"] for event in answer.trace if event["kind"] == "understood")
    assert "4" in (*profile["request"]["like"], *profile["likes"])  # the second of the given list


def test_answers_from_a_file(cases, film_catalog, tmp_path):
    rows = asked(Script(), cases, film_catalog, tmp_path / "r")
    write_answers(tmp_path / "a.jsonl", rows.values())
    system = AnswersFile.read(tmp_path / "a.jsonl", film_catalog)
    again = asked(system, cases, film_catalog, tmp_path / "again")
    assert {name: row["metrics"] for name, row in again.items()} == {
        name: row["metrics"] for name, row in rows.items()
    }
    (tmp_path / "a.jsonl").write_text('{"id": "a", "items": [99]}\n')
    with pytest.raises(DataError, match="'99' is no id"):
        AnswersFile.read(tmp_path / "a.jsonl", film_catalog)
    (tmp_path / "a.jsonl").write_text('{"id": "a"}\n')
    with pytest.raises(DataError, match="missing"):
        AnswersFile.read(tmp_path / "a.jsonl", film_catalog)
