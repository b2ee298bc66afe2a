"""Five items and four people; x took too few items to be asked."""

import json

import pytest

from tastemaker.evals.interaction_files import EvalData
from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.interactions import Interactions
from tastemaker.retrieval.schema import Schema

CATALOG = Catalog([Item(i, i, {}) for i in "abcde"], Schema(attributes=()))
LOG = Interactions.from_columns(
    ["u"] * 3 + ["v"] * 3 + ["w"] * 3 + ["x"] * 2, [0, 1, 2, 0, 1, 3, 1, 0, 4, 0, 1], range(11)
)


@pytest.fixture
def data():
    return EvalData("five", CATALOG, LOG, timed=True)


PAIRS = (
    ("Harbour Lights (1994)", "The Long Verdict (1957)"), ("Night Train North (1996)", "Paper Moons (1988)"),
    ("Grave Company (1995)", "Second Harvest (1999)"), ("Star Ferry (1982)", "The Cellar (1974)"),
)  # fmt: skip


@pytest.fixture
def talks(tmp_path):
    """A file of 80 moments of 40 logged conversations; whoever loves one film of a pair is told of the other."""
    lines = []
    for n in range(80):
        liked, named = PAIRS[n // 2 % 4]
        said = [{"speaker": "seeker", "text": f"I loved {liked}, now something tense please"}]
        mentioned = [{"item": liked, "sentiment": "liked"}]
        lines.append({"id": f"m{n}", "conversation": f"g{n // 2}", "context": said, "mentioned": mentioned,
                      "gold": [named], "response": f"See {named}."})  # fmt: skip
    path = tmp_path / "talks.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
