"""`tastemaker learn --feedback`: a catalogue without a log learns from what people liked in its own chats."""

import numpy as np
import pytest

from tastemaker.agent import Tastemaker
from tastemaker.agent.feedback_events import events_of, with_feedback
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.workspace import Workspace
from tests.ui.cli.test_learn import learn


@pytest.fixture
def workspace(tmp_path):
    schema = Schema(attributes=(Attribute(name="kind", kind=Kind.CATEGORY),))
    kinds = ("lamp", "mug", "rug")
    items = [Item(str(n), f"{kinds[n % 3].title()} {n}", {"kind": kinds[n % 3]}) for n in range(12)]
    build_workspace(
        tmp_path / "w", Catalog(items, schema), recommender="popularity", embedding="hashing", progress=False
    )
    return tmp_path / "w"


def talk(workspace, likes, dislikes=(), chosen=()):
    with Tastemaker.open(workspace, llm="rules") as tm:
        session = tm.session()
        session.send("a lamp", k=4)
        for item in likes:
            session.like(item)
        for item in dislikes:
            session.dislike(item)
        for item in chosen:
            session.choose(item)


def first_shown(workspace):
    with Tastemaker.open(workspace, llm="rules") as tm:
        return [card.id for card in tm.session().send("a lamp", k=4).items]


def test_likes_make_popular_and_dislikes_do_not(workspace):
    before = first_shown(workspace)
    assert Workspace.open(workspace).tool_context().popularity.sum() == 0
    for _ in range(3):
        talk(workspace, likes=["9"], dislikes=[before[0]], chosen=["6"])
    talk(workspace, likes=["9"])
    said = learn("--feedback", "-w", workspace, "-q").stdout
    assert "learned from 4 conversations (7 likes, 3 dislikes)" in said
    popularity = Workspace.open(workspace).tool_context().popularity
    assert (popularity[9], popularity[6], popularity[int(before[0])]) == (4, 3, 0)
    assert first_shown(workspace)[:2] == ["9", "6"] != before[:2]


def test_what_was_learned_is_not_learned_twice_and_a_trained_model_can_follow(workspace):
    for n in range(6):
        talk(workspace, likes=[str((n + step) % 12) for step in range(4)])
    learn("--feedback", "-w", workspace, "-q")
    learn("--feedback", "-w", workspace, "-q", "--recommender", "item-knn")
    opened = Workspace.open(workspace)
    assert len(opened.log) == 24
    assert opened.manifest.recommender == "item-knn"


def test_a_log_keeps_its_events_beside_the_feedback():
    log = Interactions.from_columns(["a", "b", "session:x"], [0, 1, 2], [1.0, 2.0, 3.0], ratings=[5, 1, 3])
    feedback = Interactions.from_columns(["session:x", "session:y"], [4, 4], [9.0, 8.0], feedback=[1, -1])
    joined = with_feedback(log, feedback)
    assert sorted(zip([joined.users[u] for u in joined.user], joined.item.tolist(), strict=True)) == [
        ("a", 0),
        ("b", 1),
        ("session:x", 4),
        ("session:y", 4),
    ]
    assert np.isnan(joined.rating).sum() == 2
    assert joined.dislikes().users == ("session:y",)


def test_without_feedback_there_is_nothing_to_learn(workspace):
    with pytest.raises(DataError, match="no logged sessions there"):
        learn("--feedback", "-w", workspace)
    talk(workspace, likes=[])
    with pytest.raises(DataError, match="nobody has liked"):
        events_of(workspace / "feedback", Workspace.open(workspace).catalog)
    with pytest.raises(ConfigError, match="give a file of logged conversations, or --feedback"):
        learn("-w", workspace)
