"""The parts of the chat page without a browser: what they draw, and that nothing is drawn as markup."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tastemaker.agent.events import (
    Card,
    Done,
    Fallback,
    ItemShown,
    ModelCalled,
    Reply,
    Started,
    Text,
    ToolCalled,
    Understood,
)
from tastemaker.agent.feedback import KINDS, read_feedback
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.turn.allowance import FULL, Allowance
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.constraints import Constraint, Op
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.ui.web.cards import CardFaces
from tastemaker.ui.web.condition_form import parse, suggest
from tastemaker.ui.web.conversation import conversation
from tastemaker.ui.web.exchange import Exchange, status_of
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.opening import demo_history, example_messages
from tastemaker.ui.web.profile_panel import chosen_chips, profile_panel, without_condition, without_wish
from tastemaker.ui.web.tab import APOLOGY, NOTHING_TO_UNDO, Tab
from tastemaker.ui.web.title_search import find_titles
from tastemaker.ui.web.trace_panel import trace_panel

EVIL = "<img src=x onerror=alert(1)>"
EVIL_QUOTE = "\" onmouseover='alert(1)' x=\""


class Elements(HTMLParser):
    """All elements of a page with their attributes, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(str(html))  # slices of Markup stay Markup, and comparing with them escapes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def harmless(html: str) -> str:
    """The text of a page in which nothing foreign became an element or an attribute."""
    page = Elements(str(html))
    for name, attributes in page.found:
        assert name not in ("img", "script", "iframe", "a"), f"<{name}> came through"
        assert not [key for key in attributes if key.startswith("on")], f"a handler came through in <{name}>"
    return page.words


@pytest.fixture
def catalog() -> Catalog:
    schema = Schema(
        attributes=(
            Attribute(name="year", kind=Kind.NUMBER),
            Attribute(name="kind", kind=Kind.TAGS),
            Attribute(name="story", kind=Kind.TEXT),
        )
    )
    tea = {"year": 1994, "kind": ("Green", "Loose"), "story": "A tea from the hills. " * 30}
    evil = {"kind": (EVIL,), "story": EVIL}
    return Catalog(
        [
            Item("1", "Morning Dew (1994)", tea),
            Item(EVIL_QUOTE, EVIL, evil),
            Item("3", "Smoky Pine", {"year": 1996, "kind": ("Black", "Green")}),
            Item("4", "Smoky Oak", {"year": 1999, "kind": ("Black",)}),
        ],
        schema,
    )


def card_of(item: Item, reason: str = "Because.") -> Card:
    attributes = item.as_dict()["attributes"]
    return Card(
        id=item.id, title=item.title, attributes=attributes, reason=reason, score=1.0, sources=("rank #1",)
    )


def test_a_tag_escapes_text_and_attributes_but_not_markup() -> None:
    assert tag("p", EVIL, tag("b", "&"), title='"') == (
        '<p title="&#34;">&lt;img src=x onerror=alert(1)&gt;<b>&amp;</b></p>'
    )


def test_a_tag_refuses_what_is_no_part_of_a_page() -> None:
    with pytest.raises(TypeError, match="object"):
        tag("p", object())


def test_a_card_shows_title_year_tags_and_a_short_text(catalog: Catalog) -> None:
    words = harmless(CardFaces(catalog).face(card_of(catalog["1"]), 1, ""))
    assert "Morning Dew 1994" in words
    assert "(1994)" not in words
    assert "Green" in words
    assert "…" in words
    assert "Because." in words
    assert len(words) < 450


def test_a_hostile_item_is_only_text(catalog: Catalog) -> None:
    words = harmless(CardFaces(catalog).face(card_of(catalog[EVIL_QUOTE], reason=EVIL), 1, "liked"))
    assert words.count(EVIL) >= 4


