"""`tastemaker eval dialogues` from end to end on the small film workspace."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from tastemaker.evals.runs.run_folder import read_run
from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError
from tastemaker.ui.cli.evals.app import eval_app

TITLES = [
    "Harbour Lights (1994)",
    "The Long Verdict (1957)",
    "Night Train North (1996)",
    "Paper Moons (1988)",
    "Grave Company (1995)",
    "Second Harvest (1999)",
    "Star Ferry (1982)",
    "The Cellar (1974)",
]


def run(*arguments):
    result = CliRunner().invoke(eval_app, ["dialogues", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def moment(n):
    pair = 2 * (n // 2 % 4)
    liked, named = TITLES[pair : pair + 2]
    return {
        "id": f"m{n}",
        "conversation": f"g{n // 2}",
        "context": [
            {"speaker": "recommender", "text": "What do you like?"},
            {"speaker": "seeker", "text": f"I loved {liked}, now something tense please"},
        ],
        "mentioned": [{"item": liked, "sentiment": "liked"}],
        "gold": [named, liked, *["Up (2009)"] * (n == 0)],
        "response": f"Then see {named}.",
    }


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(moment(n)) + "\n" for n in range(80)), encoding="utf-8")
    return path


@pytest.fixture
def asked(log, film_workspace):
    def make(*more):
        return run("--data-file", log, "-w", film_workspace.path, "-q", *more)

    return make


def test_all_usual_systems_on_the_same_rows(asked, tmp_path):
    out = tmp_path / "out"
    found = asked("--folds", 5, "--out", out, "--json", tmp_path / "figures.json", "--baseline", "popularity")
    assert "80 cases of 40 conversations; 161 items to find, 1 of them outside the catalogue" in found.stderr
    names = ["copy", "popularity", "lexical", "dense", "rank", "conversation", "agent"]
    for name in names:
        head, rows = read_run(out / name)
        assert (head["system"], len(rows)) == (name, 80)
        assert not [row["error"] for row in rows if row["error"]]
        assert name in found.stdout
    assert {row["metrics"]["recall@50"] for row in read_run(out / "copy")[1]} == {0}
    assert read_run(out / "copy")[1][0]["metrics"]["all.recall@1"] == pytest.approx(1 / 3)  # m0: one of three
    learned = read_run(out / "conversation")[1]
    assert sum(row["metrics"]["recall@1"] for row in learned) >= 70  # what goes with what is easily learned
    (out / "report.html").read_text(encoding="utf-8").index("conversation")
    (out / "report.md").read_text(encoding="utf-8").index("conversation")
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["baseline"] == "popularity"
    assert str(tmp_path) not in json.dumps(figures)


def test_the_agent_ranks_all_it_found_and_hides_what_was_mentioned(asked, tmp_path):
    asked("--out", tmp_path / "out", "--systems", "agent", "--no-learned", "--limit", 10)
    head, rows = read_run(tmp_path / "out" / "agent")
    assert head["parameters"] == {
        "llm": "rules",
        "effort": "balanced",
        "words": "model",
        "learned": False,
        "recommender": "popularity",
    }
    assert head["prompts"]
    for row in rows:
        assert len(row["items"]) == 11  # all twelve but the one that was mentioned
        assert not set(row["gold"]) - set(row["new"]) & set(row["items"])
        assert row["first_seconds"] <= row["seconds"]
        assert row["usage"]["calls"] == 0
        assert {event["kind"] for event in row["trace"]} >= {"understood", "tool"}


def test_a_run_goes_on_where_it_was(asked, tmp_path):
    out = tmp_path / "out"
    asked("--out", out, "--systems", "copy")
    lines = (out / "copy" / "rows.jsonl").read_bytes().splitlines(keepends=True)
    (out / "copy" / "rows.jsonl").write_bytes(b"".join(lines[:30]) + lines[30][:20])  # as a kill leaves it
    asked("--out", out, "--systems", "copy")
    again = (out / "copy" / "rows.jsonl").read_bytes().splitlines(keepends=True)
    assert again[:30] == lines[:30]
    assert sorted(json.loads(line)["case"] for line in again) == sorted(f"m{n}" for n in range(80))


def test_another_run_does_not_go_into_the_same_folder(asked, tmp_path):
    asked("--out", tmp_path / "out", "--systems", "copy")
    with pytest.raises(WorkspaceError, match="holds another run: its data is"):
        asked("--out", tmp_path / "out", "--systems", "copy", "--limit", 10)
    with pytest.raises(WorkspaceError, match="its seed is"):
        asked("--out", tmp_path / "out", "--systems", "copy", "--seed", 3)


def test_a_callable_is_a_system_and_its_failures_are_rows(asked, tmp_path, monkeypatch):
    (tmp_path / "their_bot.py").write_text(
        "def recommend(told):\n"
        "    if 'Night' in told['mentioned'][0]:\n        raise OSError('down')\n"
        "    return ['Star Ferry (1982)', 'Up (2009)']\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = asked("--out", tmp_path / "out", "--systems", "copy,their_bot:recommend")
    _, rows = read_run(tmp_path / "out" / "their_bot-recommend")
    failed = [row for row in rows if row["error"]]
    assert len(failed) == 20
    assert {row["error"].split(" (")[0] for row in failed} == {"OSError: down"}
    assert {row["metrics"]["recall@50"] for row in failed} == {0}
    assert rows[0]["outside"] == ["Up (2009)"]
    assert "their_bot" in found.stdout


def test_the_schema_is_printed():
    assert json.loads(run("--schema").stdout)["required"] == ["id", "context", "gold"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--systems", "popularty"], "popularity"),
        (["--systems", "copy,copy"], "different systems"),
        (["--systems", ","], "one or more"),
        (["--systems", "copy", "--baseline", "rank"], "not among the systems"),
        (["--systems", "copy", "--limit", "0"], "--limit must be at least 1"),
        (["--systems", "copy", "--workers", "0"], "--workers must be at least 1"),
        (["--systems", "model"], "needs a language model"),
        (["--systems", "agent", "--no-learned", "--effort", "lazy"], "lazy"),
        (["--systems", "http://127.0.0.1:1/v1"], "names no model"),
        (["--systems", "absent_module:f"], "no callable"),
        (["--systems", "copy", "--format", "redail"], "redial"),
        (["--systems", "conversation"], "--learn-from FILE"),
        (["--folds", "1"], "--folds must be at least 2"),
        (["--folds", "5", "--time-split", ".6"], "--folds and --time-split exclude each other"),
        (["--time-split", "1.5"], "between 0 and 1, got 1.5"),
    ],
)
def test_what_is_not_allowed_is_said_before_anything_is_asked(asked, tmp_path, arguments, said):
    with pytest.raises(ConfigError, match=said):
        asked("--out", tmp_path / "out", *arguments)
    assert not list(tmp_path.glob("out/*/rows.jsonl"))


def test_a_system_that_cannot_be_had_is_said_before_the_others_are_asked(asked, tmp_path):
    with pytest.raises(ConfigError, match="no callable"):
        asked("--out", tmp_path / "out", "--systems", "copy,absent_module:f")
    assert not list(tmp_path.glob("out/*/rows.jsonl"))


def test_file_and_workspace_are_needed(film_workspace, tmp_path):
    with pytest.raises(ConfigError, match="--data-file FILE --workspace W"):
        run("-w", film_workspace.path)
    with pytest.raises(DataError, match="no such file"):
        run("-w", film_workspace.path, "--data-file", tmp_path / "absent.jsonl")


SLOW_BOT = """
import time

def recommend(told):
    time.sleep(0.05)
    return [told["mentioned"][0], "Star Ferry (1982)"]
"""


def test_killed_in_the_middle_no_row_is_lost_and_none_twice(log, film_workspace, tmp_path):
    (tmp_path / "slow_bot.py").write_text(SLOW_BOT)
    command = [
        sys.executable,
        "-m",
        "tastemaker.ui.cli.main",
        "eval",
        "dialogues",
        "--data-file",
        str(log),
        "-q",
        "-w",
        str(film_workspace.path),
        "--systems",
        "slow_bot:recommend",
        "--out",
        str(tmp_path / "out"),
    ]
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    rows = tmp_path / "out" / "slow_bot-recommend" / "rows.jsonl"
    child = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while not (rows.exists() and rows.read_bytes().count(b"\n") >= 10) and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    kept = rows.read_bytes().splitlines(keepends=True)
    assert 10 <= len(kept) < 80
    again = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    whole = [line for line in kept if line.endswith(b"\n")]
    lines = rows.read_bytes().splitlines(keepends=True)
    assert lines[: len(whole)] == whole
    assert sorted(json.loads(line)["case"] for line in lines) == sorted(f"m{n}" for n in range(80))
