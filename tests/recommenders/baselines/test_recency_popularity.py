import pytest

from tastemaker.recommenders import Query, Vocabulary
from tastemaker.recommenders.baselines.recency_popularity import DAY, RecencyPopularity
from tastemaker.retrieval.catalog.interactions import Interactions

# b is taken three times on day 0; a twice on day 10; c once on day 20
LOG = Interactions.from_columns(list("uvwuvu"), [1, 1, 1, 0, 0, 2], [0, 0, 0, 10 * DAY, 10 * DAY, 20 * DAY])


@pytest.fixture
def model(tmp_path):
    return RecencyPopularity.fit(Vocabulary("abc"), LOG, tmp_path / "x", settings={"half_life_days": 10})


def test_decayed_counts_by_hand(model):
    assert model.scores(Query()).tolist() == pytest.approx([2 / 2, 3 / 4, 1])


def test_what_happened_after_now_is_not_counted(model):
    assert model.scores(Query(now=10 * DAY)).tolist() == pytest.approx([2, 3 / 2, 0])
    assert model.scores(Query(now=10 * DAY - 1)).tolist() == pytest.approx([0, 3, 0])


def test_a_request_long_after_the_log_sees_its_end(model):
    assert model.scores(Query(now=9e9)).tolist() == model.scores(Query()).tolist()


def test_before_all_interactions_it_falls_back_and_says_so(model):
    query = Query(now=-1)
    assert "ranked by popularity" in " ".join(model.read(query).notes)
    assert model.top(query, 1)[0].id == "b"


def test_no_history_is_needed(model):
    assert model.read(Query()).notes == ()