@pytest.mark.parametrize(("verdict", "pressed"), [("", 0), ("liked", 1), ("disliked", 1)])
def test_a_judged_card_shows_it_and_offers_to_take_it_back(
    catalog: Catalog, verdict: Any, pressed: int
) -> None:
    face = CardFaces(catalog).face(card_of(catalog["1"]), 1, verdict)
    buttons = [attributes for name, attributes in Elements(face).found if name == "button"]
    assert [b.get("aria-pressed") for b in buttons].count("true") == pressed
    assert [b["data-act"] for b in buttons].count("forget") == pressed


def test_a_card_may_be_opened_and_taken(catalog: Catalog) -> None:
    faces = CardFaces(catalog)
    shut, whole = (
        faces.face(card_of(catalog["1"]), 1, ""),
        faces.face(card_of(catalog["1"]), 1, "", True, True),
    )
    assert "dl" not in [name for name, _ in Elements(shut).found]
    assert str(catalog["1"].attributes["story"]) in harmless(whole)
    acts = [a["data-act"] for name, a in Elements(whole).found if name == "button"]
    assert acts == ["like", "dislike", "forget", "more", "compare", "open"]
    hostile = faces.face(card_of(catalog[EVIL_QUOTE], reason=EVIL), 1, "", True)
    assert harmless(hostile).count(EVIL) >= 5


def test_what_is_looked_at_and_taken_reaches_the_log(tm: Any) -> None:
    tab = Tab(tm.session())
    list(tab.say("a drama"))
    one, two = (card.id for card in tab.exchanges[-1].cards[:2])
    tab.open_or_close(one)
    assert tab.is_open(one)
    tab.open_or_close(one)
    assert not tab.is_open(one)
    tab.choose(two)
    did = [(e["kind"], e["item"]) for e in read_feedback(tab.session.feedback.path) if e["kind"] in KINDS]
    assert did == [("opened", one), ("chosen", two)]
    assert two in tab.session.profile.history


def test_the_profile_is_words_with_a_button_each(catalog: Catalog) -> None:
    profile = TasteProfile(
        likes=("1",),
        dislikes=(EVIL_QUOTE,),
        history=("3",),
        wishes=(EVIL,),
        constraints=(Constraint(field="kind", op=Op.IS_NOT, value=EVIL),),
    )
    html = profile_panel(profile, catalog, notice=EVIL)
    assert "Morning Dew (1994)" in harmless(html)
    removals = [a for name, a in Elements(html).found if name == "button"]
    assert [r["data-value"] for r in removals] == ["1", EVIL_QUOTE, f'kind not "{EVIL}"', EVIL, "3"]
    assert all(r["aria-label"] for r in removals)


def test_an_empty_profile_says_what_will_be_here(catalog: Catalog) -> None:
    assert "Nothing yet" in profile_panel(TasteProfile(), catalog)
    assert chosen_chips(TasteProfile(), catalog) == ""


def test_a_conversation_shows_cards_before_the_words_are_there(catalog: Catalog) -> None:
    tab = Tab(
        FakeSession([Started(message="m", llm="rules", effort="fast"), ItemShown(card=card_of(catalog["1"]))])
    )
    seen = [conversation(tab, CardFaces(catalog), TasteProfile()) for _ in tab.say(EVIL)]
    assert EVIL in harmless(seen[0])
    assert "Reading your message" in seen[0]
    assert "Morning Dew" in seen[2]
    assert "tm-status" in seen[2]


def test_a_reply_shows_notes_lead_question_and_new_reasons(catalog: Catalog) -> None:
    card = card_of(catalog["1"], reason=f"New {EVIL}")
    reply = Reply(items=(card,), message=f"Lead {EVIL}", question=f"Which {EVIL}?", notes=(f"Note {EVIL}",))
    tab = Tab(FakeSession([ItemShown(card=card_of(catalog["1"])), Text(text="Lead"), Done(reply=reply)]))
    *_, _last = tab.say("hello")
    words = harmless(conversation(tab, CardFaces(catalog), TasteProfile()))
    for part in ("Lead", "Note", "Which", "New"):
        assert f"{part} {EVIL}" in words
    assert "Because." not in words


