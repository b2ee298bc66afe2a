"""Sentences on a whole list claim no more than its items bear out."""

import pytest

from tastemaker.agent.events import Card
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.request import Preference, Request
from tastemaker.agent.nlu.rules.acts.list_questions import read_list_question
from tastemaker.agent.reply.evidence import Evidence, Fact
from tastemaker.agent.reply.lead_in import lead_in
from tastemaker.agent.reply.letter_case import LetterCase
from tastemaker.agent.reply.list_answers import NONE_KNOWN, NOT_KNOWN, ListAnswers
from tastemaker.agent.reply.reasons import Reasons
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema
from tastemaker.retrieval.facets.definition import shipped_facets
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.filters.conditions import Constraint, Op

LEVELS = ("none", "a little", "much", "its very point")
SCHEMA = Schema(
    attributes=(
        Attribute(name="genres", kind=Kind.TAGS),
        Attribute(name="director", kind=Kind.TAGS),
        Attribute(name="themes", kind=Kind.TAGS),
        *(
            Attribute(name=name, kind=Kind.TAGS, provenance=Provenance.INFERRED)
            for name in ("contains", "moods", "occasions", "country")
        ),
        Attribute(name="age_from", kind=Kind.NUMBER, provenance=Provenance.INFERRED),
        *(
            Attribute(name=name, kind=Kind.NUMBER, provenance=Provenance.INFERRED, levels=LEVELS)
            for name in ("violence", "romance", "scares", "humour")
        ),
    )
)
CLEAN = Constraint(field="contains", op=Op.NONE_OF, value=("swearing",))
WESTERN = Constraint(field="genres", op=Op.IS, value="Western")
ROMANTIC = Constraint(field="romance", op=Op.AT_LEAST, value=2)
MILD = Constraint(field="violence", op=Op.AT_MOST, value=1)
RAINY = Constraint(field="occasions", op=Op.ANY_OF, value=("rainy sunday",))
EPIC = Constraint(field="moods", op=Op.ANY_OF, value=("epic",))
WEIRD = Constraint(field="moods", op=Op.ANY_OF, value=("quirky", "absurd"))
WEIRDER = Constraint(field="moods", op=Op.ANY_OF, value=("absurd", "dreamy"))

PLAIN = {
    "genres": ("Western",),
    "country": ("USA",),
    "contains": ("horses",),
    "moods": ("epic",),
    "occasions": ("alone",),
    "age_from": 13,
    "violence": 1,
    "romance": 0,
    "scares": 0,
    "humour": 0,
}


def say(*values, wishes=(), prefer=(), constraints=()):
    """The lead-in of a list of films, each given by what differs from a plain one."""
    items = [Item(str(n), f"Film {n}", {**PLAIN, **own}) for n, own in enumerate(values)]
    others = [
        Item("x", "Other", {**PLAIN, "contains": ("swearing",), "moods": ("quirky", "absurd", "dreamy")})
    ]
    catalog = Catalog([*items, *others], SCHEMA)
    wanted = tuple(one if isinstance(one, Preference) else Preference(condition=one) for one in prefer)
    profile = TasteProfile(constraints=constraints, wishes=wishes, request=Request(prefer=wanted))
    return lead_in(items, profile, Evidence(catalog, shipped_facets("films")), catalog)


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ((4, 7, 7), "As far as I can tell, none of them has strong language."),
        ((4, 7, 13), "I know of no strong language in them."),
        ((4, 7, 16), ""),
    ],
)
def test_an_absence_is_denied_where_a_level_backs_it_and_unknown_otherwise(ages, said):
    lead = say(*({"age_from": age} for age in ages), prefer=(CLEAN,))
    assert lead == said or (not said and "strong language" not in lead)


def test_a_label_that_other_facts_contradict_is_not_counted():
    japanese = {"country": ("Japan",)}
    assert say({}, {}, {}, constraints=(WESTERN,)) == "Three westerns."
    assert say(japanese, {}, {}, {}, {}, constraints=(WESTERN,)) == "Four of the five are westerns."


def test_a_mild_level_is_not_claimed_of_what_is_for_grown_ups():
    harsh, doubtful = {"violence": 2}, {"violence": 1, "age_from": 16}
    assert say({}, harsh, harsh, prefer=(MILD,)) == "Only the first has little or no violence."
    assert say({}, doubtful, harsh, prefer=(MILD,)) == "The first has little or no violence."


def test_no_only_condemns_the_others_for_how_things_strike_people():
    rainy = {"occasions": ("rainy sunday",)}
    lead = say({}, rainy, {}, {}, {}, prefer=(EPIC, RAINY))
    assert lead == "All five are epic."
    assert "only" not in say({}, rainy, {}, prefer=(RAINY,)).casefold()


def test_that_none_is_so_needs_facts_that_agree_and_a_wish_that_stands():
    assert say({}, {}, {}, prefer=(ROMANTIC,)) == "None of them is romantic, I am afraid."
    assert "romantic" not in say({"romance": 1, "contains": ("love story",)}, {}, {}, prefer=(ROMANTIC,))
    faint = Preference(condition=ROMANTIC, weight=0.3)
    assert "romantic" not in say({}, {}, {}, prefer=(faint,))


def test_what_overlaps_is_said_once_and_what_a_label_says_not_at_all():
    odd = {"moods": ("quirky", "dreamy", "absurd")}
    some = [{"moods": ("quirky", "dreamy")}, {"moods": ("absurd",)}, odd]
    assert say(*some, prefer=(WEIRD, WEIRDER)) == "All three are quirky, absurd or dreamy."
    romance = Constraint(field="genres", op=Op.IS, value="Romance")
    loving = {"genres": ("Romance",), "romance": 3, "contains": ("love story",)}
    assert say(loving, loving, loving, constraints=(romance,), prefer=(ROMANTIC,)) == "Three romances."


