"""A reason rests on fields of items: each citation is checked, and what is not borne out is not said."""

import pytest

from tastemaker.agent.events import Citation
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.reply.citations import Clause, borne_out
from tastemaker.agent.reply.evidence import Fact
from tastemaker.agent.reply.reasons import Reasons


def clause(text, **cite):
    return Clause(text=text, cites=(Citation(**cite),))


@pytest.mark.parametrize(
    ("one", "true"),
    [
        (clause("a thriller", item="1", field="genres", value="Thriller"), True),
        (clause("from 1994", item="1", field="year", value="1994"), True),
        (clause("like Star Ferry (1982)", item="7", field="title", value="Star Ferry (1982)"), True),
        (clause("a western", item="1", field="genres", value="Western"), False),
        (clause("from 1995", item="1", field="year", value="1995"), False),
        (clause("a comedy", item="1", field="genres", value="Thriller"), False),
        (clause("a horror film", item="8", field="genres", value="Horror"), False),
        (clause("a thriller", item="1", field="mood", value="Thriller"), False),
        (Clause(text="number 3 of the ranking"), True),
        (Clause(text=""), False),
    ],
)
def test_a_citation_must_stand_in_its_item_its_words_and_the_profile(one, true, film_catalog):
    assert borne_out(one, film_catalog, {"1", "7"}) is true


def test_a_reason_cites_the_item_and_what_is_liked(film_catalog):
    profile = TasteProfile(likes=("1",))
    text, cites = Reasons(film_catalog).cite(film_catalog["3"], profile)
    assert text == "By Ada Stone, like Harbour Lights (1994); thriller from 1996."
    assert {(c.item, c.field, c.value) for c in cites} >= {("3", "genres", "thriller"), ("3", "year", "1996")}
    assert {(c.item, c.field, c.value) for c in cites} >= {("1", "title", "Harbour Lights (1994)")}


def test_a_clause_that_is_not_borne_out_is_not_said(film_catalog, monkeypatch):
    reasons = Reasons(film_catalog)
    wrong = clause(
        "shares Dov Pike (director) with Star Ferry (1982)", item="7", field="director", value="Dov Pike"
    )
    monkeypatch.setattr(reasons.evidence, "shared", lambda item, profile: [Fact(wrong.text, wrong.cites)])
    text, _ = reasons.cite(film_catalog["3"], TasteProfile(likes=("7",)))
    assert "from 1996" in text
    assert "Dov Pike" not in text


def test_the_citations_of_a_card_are_in_the_reply(tm):
    card = tm.session().send("a comedy from the nineties").items[0]
    assert ("genres", "comedy") in {(cite.field, cite.value) for cite in card.cites}