def test_every_event_has_its_line_in_the_trace(catalog: Catalog) -> None:
    usage = Usage(calls=1, prompt_tokens=1200, completion_tokens=30, cached_tokens=1000, seconds=2.5)
    events = [
        Started(message=EVIL, llm=EVIL, effort="fast"),
        Understood(understanding={"wish": EVIL, "by": EVIL, "constraints": []}, profile={}, notes=(EVIL,)),
        ToolCalled(
            tool="retrieve",
            arguments={"text": EVIL},
            round=0,
            found=100,
            best=(EVIL,),
            seconds=0.0123,
            note=EVIL,
        ),
        ModelCalled(step="reply", prompt_sha="0", answer={}, usage=usage),
        Fallback(step="reply", reason=EVIL),
        ItemShown(card=card_of(catalog[EVIL_QUOTE])),
        Text(text=EVIL),
        Done(reply=Reply(items=(), message=EVIL, usage=usage)),
    ]
    html = trace_panel(events)
    words = harmless(html)
    assert sum("tm-step-" in (a.get("class") or "") for n, a in Elements(html).found if n == "li") == len(
        events
    )
    assert "100 found · 12 ms" in words
    assert "1,200 tokens in (1,000 cached) · 30 out · 2.5 s" in words
    assert "No turn yet" in trace_panel(())


def test_the_status_says_what_was_understood_and_searched() -> None:
    constraint = {"field": "kind", "op": "is_not", "value": "Black"}
    understood = Understood(understanding={"wish": "mild", "constraints": [constraint]}, profile={})
    assert status_of(understood) == "Understood: “mild” and kind not Black"
    tool = ToolCalled(tool="retrieve", arguments={"text": "mild"}, round=0, found=3, best=(), seconds=0)
    assert status_of(tool) == "Searching: retrieve(text='mild'), 3 found"


class FakeSession:
    """Plays given events; raises one that is an exception; edits are recorded."""

    def __init__(self, events: list[Any]) -> None:
        self.id, self.events, self.edits = "fake", events, list[str]()
        self.profile = TasteProfile()

    def snapshot(self) -> dict[str, Any]:
        return {}

    def stream(self, _message: str, allowance: Allowance = FULL) -> Iterator[Any]:
        assert allowance is FULL
        for event in self.events:
            if isinstance(event, Exception):
                raise event
            yield event

    def like(self, item_id: str) -> None:
        if item_id == "unknown":
            raise QueryError("no item with id 'unknown'")
        self.edits.append(f"like {item_id}")

    def undo(self) -> TasteProfile:
        return self.profile

    def set_profile(self, profile: TasteProfile) -> None:
        self.profile = profile


def test_an_error_of_ours_is_told_in_the_chat(catalog: Catalog) -> None:
    tab = Tab(FakeSession([QueryError("the message is too long")]))
    *_, exchange = tab.say("hello")
    assert exchange.error == "the message is too long"
    assert not tab.busy
    assert "the message is too long" in conversation(tab, CardFaces(catalog), TasteProfile())


def test_any_other_error_is_an_apology_and_a_log_entry(caplog: pytest.LogCaptureFixture) -> None:
    tab = Tab(FakeSession([ZeroDivisionError("secret detail")]))
    *_, exchange = tab.say("hello")
    assert exchange.error == APOLOGY
    assert "secret detail" in caplog.text
    assert not tab.busy


def test_an_edit_during_a_turn_shows_at_once_and_is_made_after_it() -> None:
    session = FakeSession(
        [Started(message="m", llm="rules", effort="fast"), Done(reply=Reply(items=(), message="ok"))]
    )
    tab = Tab(session)
    turn = tab.say("hello")
    next(turn)
    tab.judge("7", "liked")
    assert session.edits == []
    assert tab.verdict("7", session.profile) == "liked"
    assert list(tab.say("a second message meanwhile")) == []
    list(turn)
    assert session.edits == ["like 7"]


