"""A session goes on over a catalogue that lost what it speaks of; it is said once."""

import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.memory.catalog_changes import changed_by_catalog, fitting_condition
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Critique, Preference, Request
from tastemaker.agent.memory.undo_history import Timeline
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.filters.conditions import AllOf, AnyOf, Constraint, Not, describe
from tastemaker.tools.workspace.build import build_workspace

GONE = "no longer in this catalogue"


@pytest.fixture
def shop(tmp_path, film_catalog):
    """Build the shop of films with some of its items and attributes; returns its path."""

    def build(without=(), drop=(), kinds=None, change=lambda attributes: attributes):
        schema = Schema(
            attributes=tuple(
                Attribute(name=one.name, kind=(kinds or {}).get(one.name, one.kind))
                for one in film_catalog.schema.attributes
                if one.name not in drop
            )
        )
        items = [
            Item(item.id, item.title, change({n: v for n, v in item.attributes.items() if n not in drop}))
            for item in film_catalog
            if item.id not in without
        ]
        catalog = Catalog(items, schema)
        log = Interactions.from_columns(["u", "u", "v", "w"], [0, 1, 1, 0])
        build_workspace(
            tmp_path / "shop", catalog, log, recommender="popularity", embedding="hashing", progress=False
        )
        return tmp_path / "shop"

    return build


def about_gone(reply):
    return [note for note in reply.notes if GONE in note]


def test_every_kind_of_memory_of_an_item_may_lose_it(shop):
    with Tastemaker.open(shop()) as tm:
        session = tm.session("s")
        session.like("1")
        session.dislike("2")
        session.add_history(["3", "5", "12"])
        shown = [card.id for card in session.send("a drama").items]
        session.choose(shown[0])
    left = ("4", "9") if not {"4", "9"} & set(shown) else ("8", "7")
    lost = [str(n) for n in range(1, 13) if str(n) not in left]
    with Tastemaker.open(shop(without=lost)) as tm:
        session = tm.session("s")
        assert {*session.profile.likes, *session.profile.dislikes, *session.profile.history} <= set(left)
        assert session.last_items == ()
        assert session.profile.shown == ()
        reply = session.send("something else")
        (note,) = (one for one in about_gone(reply) if "condition" not in one)
        assert "“Harbour Lights (1994)”" in note
        assert "more are no longer" in note
        assert not about_gone(session.send("more"))
        for message in (
            "what did you show me first?",
            "undo",
            "redo",
            "why not Paper Moons?",
            "the second one",
        ):
            session.send(message)
        assert set(session.profile.hidden_ids()) <= set(left)


def test_a_request_that_compares_with_what_is_gone_is_answered(shop):
    with Tastemaker.open(shop()) as tm:
        session = tm.session("s")
        session.send("something like Harbour Lights")
        assert session.profile.request.like == ("1",)
        session.send("more")
    with Tastemaker.open(shop(without=["1"])) as tm:
        session = tm.session("s")
        assert about_gone(session.send("more"))
        for message in ("undo", "another one", "less violent than Harbour Lights"):
            assert session.send(message).message


def test_no_part_of_a_profile_keeps_what_is_gone(film_catalog):
    lists = ("history", "likes", "dislikes", "shown", "rejected", "taken")
    wanted = ("like", "unlike", "candidates", "left_out")
    gone_price = leaf(5, "at_most", "gone-price")
    request = Request(
        **dict.fromkeys(wanted, ("1", "gone-item")),
        prefer=(Preference(condition=leaf("Drama")), Preference(condition=gone_price, weight=-0.5)),
        critiques=(
            Critique(field="year", more=True, than=("gone-item", "2")),
            Critique(word="violent", more=False, than=("gone-item",)),
            Critique(field="gone-price", more=False),
            Critique(field="genres", more=False),
        ),
    )
    assert set(Request.model_fields) == {
        *wanted,
        "prefer",
        "critiques",
        "other_person",
        "avoid",
        "queries",
        "quote",
        "said",
        "unknown",
        "how_many",
    }, "another field: does it name items or attributes?"
    profile = TasteProfile(**dict.fromkeys(lists, ("1", "gone-item")), request=request)
    before = {"profile": profile.model_dump(mode="json"), **Timeline(past=(profile,)).to_json(profile)}
    after = {**before, **changed_by_catalog(before, film_catalog, dict)}
    assert after.pop("gone_items") == {"gone-item": "gone-item"}
    assert "gone-" not in str(after)
    fitted = TasteProfile.model_validate(after["profile"])
    assert {getattr(fitted, name) for name in lists} == {("1",)}
    assert {getattr(fitted.request, name) for name in wanted} == {("1",)}
    assert [describe(one.condition) for one in fitted.request.prefer] == ["genres is Drama"]
    assert fitted.request.critiques == (Critique(field="year", more=True, than=("2",)),)