def test_what_a_refusal_brings_with_it_is_not_said():
    young = Preference(condition=Constraint(field="age_from", op=Op.AT_MOST, value=13), words="swearing")
    refused = Preference(condition=CLEAN, words="swearing")
    assert say({}, {}, {}, prefer=(young, refused)) == "I know of no strong language in them."


def test_a_told_story_is_not_quoted_as_a_wish():
    assert "splendid" not in say({}, {}, wishes=("one about the patients waking up was splendid",))
    assert "train robbery" in say({}, {}, wishes=("a train robbery",))


def topics(*names):
    return Fact(" and ".join(names), topics=names)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((topics("newspaper"), topics("newspapers")), "Newspaper."),
        ((topics("tyrant nurse", "tyrannical nurse"),), "Tyrant nurse."),
        ((Fact("nurse, as in Rain"), topics("soldier and nurse", "war")), "Nurse, as in Rain; war."),
        ((topics("jury", "courtroom"),), "Jury and courtroom."),
    ],
)
def test_a_reason_names_a_thing_once(facts, said):
    reasons = Reasons(Catalog([], SCHEMA), shipped_facets("films"))
    assert reasons.of_facts(facts)[0] == said


def test_years_and_obscurity_are_no_topics():
    plot = Attribute(name="plot", kind=Kind.TAGS, provenance=Provenance.INFERRED)
    held = {"plot": ("1990s", "obscure", "medical")}
    catalog = Catalog([Item("1", "A Film", held)], Schema(attributes=(plot,)))
    found = [fact.text for fact in Evidence(catalog, shipped_facets("films")).own(catalog["1"])]
    assert found[0] == "medical"


def test_people_and_places_in_small_letters_are_written_as_names():
    schema = Schema(
        attributes=(
            Attribute(name="director", kind=Kind.TAGS),
            Attribute(name="themes", kind=Kind.TAGS),
            Attribute(name="plot", kind=Kind.TEXT),
            Attribute(name="country", kind=Kind.TAGS, provenance=Provenance.INFERRED),
        )
    )
    items = [
        Item(
            "1",
            "Winnie the Pooh and Tigger Too",
            {
                "director": ("Edith Marsh", "Ada Stone"),
                "country": ("Iran",),
                "plot": "A tale of a heavy case.",
            },
        ),
        Item("2", "A Heavy Case", {"director": ("Jules Roe", "Bo Hill"), "plot": "Someone sings."}),
    ]
    others = tuple(f"Kim {chr(65 + n // 26)}{chr(97 + n % 26)}x" for n in range(80))
    items.append(Item("3", "Untold", {"director": others}))
    case = LetterCase(Catalog(items, schema))
    assert case.restored("edith wharton") == "Edith Wharton"
    assert case.restored("jules verne adaptations") == "Jules Verne adaptations"
    assert case.restored("c.s. lewisham") == "C.S. Lewisham"
    assert case.restored("rudyard kipling adaptation") == "Rudyard Kipling adaptation"
    assert (case.restored("us cavalry"), case.restored("ptsd")) == ("US cavalry", "PTSD")
    assert case.restored("winnie the pooh") == "Winnie the Pooh"
    assert case.restored("iran") == "Iran"
    assert case.restored("heavy case") == "heavy case"
    assert case.restored("edith case") == "edith case"


@pytest.fixture(scope="module")
def ask():
    rows = [
        {"contains": ("murder",), "moods": ("scary",), "scares": 2},
        {"contains": ("heist",), "moods": ("funny",), "scares": 0},
        {"contains": ("heist",), "moods": ("tense",), "scares": 0},
    ]
    items = [Item(str(n), f"Film {n}", {**PLAIN, **own}) for n, own in enumerate(rows)]
    catalog, facets = Catalog(items, SCHEMA), shipped_facets("films")
    answers = ListAnswers(
        catalog, Evidence(catalog, facets), FacetMatcher(facets, catalog), lambda phrase: ()
    )

    def answer(message, *ids):
        cards = [
            Card(id=i, title=catalog[i].title, attributes={}, reason="", score=1, sources=()) for i in ids
        ]
        return answers.answer(read_list_question(message), cards)

    return answer


def test_a_question_about_the_list_is_answered_by_what_is_known(ask):
    assert ask("which of these has no murder?", "0", "1", "2") == "I know of no murder in Film 1 and Film 2."
    # What is in a film is listed in part: that none is listed condemns no other.
    assert ask("which of these have a murder?", "0", "1") == "Film 0 has a murder, as far as I can tell."
    assert ask("are any of them scary?", "1", "2") == "None of them is scary, as far as I can tell."
    assert ask("do any of them have a heist in space?", "0") in (NONE_KNOWN, NOT_KNOWN)


def test_that_no_hidden_gem_is_counted_condemns_no_film():
    gem = Attribute(name="hidden_gem", kind=Kind.CATEGORY, provenance=Provenance.COMPUTED)
    items = [Item(str(n), "", {"hidden_gem": held}) for n, held in enumerate(("no", "no", "no", "yes"))]
    catalog = Catalog(items, Schema(attributes=(gem,)))
    wanted = Preference(condition=Constraint(field="hidden_gem", op=Op.ANY_OF, value=("yes",)))
    profile = TasteProfile(request=Request(prefer=(wanted,)))
    lead = lead_in(items[:3], profile, Evidence(catalog, shipped_facets("films")), catalog)
    assert "none of them" not in lead.casefold()
