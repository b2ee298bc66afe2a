import logging

import pytest

from tastemaker.retrieval.errors import DataError, SourceError
from tastemaker.retrieval.fetch.sources import Source, first_of


def failing(label, error, named_by_person=False):
    def get():
        raise error

    return Source(label, get, named_by_person)


def test_the_first_that_works_is_taken_and_no_later_one_asked():
    sources = [failing("a", SourceError("down")), Source("b", lambda: 2), failing("c", KeyError("asked"))]
    assert first_of("x", sources, "do this") == 2


def test_when_none_works_each_is_named_with_its_reason():
    with pytest.raises(SourceError) as caught:
        first_of("x", [failing("a", SourceError("down")), failing("b", DataError("bad", "f", 3))], "do this")
    assert str(caught.value) == "x could not be had; [a: down]; [b: f:3: bad]; do this"


def test_a_bug_is_not_taken_for_a_failing_source():
    with pytest.raises(KeyError):
        first_of("x", [failing("a", KeyError("bug")), Source("b", lambda: 2)], "do this")


def test_the_person_hears_of_the_source_they_named(caplog):
    caplog.set_level(logging.INFO)
    first_of(
        "x",
        [
            failing("mine", SourceError("no"), True),
            failing("other", SourceError("no")),
            Source("b", lambda: 2),
        ],
        "",
    )
    assert [(r.levelname, r.args[1]) for r in caplog.records] == [("WARNING", "mine"), ("INFO", "other")]
