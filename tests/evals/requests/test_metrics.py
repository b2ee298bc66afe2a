"""Figures worked by hand, as the scorer of the development requests counts."""

import pytest

from tastemaker.evals.requests.case import JudgedSentence, RequestCase
from tastemaker.evals.requests.honesty import says_nothing_fits, says_unknown
from tastemaker.evals.requests.metrics import miss, score
from tastemaker.evals.requests.reply_sentences import reply_sentences
from tastemaker.evals.requests.system import RequestAnswer


def case(fits="", arguable="", excluded="", **more):
    return RequestCase(
        "x",
        "x",
        1,
        "m",
        fits=tuple(fits.split()),
        arguable=tuple(arguable.split()),
        excluded=tuple(excluded.split()),
        **more,
    )


# What score.py of the development requests prints for the same lists: (p2, p1, reach, three, three1, any, gone).
TABLE = [
    ("1 2 3 4 5", "", "", "1 2 3 4 5", (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)),
    ("1 2 3 4 5 6", "7 8", "9", "1 7 9 2 10", (0.4, 0.6, 0.4, 0.0, 1.0, 1.0, 0.2)),
    ("1 2", "3", "", "1 2", (0.4, 0.4, 1.0, 1.0, 0.0, 1.0, 0.0)),
    ("1", "", "", "2 3 4 5 6 1", (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
    ("1 2 3 4", "", "", "1 1 2 2 3", (0.6, 0.6, 0.75, 1.0, 1.0, 1.0, 0.0)),
    ("", "1 2 3", "", "1 2 3", (0.0, 0.6, 0.0, 0.0, 1.0, 0.0, 0.0)),
    ("1", "", "", "", (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
]
NAMES = ("precision@5", "lenient_precision@5", "reach", "three_good", "three_lenient", "any_good", "excluded")


@pytest.mark.parametrize(("fits", "arguable", "excluded", "items", "figures"), TABLE)
def test_lists(fits, arguable, excluded, items, figures, film_catalog):
    found = score(case(fits, arguable, excluded), RequestAnswer(tuple(items.split())), film_catalog)
    assert tuple(found[name] for name in NAMES) == figures
    assert found["abstention"] is None
    assert found["false_abstention"] == float(not items)


def test_where_nothing_fits_only_that_counts(film_catalog):
    nothing = case(abstain=True)
    for answer, right in (
        (RequestAnswer(), 1),
        (RequestAnswer(("1",)), 0),
        (RequestAnswer(("1",), abstained=True), 1),
    ):
        found = score(nothing, answer, film_catalog)
        assert [found[name] for name in NAMES] == [None] * 7
        assert (found["abstention"], found["false_abstention"]) == (right, None)
    assert miss(nothing, film_catalog)["abstention"] == 0  # to fail is not to abstain
    assert miss(case("1"), film_catalog)["precision@5"] == 0


def test_unknown_properties(film_catalog):
    asked = case("1", unknown_property="ticket price")
    assert score(asked, RequestAnswer(("1",), said_unknown=True), film_catalog)["unknown_admitted"] == 1
    assert score(asked, RequestAnswer(("1",)), film_catalog)["unknown_admitted"] == 0
    found = score(case("1"), RequestAnswer(("1",), said_unknown=True), film_catalog)
    assert (found["unknown_admitted"], found["false_unknown"]) == (None, 1)


def test_conditions_are_checked_by_the_plain_implementation(film_catalog):
    thriller = {"field": "genres", "op": "is", "value": "thriller"}
    old = {"none_of": {"field": "year", "op": "at_least", "value": 1995}}
    kept = [
        score(case("1"), RequestAnswer(("1", "3", "4"), conditions=conditions), film_catalog)["kept"]
        for conditions in (None, [], [thriller], [thriller, old])
    ]
    assert kept == [None, None, pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert score(case("1"), RequestAnswer((), conditions=[thriller]), film_catalog)["kept"] is None


def test_sentences_that_were_judged_count_where_they_are_said_again(film_catalog):
    judged = (
        JudgedSentence("It is set in Paris.", "false", "3"),
        JudgedSentence("A train.", "true", "3"),
        JudgedSentence("Enjoy.", "empty"),
        JudgedSentence("Never said.", "false"),
    )
    answer = RequestAnswer(("3",), text="Two. Enjoy.", reasons={"3": "A train. It is set in Paris."})
    found = score(case("3", sentences=judged), answer, film_catalog)
    assert (found["false_sentences"], found["empty_sentences"]) == (
        pytest.approx(1 / 3),
        pytest.approx(1 / 3),
    )
    assert score(case("3"), answer, film_catalog)["false_sentences"] is None


@pytest.mark.parametrize(
    ("text", "unknown", "nothing"),
    [
        ("I don't know which streaming service has it.", True, False),
        ("What a ticket costs is not known to me.", True, False),
        ("I have no information on subtitles.", True, False),
        ("Nothing in this catalogue meets all of: language Hindi.", False, True),
        ("I don’t have anything from Bollywood.", False, True),
        ("Here is what I found for “I know nothing about cars”.", False, False),
        ("With Heat (1995) in mind. Shorter, or longer?", False, False),
    ],
)
def test_what_a_reply_admits(text, unknown, nothing):
    assert (says_unknown(text), says_nothing_fits(text)) == (unknown, nothing)


def test_sentences_stand_as_they_are_in_the_reply():
    text = "For you: two films. Mr. Smith is in both; he sings.\nShorter?"
    assert reply_sentences(text) == ["For you: two films.", "Mr. Smith is in both; he sings.", "Shorter?"]
    assert all(sentence in text for sentence in reply_sentences(text))
    assert reply_sentences("") == []
