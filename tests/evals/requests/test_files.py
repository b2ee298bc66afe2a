"""Requests from files: what is read, and what is said of a row that is wrong."""

import json

import jsonschema
import pytest

from tastemaker.evals.requests.case import JudgedSentence, conversations, link
from tastemaker.evals.requests.files import read_requests, request_schema
from tastemaker.retrieval.errors import DataError


def write(tmp_path, *rows):
    path = tmp_path / "r.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_file_is_read_and_linked(requests_file, film_catalog):
    cases, lost = link(read_requests(requests_file), film_catalog)
    assert lost == 0
    assert [case.id for case in cases] == ["a", "b1", "b2", "c"]
    second = cases[2]
    assert (second.group, second.turn, second.history, second.shown) == ("b", 2, ("8",), ("9", "4", "2"))
    assert second.ideal.like == ("4",)
    assert [second.grade(item) for item in ("6", "10", "4")] == [2, 1, 0]
    assert cases[3].abstain
    assert cases[3].unknown_property == "ticket price"
    assert [[case.id for case in held] for held in conversations(cases)] == [["a"], ["b1", "b2"], ["c"]]


def test_little_is_needed(tmp_path, film_catalog):
    (case,), _ = link(read_requests(write(tmp_path, {"id": 7, "message": "x", "relevant": {}})), film_catalog)
    assert (case.id, case.group, case.turn, case.fits, case.ideal) == ("7", "7", 1, (), None)
    row = {"id": "x", "message": "y", "earlier": ["z"], "relevant": {"2": ["Star Ferry (1982)"], "0": ["3"]}}
    (case,), _ = link(read_requests(write(tmp_path, row)), film_catalog)
    assert (case.turn, case.fits) == (2, ("7",))


def test_judged_sentences_are_read(tmp_path, film_catalog):
    told = [
        {"text": "It is set in Paris.", "verdict": "false", "item": 3},
        {"text": "Two.", "verdict": "empty"},
    ]
    path = write(tmp_path, {"id": "x", "message": "y", "relevant": {"2": [3]}, "sentences": told})
    (case,), _ = link(read_requests(path), film_catalog)
    assert case.sentences == (
        JudgedSentence("It is set in Paris.", "false", "3"),
        JudgedSentence("Two.", "empty"),
    )


def test_items_that_went_from_the_catalogue_are_left_out_and_counted(tmp_path, film_catalog):
    path = write(tmp_path, {"id": "x", "message": "y", "relevant": {"2": [1, 99], "1": ["Up (2009)"]}})
    (case,), lost = link(read_requests(path), film_catalog)
    assert (case.fits, case.arguable, lost) == (("1",), (), 2)
    path = write(tmp_path, {"id": "x", "message": "y", "relevant": {"2": [98, 99]}})
    with pytest.raises(DataError, match=r"none of the 2 items .* such as '98'"):
        link(read_requests(path), film_catalog)


GOOD = {"id": "x", "message": "y", "relevant": {"2": [1]}}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"message": " "}, "message is empty"),
        ({"relevant": [1]}, "must be an object"),
        ({"relevant": {"2": "1"}}, "must be a list of ids"),
        ({"turn": "1"}, "must be a whole number"),
        ({"abstain": "yes"}, "must be true or false"),
        ({"ideal_form": {"scope": "other"}}, "allowed: new, refine, replace, reverse"),
        ({"ideal_form": {"hard": "x"}}, "must be a list of texts"),
        ({"sentences": [{"text": "x", "verdict": "wrong"}]}, "allowed: true, false, empty"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(wrong, said, tmp_path):
    path = write(tmp_path, GOOD, {**GOOD, "id": "z", **wrong})
    with pytest.raises(DataError, match=said) as error:
        read_requests(path)
    assert "line 2" in str(error.value) or ":2" in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"), [("", "no request"), ("[1]\n", "an object"), ("{\n", "not JSON")]
)
def test_a_file_that_is_none(content, said, tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=said):
        read_requests(path)


def test_twins_and_no_file(tmp_path):
    with pytest.raises(DataError, match="two requests have the id 'x'"):
        read_requests(write(tmp_path, GOOD, GOOD))
    with pytest.raises(DataError, match="no such file"):
        read_requests(tmp_path / "absent.jsonl")


def test_the_schema_allows_what_is_read(rows):
    schema = json.loads(request_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for row in rows:
        validator.validate(row)
    for wrong in ({"message": ""}, {"relevant": [1]}, {"turn": 0}, {"ideal_form": {"scope": "other"}}):
        assert not validator.is_valid({**GOOD, **wrong}), wrong
