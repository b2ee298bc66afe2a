import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import DAMPING, with_computed
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import EVERY, Attribute, Kind, Provenance, Schema

DAY = 86_400.0


def shop(n=8, *attributes):
    return Catalog([Item(str(i), f"Item {i}", {}) for i in range(n)], Schema(attributes=attributes))


def log_of(*rows):
    """Rows of user, item, day, rating."""
    users, items, days, ratings = zip(*rows, strict=True)
    return Interactions.from_columns([str(u) for u in users], items, np.array(days) * DAY, ratings)


def test_popularity_counts_people_once_and_the_percentile_counts_ties_half():
    log = log_of((1, 0, 1, 3), (1, 0, 2, 3), (2, 0, 3, 3), (3, 1, 4, 3))
    found = with_computed(shop(4), log)
    assert [item.attributes["popularity"] for item in found] == [2, 1, 0, 0]
    assert [item.attributes["popularity_percentile"] for item in found] == [87.5, 62.5, 25.0, 25.0]
    assert "rating_mean" not in found["3"].attributes  # nothing is known of what nobody took


def test_a_mean_of_few_ratings_stays_near_the_mean_of_all():
    log = log_of((1, 0, 1, 5), *((u, 1, 2, 4) for u in range(30)), *((u, 2, 3, 2) for u in range(29)))
    found = with_computed(shop(3), log)
    mean = (5 + 30 * 4 + 29 * 2) / 60
    assert found["0"].attributes["rating_mean"] == pytest.approx(
        (5 + DAMPING * mean) / (1 + DAMPING), abs=0.005
    )
    assert found["1"].attributes["rating_mean"] > found["0"].attributes["rating_mean"] > mean
    unknown = Interactions(
        log.users, log.user, log.item, log.timestamp, np.full(len(log), np.nan, np.float32)
    )
    assert "rating_mean" not in with_computed(shop(3), unknown).schema


def test_a_gem_is_well_rated_and_little_known():
    well_known = [(u, 0, 1, 5) for u in range(40)]
    gem = [(u, 1, 1, 5) for u in range(8)]
    few = [(1, 2, 1, 5), (2, 2, 1, 5)]
    poor = [(u, item, 1, 2) for item in (3, 4, 5, 6, 7) for u in range(20)]
    found = with_computed(shop(), log_of(*well_known, *gem, *few, *poor))
    gems = {item.id: item.attributes["hidden_gem"] for item in found}
    assert [name for name, gem in gems.items() if gem == "yes"] == ["1"]


def test_recency_is_a_share_of_the_newest_quarter_and_needs_times():
    old = [(u, 0, u, 3) for u in range(60)]
    steady = [(u, 1, u, 3) for u in range(80)]
    new = [(u, 2, u, 3) for u in range(60, 80)]
    log = log_of(*old, *steady, *new)
    found = with_computed(shop(3), log)
    before, as_ever, now = (item.attributes["recency"] for item in found)
    assert before < 20 < as_ever < 35 < now
    untimed = Interactions.from_columns([log.users[u] for u in log.user], log.item)
    assert "recency" not in with_computed(shop(3), untimed).schema


def test_a_catalogue_keeps_its_own_attribute_of_that_name_and_a_second_time_changes_nothing():
    said = []
    own = Attribute(name="Popularity", kind=Kind.TEXT)
    catalog = Catalog([Item("0", "Zero", {"Popularity": "vast"})], Schema(attributes=(own,)))
    log = log_of((1, 0, 1, 3), (2, 0, 2, 4))
    once = with_computed(catalog, log, said.append)
    assert "popularity" not in once.schema
    assert once["0"].attributes["Popularity"] == "vast"
    assert said == ["the catalogue has its own 'popularity': it stays, and none is computed from the log"]
    again = with_computed(once, log)
    assert again.content_hash == once.content_hash
    assert set(once.schema.names({Provenance.COMPUTED})) == {
        *("popularity_percentile", "rating_mean", "recency", "hidden_gem")
    }
    assert list(once.schema.of_kind(*Kind)) == ["Popularity"]
    assert "recency" in once.schema.of_kind(*Kind, provenance=EVERY)
