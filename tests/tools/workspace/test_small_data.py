"""Workspaces of little data: no log at all, a few events, and logs that mostly say no."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.tools.workspace.build import build_workspace

NAMES = ["Alpha", "Beta", "Gamma", "Delta", "Hated", "Zeta", "Eta", "Theta"]
CATALOG = Catalog(
    [Item(str(n), name, {"kind": "ab"[n % 2], "price": 10 * n + 5}) for n, name in enumerate(NAMES)],
    Schema(
        attributes=(
            Attribute(name="kind", kind=Kind.CATEGORY),
            Attribute(name="price", kind=Kind.NUMBER, currency="EUR"),
        )
    ),
)


def build(path: Path, log: Interactions | None, recommender: str = "ease") -> tuple[Tastemaker, list[str]]:
    said: list[str] = []
    build_workspace(
        path, CATALOG, log, recommender=recommender, embedding="hashing", progress=False, say=said.append
    )
    return Tastemaker.open(path, llm="rules"), said


def test_without_a_log_it_searches_and_chats_and_claims_no_popularity(tmp_path: Path) -> None:
    tm, said = build(tmp_path / "ws", None)
    assert "no interactions: items are ranked by what they are about; popularity is unknown" in said
    start = tm.session().send("surprise me")
    assert start.items
    assert "people here" not in start.text
    assert {item.title for item in tm.session().send("price at most 20").items} == {"Alpha", "Beta"}
    assert tm.session(liked=["Alpha"]).send("more like this").items


def test_a_few_events_are_enough_for_popularity(tmp_path: Path) -> None:
    tm, said = build(tmp_path / "ws", Interactions.from_columns(["anna", "anna"], [2, 3]), "sasrec")
    assert any("sasrec is not trained" in line and "popularity serves instead" in line for line in said)
    assert {item.title for item in tm.session().send("surprise me", k=2).items} == {"Gamma", "Delta"}


@pytest.fixture
def hated() -> Interactions:
    """30 people dislike one item and like three others each."""
    rows, opinions = [], []
    for user in range(30):
        rows += [4, *(at for at in ((user + step) % 8 for step in range(4)) if at != 4)]
        opinions += [-1, *[1] * (len(rows) - len(opinions) - 1)]
    lengths = [1 + sum((user + step) % 8 != 4 for step in range(4)) for user in range(30)]
    users = [f"u{user}" for user, n in enumerate(lengths) for _ in range(n)]
    return Interactions.from_columns(users, rows, feedback=np.array(opinions, np.int8))


def test_a_disliked_item_is_not_what_people_take_and_hidden_from_who_dislikes_it(
    tmp_path: Path, hated: Interactions
) -> None:
    tm, _ = build(tmp_path / "ws", hated)
    assert "Hated" not in [item.title for item in tm.session().send("surprise me", k=7).items]
    person = tm.session(person="u3")
    assert person.profile.dislikes == ("4",)
    assert set(person.profile.history) == {"3", "5", "6"}
    assert "Hated" not in [item.title for item in person.send("surprise me", k=8).items]
    assert len(tm.workspace.log) > len(tm.workspace.interactions)
    assert tm.workspace.log.feedback is not None
    assert tm.session(person="somebody").profile.history == ()
