"""Labels of typed film requests: what a catalogue can express, and what counts as read."""

import json

from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.evals.studies.descriptions.mit_movie import Expressible, found_labels, read_requests, scores
from tastemaker.retrieval.filters.conditions import Constraint, Op

ROW = {
    "message": "which 1994 thriller by ada stone is about a harbour",
    "split": "test",
    "actors": [],
    "director": ["ada stone", "fritz lang"],
    "genres": ["Thriller", "Sci-Fi"],
    "year": [1994, 1994],
    "year_said": ["1994"],
    "wish": ["about a harbour"],
    "other": {},
}


def understanding(*conditions, wish=""):
    constraints = tuple(Constraint(field=f, op=op, value=value) for f, op, value in conditions)
    return Understanding(constraints=constraints, wish=wish)


def requests_of(tmp_path, **changes):
    path = tmp_path / "messages.jsonl"
    rows = [{**ROW, **changes}, {**ROW, "split": "train"}]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return read_requests(path, "test")


def test_a_label_counts_where_the_catalogue_can_express_it(film_catalog, tmp_path):
    (request,) = requests_of(tmp_path)
    known = Expressible(film_catalog)
    lost = [label for label in request.labels if label not in known]
    assert lost == [("director", "fritz lang")]
    said = understanding(("director", Op.IS, "Ada Stone"), ("genres", Op.ANY_OF, ("Thriller", "Drama")))
    counts, missing, kept = scores([request], [said], film_catalog)
    assert (counts["all"].right, counts["all"].found, counts["all"].wanted) == (2, 3, 4)
    assert (counts["genres"].precision, counts["year"].recall) == (0.5, 0.0)
    assert (missing, kept) == ({"director": 1}, [0.0])


def test_times_are_right_as_spans_and_not_counted_where_nobody_can_read_the_label(film_catalog, tmp_path):
    (request,) = requests_of(tmp_path)
    said = understanding(("year", Op.BETWEEN, (1994, 1994)), wish="something about a harbour")
    counts, _, kept = scores([request], [said], film_catalog)
    assert (counts["year"].f1, kept) == (1.0, [1.0])
    (vague,) = requests_of(tmp_path, year=None, year_said=["a few years ago"])
    assert scores([vague], [said], film_catalog)[0]["year"].found == 0


def test_what_is_turned_down_is_no_label(film_catalog):
    said = understanding(("genres", Op.IS_NOT, "Drama"), ("genres", Op.IS, "Sci-Fi"))
    assert list(found_labels(said, film_catalog)) == [("genres", "science fiction")]