def test_a_turn_that_is_left_half_way_frees_the_tab() -> None:
    tab = Tab(FakeSession([Started(message="m", llm="rules", effort="fast")]))
    turn = tab.say("hello")
    next(turn)
    turn.close()
    assert not tab.busy
    assert tab.exchanges[0].error


def test_an_impossible_edit_becomes_a_notice() -> None:
    tab = Tab(FakeSession([]))
    tab.judge("unknown", "liked")
    assert "unknown" in tab.notice
    tab.undo()
    assert tab.notice == NOTHING_TO_UNDO


def test_conditions_and_wishes_are_dropped_by_their_words() -> None:
    session = FakeSession([])
    kept, dropped = (Constraint(field="kind", op=Op.IS_NOT, value=v) for v in ("Green", "Black"))
    session.profile = TasteProfile(constraints=(kept, dropped), wishes=("mild", "cheap"))
    without_condition(session, "kind not Black")
    without_condition(session, "no such condition")
    without_wish(session, "mild")
    assert session.profile.constraints == (kept,)
    assert session.profile.wishes == ("cheap",)


@pytest.mark.parametrize(
    ("op", "typed", "value"),
    [
        ("is", " Green ", "Green"),
        ("any_of", "Green, Black,", ("Green", "Black")),
        ("between", "1990, 1999", ("1990", "1999")),
        ("between", "1990 and 1999", ("1990", "1999")),
        ("at_least", "1990", "1990"),
    ],
)
def test_the_form_becomes_a_constraint(op: str, typed: str, value: object) -> None:
    assert parse({"field": "kind", "op": op, "value": typed}) == Constraint(
        field="kind", op=Op(op), value=value
    )


@pytest.mark.parametrize(
    "form", [{}, {"field": "kind", "op": "is", "value": " "}, {"field": "k", "op": "eval", "value": "x"}]
)
def test_a_form_that_says_nothing_sensible_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(QueryError):
        parse(form)


def test_values_are_suggested_for_choices_only(catalog: Catalog) -> None:
    assert suggest(catalog, "kind")[:2] == ["Black", "Green"]
    assert suggest(catalog, "year") == []
    assert suggest(catalog, {"no": "field"}.get("x")) == []


def test_the_search_box_finds_titles_and_offers_popular_ones(catalog: Catalog) -> None:
    tool_context: Any = SimpleNamespace(
        catalog=catalog, resolver=TitleResolver(catalog), popularity=np.array([0, 0, 5, 9])
    )
    assert [hit["title"] for hit in find_titles(tool_context, "smoky")] == ["Smoky Oak", "Smoky Pine"]
    assert [hit["value"] for hit in find_titles(tool_context, "")] == ["4", "3", "1", EVIL_QUOTE]
    assert find_titles(tool_context, None) == find_titles(tool_context, " ")


def test_examples_are_made_of_the_catalogue(catalog: Catalog) -> None:
    tool_context: Any = SimpleNamespace(catalog=catalog, popularity=np.array([9, 0, 0, 0]))
    messages = example_messages(tool_context)
    assert messages[0] == "Something like Morning Dew (1994)"
    assert any("1990s" in message for message in messages)
    assert any("but no black" in message for message in messages)


def test_a_catalogue_without_attributes_still_has_an_example() -> None:
    bare = Catalog([Item("1", "Thing", {})], Schema(attributes=()))
    assert example_messages(SimpleNamespace(catalog=bare, popularity=np.array([1]))) == [
        "Something like Thing"
    ]  # type: ignore[arg-type]


def test_the_demo_history_is_the_end_of_one_users(catalog: Catalog) -> None:
    log = Interactions.from_columns(["a", "b", "b", "b"], [0, 3, 2, 3])
    assert demo_history(log, catalog) == ["3", "4"]
    assert demo_history(log, catalog) == demo_history(log, catalog)


def test_html_knows_itself_from_text() -> None:
    assert isinstance(tag("p"), Html)
    assert Exchange("x").running
