"""What the events of a log say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.ingest.feedback import opinion_of
from tastemaker.retrieval.ingest.interactions_file import LoadedInteractions, read_interactions
from tastemaker.retrieval.ingest.overrides import InteractionOverrides, Overrides

CATALOG = Catalog([Item(i, i, {}) for i in "abcdefgh"], Schema(attributes=()))


def read(
    tmp_path: Path, header: str, rows: list[str], said: InteractionOverrides | None = None
) -> LoadedInteractions:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([f"user,item,{header}", *rows]) + "\n", encoding="utf-8")
    return read_interactions(path, CATALOG, Overrides(interactions=said or InteractionOverrides()))


def opinions(loaded: LoadedInteractions) -> list[int]:
    """In the order of the file: every row is of one user."""
    log = loaded.interactions
    return [1] * len(log) if log.feedback is None else log.feedback.tolist()


@pytest.mark.parametrize(
    ("header", "cells", "wanted"),
    [
        ("rating", [5, 4, 3, 2, 1], [1, 1, 0, -1, -1]),
        ("rating", [5.0, 0.5, 3.5, 3.0, ""], [1, -1, 1, 0, 1]),
        ("rating", [10, 7, 5, 4, 1], [1, 1, 0, -1, -1]),
        ("Book-Rating", [0, 0, 10, 8, 3], [1, 1, 1, 1, -1]),
        ("score", [95, 70, 55, 40, 3], [1, 1, 0, -1, -1]),
        ("rating", [-1, 10, 9, 3, -1], [1, 1, 1, -1, 1]),
        ("rating", [1, 0, 1, 0, 1], [1, -1, 1, -1, 1]),
        ("rating", [1, -1, 1, 1, -1], [1, -1, 1, 1, -1]),
        ("rating", ["4,5", "1,0", "5,0", "2,5", "3,5"], [1, -1, 1, 0, 1]),
        ("Quantity", [6, -6, 2, 0, 12], [1, -1, 1, 0, 1]),
        ("plays", [13883, 1, 0, 500, 2], [1, 1, 0, 1, 1]),
        ("is_recommended", ["true", "false", "true", "false", "true"], [1, -1, 1, -1, 1]),
        ("voted_up", [1, 0, 1, 0, 1], [1, -1, 1, -1, 1]),
        ("skipped", ["false", "true", "false", "false", "true"], [1, -1, 1, 1, -1]),
        ("clicked", [1, 0, 0, 1, 0], [1, 0, 0, 1, 0]),
        ("event_type", ["view", "cart", "remove_from_cart", "purchase", "impression"], [1, 1, -1, 1, 0]),
        ("event", ["view", "addtocart", "transaction", "return", "refund"], [1, 1, 1, -1, -1]),
        ("action", ["like", "dislike", "unlike", "skip", "play"], [1, -1, -1, -1, 1]),
        ("type", ["pv", "buy", "fav", "cart", "pv"], [1, 1, 1, 1, 1]),
        ("verified_purchase", ["true", "false", "true", "false", "true"], [1, 1, 1, 1, 1]),
    ],
)
def test_rules(tmp_path: Path, header: str, cells: list[object], wanted: list[int]) -> None:
    rows = [f'u,{item},"{cell}"' for item, cell in zip("abcde", cells, strict=True)]
    loaded = read(tmp_path, header, rows)
    assert opinions(loaded) == wanted, str(loaded)
    assert "like" in str(loaded)


def test_what_is_uncertain_is_told_and_can_be_said(tmp_path: Path) -> None:
    rows = ["u,a,purchase", "u,b,frobnicate", "u,c,frobnicate"]
    loaded = read(tmp_path, "event", rows)
    assert opinions(loaded) == [1, 0, 0]
    assert '[interactions.events] "frobnicate" = "like"' in str(loaded)
    said = InteractionOverrides(events={"frobnicate": "dislike"})
    assert opinions(read(tmp_path, "event", rows, said)) == [1, -1, -1]
    rated = ["u,a,5", "u,b,3", "u,c,0", "u,d,0"]
    assert '"0" = "dislike"' in str(read(tmp_path, "rating", rated))
    said = InteractionOverrides(events={"0": "dislike"}, like_from=3)
    assert opinions(read(tmp_path, "rating", rated, said)) == [1, 1, -1, -1]


def test_blocks_of_users_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    users, items = [f"u{n}" for n in rng.integers(0, 20, 300)], rng.integers(0, 6, 300)
    log = Interactions.from_columns(users, items, feedback=rng.integers(-1, 2, 300))
    whole = log.likes()
    monkeypatch.setattr("tastemaker.retrieval.catalog.interactions.BLOCK", 7)
    assert log.likes().item.tolist() == whole.item.tolist()
    assert 0 < len(whole) < len(log)


def test_the_last_opinion_holds() -> None:
    feedback = np.array([1, -1, -1, 1, 1, 0], np.int8)
    log = Interactions.from_columns(["u", "u", "u", "u", "w", "w"], [0, 0, 1, 1, 0, 0], feedback=feedback)
    assert (log.likes().users, log.likes().item.tolist()) == (("u", "w"), [1, 0])
    assert (log.dislikes().users, log.dislikes().item.tolist()) == (("u",), [0])
    assert log.likes().feedback is None


def test_dislikes_make_nothing_popular_and_count_in_means() -> None:
    users = [f"u{n}" for n in range(30)] * 2
    items = [0] * 30 + [n % 3 + 1 for n in range(30)]
    ratings = np.array([1] * 30 + [5] * 30, np.float32)
    feedback = np.where(ratings < 3, -1, 1).astype(np.int8)
    catalog = with_computed(CATALOG, Interactions.from_columns(users, items, None, ratings, feedback))
    assert [catalog[i].attributes["popularity"] for i in "abc"] == [0, 10, 10]
    assert (
        float(str(catalog["a"].attributes["rating_mean"]))
        < 2
        < float(str(catalog["b"].attributes["rating_mean"]))
    )


@pytest.mark.parametrize(
    ("event", "opinion"),
    [
        ("Removed from wishlist", -1),
        ("addToCart", 1),
        ("not_interested", -1),
        ("page view", 1),
        ("thumbs_down", -1),
        ("x", None),
    ],
)
def test_events_by_name(event: str, opinion: int | None) -> None:
    assert opinion_of(event) == opinion
