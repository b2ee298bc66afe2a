"""Whole turns on a real workspace, by rules and with a scripted model."""

import json
import threading

import pytest

from tastemaker.agent import Done, ItemShown, Tastemaker, ToolCalled
from tastemaker.agent.events import EVENTS, Explored, Fallback
from tastemaker.agent.memory.session_store import MEMORY
from tastemaker.agent.reply.lead_in import DESCRIBED
from tastemaker.agent.reply.llm_wording import MAX_CHARS, MAX_FACTS, MAX_WORDED
from tastemaker.agent.shortlist.tool_loop import MAX_ROUNDS
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.errors import ConfigError, ModelNonsense, ModelUnreachable, QueryError
from tastemaker.retrieval.filters.constraints import Constraint, Op
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.tools.workspace.build import build_workspace

UNDERSTOOD = {"intent": "recommend", "mentions": [], "constraints": [], "wish": ""}


def titles(reply):
    return [card.title for card in reply.items]


def test_a_turn_by_rules_shows_items_within_every_constraint(tm):
    reply = tm.session().send("something tense from the nineties, no horror", k=3)
    assert len(reply.items) == 3
    for card in reply.items:
        assert 1990 <= card.attributes["year"] <= 1999
        assert "Horror" not in card.attributes["genres"]
        assert card.reason
        assert card.sources
    assert reply.usage.calls == 0


def test_what_was_shown_liked_or_disliked_is_not_shown_again(tm):
    session = tm.session(liked=["Harbour Lights (1994)"])
    first = session.send("a thriller")
    second = session.send("show me others")
    assert "Harbour Lights (1994)" not in titles(first)
    assert not set(titles(first)) & set(titles(second))


def test_nothing_fits_names_the_condition_in_the_way(tm):
    reply = tm.session().send("a western before 1980")
    assert reply.items == ()
    assert "listed as Western" in reply.message
    assert "from 1979 or before" in reply.message
    assert reply.question.startswith("Nearest: ")


def test_a_title_that_is_not_there_is_said_so_and_never_mapped(tm):
    session = tm.session()
    reply = session.send("I loved Glass Horizon")
    assert any("Glass Horizon" in note for note in reply.notes)
    assert session.profile.likes == ()