def test_an_unchanged_catalogue_and_other_models_leave_a_session_as_it_is(shop):
    with Tastemaker.open(shop()) as tm:
        session = tm.session("s", liked=["1"])
        session.send("no horror")
        before = session.profile, _stated(session.last_items), session.messages
    with Tastemaker.open(shop(without=["12"])) as tm:
        session = tm.session("s")
        if "12" not in [item_id for item_id, *_ in before[1]]:
            assert (session.profile, _stated(session.last_items), session.messages) == before


def _stated(cards):
    """Cards without what is computed from the log, which one item less changes."""
    return [(card.id, card.title, card.reason, card.attributes["genres"]) for card in cards]


def test_the_order_of_a_list_is_not_silently_another(shop):
    with Tastemaker.open(shop()) as tm:
        first = tm.session("s").send("a thriller").items
    with Tastemaker.open(shop(without=[first[0].id])) as tm:
        session = tm.session("s")
        assert about_gone(session.send("I like the first one"))
        assert session.profile.likes == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"drop": ["year"]}, f"“year” is {GONE}"),
        (
            {"kinds": {"year": Kind.TEXT}, "change": lambda a: a | {"year": str(a["year"])}},
            "“year” is now of the kind text",
        ),
        (
            {"change": lambda a: a | {"genres": tuple(g for g in a["genres"] if g != "Comedy")}},
            f"“Comedy” (genres) is {GONE}",
        ),
    ],
)
def test_a_condition_on_what_is_gone_is_dropped_and_said_once(shop, change, said):
    with Tastemaker.open(shop()) as tm:
        session = tm.session("s")
        session.send("a comedy")
        session.send("from the nineties")
        session.like("1")
        assert {c.field for c in session.profile.constraints} == {"genres", "year"}
    with Tastemaker.open(shop(**change)) as tm:
        session = tm.session("s")
        (kept,) = session.profile.constraints
        reply = session.send("more")
        assert [said in note for note in reply.notes if "condition" in note] == [True]
        assert not [note for note in session.send("something short").notes if said in note]
        assert session.profile.likes == ("1",)
        now = session.profile  # once all that meets it has been shown, it ranks instead of trapping
        assert kept in (*now.constraints, *(one.condition for one in now.request.prefer))
        for _ in range(4):
            session.undo()
        session.redo()
        assert session.send("a film").message


def test_a_pending_question_about_what_is_gone_is_no_longer_waited_for(shop):
    with Tastemaker.open(shop()) as tm:
        reply = tm.session("s").send("I loved Twin Rivers")
        assert reply.question
    with Tastemaker.open(shop(without=["11"])) as tm:
        assert about_gone(tm.session("s").send("the second one"))


def test_a_persons_taste_loses_nothing_that_may_come_back_and_tells_of_it_once(shop):
    with Tastemaker.open(shop()) as tm:
        session = tm.session(person="ann")
        session.like("1")
        session.like("2")
    with Tastemaker.open(shop(without=["1"])) as tm:
        assert tm.person("ann").taste.likes == ("2",)
        session = tm.session(person="ann")
        session.like("3")
        assert about_gone(session.send("a drama")) == [f"“Harbour Lights (1994)” is {GONE}."]
        assert not about_gone(session.send("more"))
        assert not about_gone(tm.session(person="ann").send("a drama"))
        assert tm.person("ann").taste.likes == ("2", "3")
    with Tastemaker.open(shop(without=["2"])) as tm:
        assert tm.person("ann").taste.likes == ("1", "3")
        assert tm.person("ann").forget("2").likes == ("1", "3")
    with Tastemaker.open(shop()) as tm:
        assert tm.person("ann").taste.likes == ("1", "3")


def test_a_turn_that_fails_says_it_again(shop, monkeypatch):
    from tastemaker.agent.turn import conclude

    with Tastemaker.open(shop()) as tm:
        tm.session("s").like("1")
    with Tastemaker.open(shop(without=["1"])) as tm:
        with monkeypatch.context() as patch:
            patch.setattr(conclude, "fuse", None)
            with pytest.raises(TypeError):
                tm.session("s").send("a drama")
        assert about_gone(tm.session("s").send("a drama"))


def leaf(value, op="is", field="genres"):
    return Constraint(field=field, op=op, value=value)


CASES = [
    (leaf("Opera"), None),
    (leaf("Opera", "is_not"), "genres not Opera"),
    (leaf(("Opera", "Drama"), "any_of"), "genres any of Drama"),
    (AnyOf(any_of=(leaf("Opera"), leaf("Drama"))), "genres is Drama"),
    (AllOf(all_of=(leaf(5, "at_most", "price"), leaf("Drama"))), "genres is Drama"),
    (Not(none_of=leaf("Opera")), "not genres is Opera"),
    (Not(none_of=AllOf(all_of=(leaf(5, "at_most", "price"), leaf("Horror")))), None),
    (leaf(5, "at_most", "price"), None),
    (leaf("a", "at_most"), None),
]


@pytest.mark.parametrize(("condition", "left"), CASES)
def test_what_is_left_of_a_condition(film_catalog, condition, left):
    kept, said = fitting_condition(condition, film_catalog)
    assert (describe(kept) if kept is not None else None) == left
    assert bool(said) == (kept != condition)
