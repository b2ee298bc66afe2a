"""A small file of requests about the film workspace."""

import json

import pytest

ROWS = [
    {
        "id": "a",
        "message": "a thriller please",
        "kind": "plot",
        "relevant": {"2": [1, 3, 12], "1": [5]},
        "ideal_form": {"hard": ["thriller"], "query": "thriller, killer on a train", "scope": "new"},
    },
    {
        "id": "b1",
        "conversation": "b",
        "turn": 1,
        "history": ["The Cellar (1974)"],
        "message": "something funny",
        "kind": "mood",
        "relevant": {"2": [4, 9], "1": []},
        "excluded": [8],
        "ideal_form": {"soft": ["comedy"], "avoid": ["genre Horror"], "query": "funny", "scope": "new"},
    },
    {
        "id": "b2",
        "conversation": "b",
        "turn": 2,
        "history": ["The Cellar (1974)"],
        "shown": [9, 4, 2],
        "earlier": ["something funny"],
        "message": "like the second one you showed, but sad",
        "kind": "like_but",
        "relevant": {"2": [6], "1": [10]},
        "excluded": [8, 9, 4, 2],
        "ideal_form": {
            "soft": ["drama"],
            "query": "sad drama",
            "like": ["Paper Moons (1988)"],
            "scope": "refine",
        },
    },
    {
        "id": "c",
        "message": "a documentary on bees, and what does a ticket cost?",
        "kind": "none",
        "relevant": {"2": [], "1": []},
        "abstain": True,
        "unknown_property": "ticket price",
        "ideal_form": {"query": "bees", "scope": "new"},
    },
]


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def rows():
    return json.loads(json.dumps(ROWS))


@pytest.fixture
def requests_file(tmp_path):
    return write_rows(tmp_path / "requests.jsonl", ROWS)