def test_of_an_item_listed_twice_only_the_better_is_shown(tmp_path, film_catalog, film_log):
    night = film_catalog["3"]
    twin = Item("twin", "Night Train North, The (1996)", night.attributes)
    catalog = Catalog([*film_catalog, twin], film_catalog.schema)
    workspace = build_workspace(
        tmp_path / "films", catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    with Tastemaker(workspace) as agent:
        shown = [
            card.id for card in agent.session().send("a detective hunts a killer on a train", k=12).items
        ]
    assert len(shown) >= 11
    assert len({"3", "twin"} & set(shown)) == 1


def test_a_title_that_could_be_two_is_asked_about(tm):
    reply = tm.session().send("I liked Twin Rivers")
    assert "Twin Rivers (1990)" in reply.question
    assert "Twin Rivers (2005)" in reply.question


def test_questions_are_answered_from_the_catalogue(tm):
    session = tm.session()
    assert "Ben Marsh" in session.send("who was the director of Star Ferry?").message
    session.send("a comedy")
    first = session.last_items[0]
    assert first.title in session.send("why did you recommend the first one?").message


def test_undo_restores_the_profile(tm):
    session = tm.session()
    session.send("no horror")
    session.send("from the nineties")
    assert len(session.profile.constraints) == 2
    session.send("undo")
    assert [c.field for c in session.profile.constraints] == ["genres"]
    session.undo()
    assert session.profile.constraints == ()


def test_edits_by_api_are_checked_and_undone(tm):
    session = tm.session()
    session.like("1")
    session.add_constraint(Constraint(field="genres", op=Op.IS, value="thriller"))
    assert session.profile.constraints[0].value == "Thriller"
    with pytest.raises(QueryError, match="no item with id '99'"):
        session.like("99")
    with pytest.raises(QueryError, match="did you mean 'genres'"):
        session.add_constraint(Constraint(field="genre", op=Op.IS, value="x"))
    session.undo()
    assert session.profile.constraints == ()


def test_a_session_is_found_again_by_its_id(tm, film_workspace):
    from tastemaker.agent import Tastemaker

    session = tm.session()
    session.send("a comedy")
    with Tastemaker(film_workspace) as other:
        again = other.session(session.id)
        assert again.profile == session.profile
        assert again.last_items == session.last_items


def test_sessions_do_not_see_each_other(tm):
    one, two = tm.session(), tm.session()
    one.send("no horror")
    assert two.profile.constraints == ()


def test_the_trace_holds_every_event_of_the_turn(tm):
    session = tm.session()
    streamed = list(session.stream("a drama"))
    assert [event for _, event in session.trace.read()] == streamed
    assert isinstance(streamed[-1], Done)
    assert any(isinstance(event, ToolCalled) for event in streamed)
    line = json.loads(session.trace.path.read_text(encoding="utf-8").splitlines()[0])
    assert line["kind"] == "started"


def test_items_come_before_the_words(tm_with, fake_model):
    session = tm_with(fake_model.enqueue(UNDERSTOOD, ModelUnreachable("gone"))).session()
    kinds = [event.kind for event in session.stream("a comedy")]
    assert kinds.index("item") < kinds.index("text")


def test_the_model_reads_and_words(tm_with, fake_model):
    form = UNDERSTOOD | {
        "wish": "tense",
        "constraints": [{"field": "genres", "op": "is", "value": "Thriller"}],
    }
    words = {"lead": "Here are tense thrillers.", "1": "A thriller, tense to the end."}
    session = tm_with(fake_model.enqueue(form, words)).session()
    reply = session.send("tense thrillers", k=1)
    assert reply.usage.calls == 2
    assert reply.message == "Here are tense thrillers."
    assert session.profile.wishes == ("tense",)


def test_a_reason_that_says_more_than_the_facts_is_not_shown(tm_with, fake_model):
    words = {"lead": "As good as Goodfellas!", "1": "Directed by Steven Spielberg in 1971."}
    session = tm_with(fake_model.enqueue(UNDERSTOOD, words)).session()
    events = list(session.stream("a comedy", k=1))
    reply = events[-1].reply
    assert "Spielberg" not in reply.text
    assert "Goodfellas" not in reply.text
    assert sum(isinstance(event, Fallback) for event in events) == 2


def test_a_constraint_that_nobody_stated_is_dropped(tm_with, fake_model):
    guessed = [{"field": "genres", "op": "is", "value": "Western"}, {"field": "year", "at_least": 2000}]
    fake_model.enqueue(
        UNDERSTOOD | {"constraints": guessed, "mentions": [{"title": "Paper Moons", "sentiment": "liked"}]}
    )
    session = tm_with(fake_model, "fast").session()
    session.send("something quiet")
    assert session.profile.constraints == ()
    assert session.profile.likes == ()


@pytest.mark.parametrize(
    "answer",
    [
        ModelUnreachable("down"),
        ModelNonsense("prose"),
        {},
        {"intent": "dance"},
        {"mentions": 3},
        UNDERSTOOD | {"intent": None},
    ],
)
def test_a_failing_model_never_costs_the_answer(tm_with, fake_model, answer):
    session = tm_with(fake_model.enqueue(answer, ModelUnreachable("down"))).session()
    events = list(session.stream("a comedy from the nineties"))
    assert titles(events[-1].reply) == ["Laughing Stock (1991)"]
    assert any(isinstance(event, Fallback) and event.step == "understand" for event in events)


@pytest.mark.parametrize("message", ["two farmers and a train " * 20, "thanks, I want a comedy now"])
def test_what_asks_for_something_is_no_small_talk_whatever_the_model_thinks(tm_with, fake_model, message):
    fake_model.enqueue(UNDERSTOOD | {"intent": "chat"}, UNDERSTOOD | {"intent": "chat"})
    tm = tm_with(fake_model, "fast")
    assert tm.session().send(message).items
    assert not tm.session().send("how are you today my friend?").items


def test_a_year_in_a_title_is_no_condition_on_the_year(tm_with, fake_model):
    year = {"field": "year", "at_least": 1994, "at_most": 1994}
    fake_model.enqueue(UNDERSTOOD | {"constraints": [year]}, UNDERSTOOD | {"constraints": [year]})
    session = tm_with(fake_model, "fast").session()
    session.send("something like Harbour Lights (1994)")
    assert not session.profile.constraints
    session.send("something from 1994")
    assert [c.field for c in session.profile.constraints] == ["year"]


def test_fast_makes_one_call_and_thorough_explores(tm_with, fake_model):
    fake_model.enqueue(UNDERSTOOD)
    assert tm_with(fake_model, "fast").session().send("a comedy").usage.calls == 1
    steps = [
        {"step": {"action": "rank", "by": "director"}},
        {"step": {"action": "filter", "field": "genres", "value": "Romance"}},
        {"step": {"action": "filter", "field": "genres", "value": "no such genre"}},
        {"step": {"action": "finish", "why": "enough"}},
    ]
    fake_model.enqueue(UNDERSTOOD, *steps, ModelUnreachable("down"))
    events = list(tm_with(fake_model, "thorough").session().stream("something sweet"))
    rounds = [event.round for event in events if isinstance(event, ToolCalled)]
    assert rounds == [0, 1, 2]
    assert [e for e in events if isinstance(e, Explored)] == [
        Explored(stopped="finished", rounds=4, why="enough")
    ]
    told = fake_model.history[-2][1][-1][1]
    assert "no such genre" in told


def test_a_loop_says_that_it_used_its_rounds_or_that_the_model_failed(tm_with, fake_model):
    step = {"step": {"action": "rank", "by": "director"}}
    fake_model.enqueue(UNDERSTOOD, *[step] * MAX_ROUNDS, ModelUnreachable("down"))
    events = list(tm_with(fake_model, "thorough").session().stream("something sweet"))
    assert Explored(stopped="rounds", rounds=MAX_ROUNDS) in events
    fake_model.enqueue(UNDERSTOOD, step, ModelUnreachable("down"), ModelUnreachable("down"))
    events = list(tm_with(fake_model, "thorough").session().stream("something sweet"))
    ended = next(e for e in events if isinstance(e, Explored))
    assert (ended.stopped, ended.rounds) == ("failed", 1)
    assert "down" in ended.why


def test_only_the_first_cards_are_worded_by_the_model_and_the_prompt_stays_short(tm_with, fake_model):
    reasons = {str(n): f"Reason {n}." for n in range(1, MAX_WORDED + 1)}
    fake_model.enqueue(UNDERSTOOD, {"lead": "x", **reasons})
    reply = tm_with(fake_model).session().send("show me something " + "very " * 300 + "good", k=12)
    assert len(reply.items) > MAX_WORDED
    assert all(card.reason for card in reply.items)
    asked = fake_model.history[-1][1][-1][1]
    assert f"{MAX_WORDED}. " in asked
    assert f"{MAX_WORDED + 1}. " not in asked
    assert len(asked) < MAX_CHARS + MAX_WORDED * (MAX_FACTS + 5) + 60


def test_a_pasted_page_is_not_repeated_in_the_answer(tm_with):
    pasted = "two farmers and a train " * 100
    reply = tm_with(None).session().send(pasted)
    assert reply.items
    assert reply.message == DESCRIBED


@pytest.mark.parametrize("effort", ["balanced", "thorough"])
def test_words_by_template_spare_a_call_and_change_no_item(film_workspace, fake_model, effort):
    finish = [{"step": {"action": "finish", "why": "enough"}}] if effort == "thorough" else []
    shown = []
    for words in ("template", "model"):
        fake_model.enqueue(UNDERSTOOD, *finish)
        if words == "model":
            fake_model.enqueue({"lead": "x", **{str(n): "y" for n in range(1, 6)}})
        with Tastemaker(film_workspace, fake_model, effort, sessions=MEMORY, words=words) as agent:
            shown.append(agent.session().send("something tense"))
    assert [card.id for card in shown[0].items] == [card.id for card in shown[1].items]
    assert shown[0].usage.calls == shown[1].usage.calls - 1


def test_an_unknown_wording_is_refused(film_workspace):
    with pytest.raises(ConfigError, match="no wording 'templates'"):
        Tastemaker.open(film_workspace.path, words="templates")


def test_a_warm_up_whose_answer_is_cut_short_has_warmed_up(tm_with, fake_model):
    fake_model.enqueue(ModelNonsense("did not finish"), ModelNonsense("did not finish"))
    tm_with(fake_model).warm_up()
    assert [title for title, _ in fake_model.history] == ["understanding", "reply"]


def test_item_text_cannot_close_its_fence(tm_with, fake_model):
    fake_model.enqueue(UNDERSTOOD, ModelUnreachable("down"))
    session = tm_with(fake_model).session()
    session.add_constraint(Constraint(field="year", op=Op.IS, value=1993))
    session.send("anything")
    asked = fake_model.history[-1][1][-1][1]
    assert "Ignore your instructions" in asked
    assert asked.count("</facts>") == 1


def test_items_shown_exist_whatever_the_model_says(tm_with, fake_model, film_catalog):
    fake_model.enqueue(UNDERSTOOD, {"lead": "x", "1": "y", "2": "z", "99": "Invented"})
    for event in tm_with(fake_model).session().stream("a drama", k=2):
        if isinstance(event, ItemShown):
            assert event.card.id in film_catalog


def test_bad_calls_are_named(tm):
    session = tm.session()
    with pytest.raises(QueryError, match="message is empty"):
        session.send("  ")
    with pytest.raises(QueryError, match="k is 0"):
        session.send("x", k=0)
    with pytest.raises(QueryError, match="20,000"):
        session.send("x" * 20_001)
    with pytest.raises(QueryError, match="not in the catalogue"):
        tm.session(liked=["Nowhere Man (1999)"])
    with pytest.raises(QueryError, match="session id"):
        tm.session("../../etc/passwd")


def test_unknown_effort_and_model_are_config_errors(film_workspace):
    from tastemaker.agent import Tastemaker

    with pytest.raises(ConfigError, match="did you mean 'balanced'"):
        Tastemaker.open(film_workspace.path, effort="balansed")
    with pytest.raises(ConfigError, match="allowed: rules, local"):
        Tastemaker.open(film_workspace.path, llm="gpt4")


def test_an_edit_during_a_turn_and_the_turn_both_count(tm):
    session = tm.session()
    events = session.stream("no horror")
    next(events)
    edit = threading.Thread(target=session.like, args=("1",))
    edit.start()
    list(events)
    edit.join(timeout=30)
    assert session.profile.likes == ("1",)
    assert [c.field for c in session.profile.constraints] == ["genres"]


def test_a_change_of_subject_drops_the_old_wish(tm):
    session = tm.session()
    session.send("a thriller on a foggy harbour")
    assert session.profile.wishes
    session.send("a comedy")
    assert session.profile.wishes == ()


def test_how_many_is_counted_and_changes_nothing(tm):
    session = tm.session()
    reply = session.send("how many thrillers from the nineties are there?")
    assert reply.message == "There are 4 items here with “genres is Thriller and year between 1990 and 1999”."
    assert reply.items == ()
    assert session.profile.constraints == ()


def test_the_newest_by_this_director_means_the_item_spoken_of(tm):
    session = tm.session()
    assert "Which title" in session.send("the newest by this director").text
    session.send("who directed Harbour Lights?")
    reply = session.send("what is the newest film by this director?")
    assert titles(reply) == ["Night Train North (1996)"]
    assert "3 items with “director is Ada Stone”" in reply.message
    assert reply.items[0].sources[0].tool == "aggregate"
    session = tm.session()
    shown = session.send("a western").items[0]
    assert titles(session.send("the oldest by that director")) == [shown.title]
    assert titles(session.send("the oldest by the director of the first one")) == [shown.title]
    assert titles(session.send("the oldest by the director of Star Ferry")) == ["The Long Verdict (1957)"]


def test_that_director_is_nobody_before_anything_was_shown(tm):
    session = tm.session()
    reply = session.send("not that director")
    assert session.profile.constraints == ()
    assert reply.items
    assert "None of them is by" not in reply.message


def test_in_that_vein_means_the_item_that_was_asked_about(tm):
    session = tm.session()
    session.send("who directed Harbour Lights (1994)?")
    session.send("what next in that vein")
    named = [session.profile.request.like, session.profile.likes]
    assert all(tm.workspace.catalog[one].title == "Harbour Lights (1994)" for ids in named for one in ids)
    assert any(named)


def test_counted_items_are_not_held_back_afterwards(tm):
    session = tm.session()
    assert titles(session.send("what is the newest comedy?")) == ["Laughing Stock (1991)"]
    assert "Laughing Stock (1991)" in titles(session.send("a comedy"))


def test_a_count_asks_no_model_and_is_in_the_trace(tm_with, fake_model):
    session = tm_with(fake_model).session()
    events = list(session.stream("how many comedies about sharks are there?"))
    (call,) = [event for event in events if isinstance(event, ToolCalled)]
    assert (call.tool, call.found) == ("aggregate", 2)
    assert events[-1].reply.usage.calls == 0
    assert any("sharks" in note for note in events[-1].reply.notes)


def test_conditions_joined_by_or_hold_in_a_conversation(tm):
    session = tm.session()
    condition = parse_where(
        "(genres is comedy and year before 1990) or genres is western",
        tm.resources.tool_context.catalog.schema,
    )
    session.add_constraint(condition)
    assert set(titles(session.send("something good"))) == {"Paper Moons (1988)", "Twin Rivers (2005)"}
    reply = session.send("after 2010")
    assert "would fit" in reply.question
    session.send("forget the western")
    assert [c.field for c in session.profile.constraints] == ["year"]


def test_nothing_fits_offers_the_smallest_widening(tm):
    reply = tm.session().send("a western before 1980")
    assert reply.question.endswith(
        "2 items would fit if it need not be listed as Western. Shall I drop that?"
    )
    assert "Twin Rivers (2005), but not from 1979 or before" in reply.question


@pytest.mark.parametrize(
    ("message", "listed"), [("hi", True), ("ok", True), ("thanks", False), ("bye", False)]
)
def test_small_talk_of_somebody_who_waits_for_a_list_brings_one(tm, message, listed):
    session = tm.session(liked=["1"])
    assert bool(session.send(message).items) is listed
    assert not tm.session().send(message).items


def test_a_title_that_begins_like_a_place_is_a_title(tmp_path, film_catalog, film_log):
    catalog = Catalog(
        [*film_catalog, Item("alive", "#Alive", film_catalog["3"].attributes)], film_catalog.schema
    )
    workspace = build_workspace(
        tmp_path / "films", catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    with Tastemaker(workspace) as agent:
        session = agent.session()
        session.send('I loved "#Alive"')
        assert session.profile.likes == ("alive",)
        session.send("a comedy", k=2)
        session.send("the second one was boring")
        assert session.profile.dislikes == (session.messages[3]["items"][1],)


def test_traces_of_before_with_labels_for_sources_are_read():
    card = {"id": "1", "title": "", "attributes": {}, "reason": "", "score": 1.0}
    (first, last) = EVENTS.validate_python(
        {"kind": "item", "card": {**card, "sources": ["similar(item='It\\'s Late') #3", "luck"]}}
    ).card.sources
    assert (first.tool, first.arguments, first.place) == ("similar", {"item": "It's Late"}, 3)
    assert last.label() == "luck() #0"
