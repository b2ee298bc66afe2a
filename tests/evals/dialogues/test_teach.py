"""A workspace that learns from its own sessions, night after night."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tastemaker.agent import Tastemaker, ToolCalled
from tastemaker.agent.feedback_moments import read_moments
from tastemaker.evals.dialogues.teach import teach
from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError
from tastemaker.tools.conversation_ranker.lesson_store import NAME, read_lessons
from tastemaker.tools.dialogue_context import DialogueContext
from tastemaker.tools.workspace.build import build_workspace, rewrite
from tastemaker.tools.workspace.workspace import Workspace

NEW = "12"
DAYS, A_DAY = 20, 12


@pytest.fixture
def workspace(tmp_path, film_catalog, film_log):
    path = tmp_path / "w"
    build_workspace(
        path, film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    return path


def fashion_of(day):
    """A film is in fashion for two days; the new one was never named before the last day."""
    return str(day // 2 % 10 + 1) if day < DAYS else NEW


def session(folder, day, number, taken):
    """Somebody names one film, asks for another, and takes one of those shown."""
    random = np.random.default_rng([day, number])
    liked = fashion_of(day) if random.random() < 0.5 else str(random.integers(1, 12))
    if taken is None:
        taken = fashion_of(day) if liked != fashion_of(day) else str(random.integers(1, 12))
    at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=5 * number)).isoformat()
    name = f"s{day}-{number}"
    lines = [
        {"kind": "liked", "item": liked, "turn": None, "rank": None},
        {
            "kind": "turn",
            "turn": 1,
            "message": f"what else is there for evening {number}",
            "k": 3,
            "state": {"profile": {"likes": [liked]}, "messages": []},
        },
        {"kind": "shown", "turn": 1, "item": taken, "rank": 1},
        {"kind": "chosen", "item": taken, "turn": 1, "rank": 1},
    ]
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.jsonl").write_text(
        "".join(json.dumps({"session": name, "at": at} | one) + "\n" for one in lines)
    )


def best_for(workspace, said="what else is there"):
    context = Workspace.open(workspace).tool_context()
    scores = context.conversation.scores(DialogueContext((said,)))
    return context.catalog.ids[int(np.argmax(scores))]


def test_a_new_film_that_people_begin_to_name_is_recommended_within_a_day(workspace):
    log = workspace / "feedback"
    for day in range(DAYS):
        for number in range(A_DAY):
            session(log, day, number, None)
    teach(workspace, feedback=log)
    assert best_for(workspace) != NEW
    for number in range(A_DAY):
        session(
            log, DAYS, number, str(number % 11 + 1)
        )  # half of the people name it that day, nobody takes it
    taught = teach(workspace, feedback=log, go_on=True)
    assert (taught.conversations, taught.feedback.events) == (252, 1008)
    ranker = Workspace.open(workspace).tool_context().conversation
    assert ranker.record["half_life"] < 3  # days
    assert best_for(workspace) == NEW
    with Tastemaker.open(workspace) as tm:
        events = list(tm.session().stream("what else is there", 3))
    assert "conversation" in [event.tool for event in events if isinstance(event, ToolCalled)]


def test_a_session_teaches_what_was_named_and_what_followed(tmp_path, film_catalog):
    session(tmp_path / "log", 0, 1, "7")
    with (tmp_path / "log" / "s0-1.jsonl").open("a") as file:
        for kind, item, turn in (("opened", "9", 1), ("disliked", "5", None), ("liked", "gone", None)):
            line = {
                "session": "s0-1",
                "at": "2026-01-02T00:00:00Z",
                "kind": kind,
                "item": item,
                "turn": turn,
                "rank": 1,
            }
            file.write(json.dumps(line) + "\n")
    found = read_moments(tmp_path / "log", film_catalog, newest=10)
    (moment,) = found.moments
    liked, *rest = moment.dialogue.mentioned
    assert (moment.named, rest, moment.dialogue.disliked) == (("7",), ["5"], ("5",))
    assert moment.dialogue.said == ("what else is there for evening 1",)
    assert (found.events, found.sessions, found.unknown) == (7, 1, 1)
    session(tmp_path / "log", 3, 1, "8")
    older, newest = read_moments(tmp_path / "log", film_catalog, newest=1).moments
    assert (older.dialogue.said, older.named, older.dialogue.mentioned) == ((), (), (liked, "5", "7"))
    assert newest.named == ("8",)
    assert newest.time - older.time == pytest.approx(3)
    with pytest.raises(DataError, match="no logged sessions there"):
        read_moments(tmp_path / "elsewhere", film_catalog, newest=1)


def talks(path, first, n):
    rows = [
        {
            "id": str(k),
            "context": [{"speaker": "seeker", "text": f"I like The Cellar, {k}"}],
            "mentioned": ["The Cellar (1974)"],
            "gold": ["Twin Rivers (2005)"],
        }
        for k in range(first, first + n)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_it_goes_on_from_what_it_learned_also_after_a_build(workspace, tmp_path, film_catalog, film_log):
    may, june = talks(tmp_path / "may.jsonl", 0, 40), talks(tmp_path / "june.jsonl", 100, 20)
    teach(workspace, may)
    taught = teach(workspace, june, go_on=True)
    assert (taught.conversations, taught.earlier) == (60, 40)
    assert teach(workspace, june, go_on=True).conversations == 60  # the same file again adds nothing
    files = Workspace.open(workspace).tool_context().conversation.record["files"]
    assert [one["name"] for one in files] == ["may.jsonl", "june.jsonl"]
    opened = Workspace.open(workspace)
    with rewrite(opened, "conversation"):  # as an older version left it
        config = opened.conversation / "config.json"
        config.write_text(config.read_text().replace('"lately",', ""))
    with pytest.raises(WorkspaceError, match="run `tastemaker learn` again"):
        opened.tool_context()
    assert teach(workspace, go_on=True).conversations == 60
    build_workspace(
        workspace, film_catalog, film_log, recommender="ease", embedding="hashing", progress=False
    )
    assert Workspace.open(workspace).tool_context().conversation is None
    assert teach(workspace, go_on=True).conversations == 60
    assert teach(workspace, may).conversations == 40  # from the beginning
    assert len(read_lessons(workspace, film_catalog)) == 40


def test_too_few_sessions_leave_the_ranker_as_it_was(workspace, tmp_path, film_catalog):
    session(workspace / "feedback", 0, 1, "7")
    assert not teach(workspace, feedback=workspace / "feedback").fitted
    assert Workspace.open(workspace).tool_context().conversation is None
    assert not (workspace / NAME).exists()
    with pytest.raises(ConfigError, match="or --feedback"):
        teach(workspace)
    with pytest.raises(DataError, match="nothing was learned before"):
        teach(workspace, go_on=True)
