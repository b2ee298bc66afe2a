"""`tastemaker learn` on a small workspace: from a file of conversations to an agent that ranks by them."""

import json

import pytest
from typer.testing import CliRunner

from tastemaker.agent import Tastemaker, ToolCalled
from tastemaker.retrieval.errors import DataError
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.workspace import Workspace
from tastemaker.ui.cli.main import app


def learn(*arguments):
    result = CliRunner().invoke(app, ["learn", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def workspace(tmp_path, film_catalog, film_log):
    build_workspace(
        tmp_path / "w", film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    return tmp_path / "w"


@pytest.fixture
def log(tmp_path):
    def write(*gold, n=60):
        rows = [
            {
                "id": str(k),
                "context": [{"speaker": "seeker", "text": "I like The Cellar"}],
                "mentioned": ["The Cellar (1974)"],
                "gold": list(gold),
            }
            for k in range(n)
        ]
        (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return tmp_path / "log.jsonl"

    return write


def test_what_was_learned_is_what_the_agent_ranks_by(workspace, log):
    said = learn(log("Twin Rivers (2005)", "Up (2009)"), "-w", workspace, "-q").stdout
    assert "learned from 60 conversations (60 recommended items, 60 more are not in the catalogue)" in said
    with Tastemaker.open(workspace) as tm:
        events = list(tm.session(liked=["The Cellar (1974)"]).stream("I like The Cellar", 3))
    assert "conversation" in [event.tool for event in events if isinstance(event, ToolCalled)]
    ranker = Workspace.open(workspace).tool_context().conversation
    assert ranker.record["conversations"] == 60


def test_a_workspace_that_learned_nothing_has_no_ranker(workspace):
    assert Workspace.open(workspace).tool_context().conversation is None


def test_too_little_or_nothing_known_is_said(workspace, log):
    with pytest.raises(DataError, match="no item that is recommended there is in this catalogue"):
        learn(log("Up (2009)"), "-w", workspace, "-q")
    with pytest.raises(DataError, match="5 moments with new items are too few"):
        learn(log("Star Ferry (1982)", n=5), "-w", workspace, "-q")
    assert not Workspace.open(workspace).conversation.exists()
