"""The set of described requests keeps what its README promises."""

from collections import Counter

from tastemaker.evals.studies.described_study import read_requests
from tastemaker.retrieval.datasets.profiles import read_profiles
from tastemaker.retrieval.text.normalise import fold, split_year

STOPWORDS = frozenset(
    "a all an and as at be by film for from how i in is it like me movie my no not of off on one or out part"
    " s that the this to up was we what who with you your".split()
)
REQUESTS = read_requests()


def test_each_half_is_a_half():
    assert Counter(r.split for r in REQUESTS) == {"validation": 114, "test": 114}
    assert set(read_requests("validation")) | set(read_requests("test")) == set(REQUESTS)


def test_every_film_is_in_the_shipped_profiles_and_occurs_once():
    item_ids = [item_id for request in REQUESTS for item_id in request.item_ids]
    assert set(item_ids) <= set(read_profiles("ml-100k"))
    assert len(set(item_ids)) == len(item_ids)
    assert len({r.request for r in REQUESTS}) == len({r.title for r in REQUESTS}) == len(REQUESTS)


def test_no_request_names_its_film():
    for asked in REQUESTS:
        telling = set(fold(split_year(asked.title)[0]).split()) - STOPWORDS
        assert not telling & set(fold(asked.request).split()), asked


def test_requests_are_as_long_as_people_make_them():
    assert all(5 <= len(asked.request.split()) <= 30 for asked in REQUESTS)
    assert Counter(asked.kind for asked in REQUESTS) == {"plot": 150, "scene": 25, "mood": 17, "mixed": 36}


def test_a_film_listed_twice_may_be_found_under_either_id():
    bees = next(r for r in REQUESTS if "beekeeper" in r.request)
    assert bees.item_ids == ("303", "297")
