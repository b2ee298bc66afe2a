"""Searches over twelve made-up films with hashed vectors."""

from dataclasses import replace

import pytest

from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.filters.constraints import check, satisfies
from tastemaker.retrieval.index.vector_index import MAX_QUERY_CHARS
from tastemaker.retrieval.search.request import Search
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.retrieval.titles.near_duplicates import DuplicateGroups


@pytest.fixture(scope="module")
def retriever(film_workspace):
    opened = film_workspace.retriever()
    yield opened
    opened.ways.index.close()


def ids(result):
    return [hit.id for hit in result.hits]


def test_a_plain_text_finds_the_described_item_and_says_why(retriever):
    result = retriever.search("a detective hunts a killer on a train")
    assert ids(result)[0] == "3"
    said = {match.field: match.values for match in result.hits[0].matched}
    assert said["premise"] == ("detective", "hunts", "killer", "train")
    assert said["title"] == ("Train",)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert max(scores) <= 1
    assert result.seconds > 0


def test_people_and_years_are_found_by_words(retriever):
    assert set(ids(retriever.search(Search("Cleo Hart", k=2)))) == {"4", "6"}
    assert ids(retriever.search(Search("1957", k=1))) == ["2"]


def test_what_is_named_as_matched_stands_in_the_item(retriever):
    for hit in retriever.search("brothers fall in love on a train, drama by ben marsh").hits:
        item = retriever.catalog[hit.id]
        for match in hit.matched:
            held = item.title if match.field == "title" else str(item.attributes[match.field])
            assert all(value in held for value in match.values)


def test_conditions_hold_in_words_and_as_values(retriever):
    wanted = Constraint(field="genres", op=Op.IS, value="Thriller")
    for where in (wanted, "genres is thriller"):
        result = retriever.search(Search("laughing clown", where=where))
        assert len(result.hits) == 4
        checked = check(wanted, retriever.catalog.schema)
        assert all(satisfies(retriever.catalog[i], checked) for i in ids(result))


def test_nothing_left_says_what_a_condition_frees(retriever):
    result = retriever.search(Search("a clown", where="genres is Comedy and year at least 1995"))
    assert result.hits == ()
    assert result.relaxations
    assert "no item is left under" in result.notes[0]
    assert any("year at least 1991" in note for note in result.notes)


def test_liked_items_draw_and_stay_out(retriever):
    found = ids(retriever.search(Search(like=("Night Train North",), k=12)))
    assert "3" not in found
    assert len(found) == 11
    both = retriever.search(Search("florists in love", like=("The Cellar (1974)",), k=1)).hits[0]
    assert both.id == "4"
    assert [m.values for m in both.matched if m.field == "like"] == [("The Cellar (1974)",)]


@pytest.mark.parametrize("avoid", ["florists fall in love over a delivery", "Paper Moons (1988)"])
def test_what_is_avoided_sinks_and_nothing_is_lost(retriever, avoid):
    asked = Search("two rival florists", k=12)
    plain, away = retriever.search(asked), retriever.search(replace(asked, avoid=(avoid,)))
    assert ids(plain)[0] == "4"
    assert sorted(ids(plain)) == sorted(ids(away))
    assert away.hits[ids(away).index("4")].score < plain.hits[0].score
    assert bool(away.notes) == ("Paper" in avoid)


def test_unlike_leaves_out_what_was_seen_and_its_like(retriever):
    found = ids(retriever.search(Search(unlike=("Grave Company (1995)", "The Cellar (1974)"), k=12)))
    assert not {"5", "8"} & set(found)
    assert len(found) == 10


def test_without_a_wish_the_popular_come_first(film_workspace):
    opened = film_workspace.retriever()
    ranked = Retriever(
        opened.catalog,
        opened.ways,
        lambda: [*range(12)][::-1],
        lambda: film_workspace.resolver,
        DuplicateGroups(),
    )
    assert ids(ranked.search(Search(where="year at least 1990", k=3))) == ["1", "3", "5"]
    opened.ways.index.close()


def test_near_duplicates_stand_behind_one(retriever, film_workspace):
    grouped = Retriever(
        retriever.catalog,
        retriever.ways,
        lambda: [0] * 12,
        lambda: film_workspace.resolver,
        DuplicateGroups((("3", "1"),)),
    )
    hit = grouped.search("a detective hunts a killer on a train").hits[0]
    assert (hit.id, hit.also) == ("3", ("1",))
    assert not {"1", "3"} & set(ids(grouped.search(Search(like=("1",), k=12))))


def test_caps_and_diversity(retriever):
    capped = ids(retriever.search(Search("a night of fear", caps={"director": 1}, k=12)))
    directors = [retriever.catalog[i].attributes["director"] for i in capped]
    assert len(directors) == len(set(directors)) == 6
    asked = Search("a night of fear", k=12)
    assert sorted(ids(retriever.search(replace(asked, diversity=1.0)))) == sorted(
        ids(retriever.search(asked))
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Search(), "empty"),
        (Search(" \x00\n"), "empty"),
        (Search("x", k=0), "k is 0"),
        (Search("x", diversity=1.5), "diversity is 1.5"),
        (Search("x", caps={"directer": 1}), "did you mean 'director'"),
        (Search("x", caps={"director": 0}), "cap on 'director' is 0"),
        (Search("x", where="yaer > 1"), "did you mean 'year'"),
        (Search(like=("Omega",)), "'Omega' is not in the catalogue"),
        (Search(like=("Twin Rivers",)), r"Twin Rivers \(1990\) or Twin Rivers \(2005\)"),
    ],
)
def test_bad_searches_are_named(retriever, asked, said):
    with pytest.raises(QueryError, match=said):
        retriever.search(asked)


def test_long_and_dirty_texts_are_cut_and_cleaned(retriever):
    result = retriever.search("a detective\x07 hunts a killer \ud800on a train " * 3000)
    assert ids(result)[0] == "3"
    assert f"first {MAX_QUERY_CHARS:,}" in result.notes[0]


def test_k_beyond_the_catalogue_gives_all_and_unknown_exclusions_are_no_matter(retriever):
    assert len(ids(retriever.search(Search("a train", k=500)))) == 12
    assert "3" not in ids(retriever.search(Search("a train", exclude=("3", "none"), k=500)))
