"""`tastemaker eval requests` from end to end on the small film workspace."""

import json

import pytest
from typer.testing import CliRunner

from tastemaker.evals.runs.run_folder import read_run
from tastemaker.retrieval.errors import ConfigError, DataError, WorkspaceError
from tastemaker.ui.cli.evals.app import eval_app

ROWS = [
    {
        "id": f"{name}{turn}",
        "conversation": name,
        "turn": turn,
        "message": message,
        "earlier": ["a thriller please"] if turn == 2 else [],
        "shown": [9, 4] if turn == 2 else [],
        "kind": "plot",
        "relevant": {"2": [1, 3, 12], "1": [5]},
        "ideal_form": {"hard": ["thriller"], "query": "killer", "scope": "new" if turn == 1 else "refine"},
    }
    for name in ("a", "b", "c")
    for turn, message in ((1, "a thriller please"), (2, "more like that, but older"))
]


def run(*arguments, command="requests"):
    result = CliRunner().invoke(eval_app, [command, *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "requests.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def asked(file, film_workspace):
    def make(*more):
        return run("--data-file", file, "-w", film_workspace.path, "-q", *more)

    return make


def test_all_systems_a_report_and_a_page(asked, tmp_path, film_workspace):
    out, page = tmp_path / "out", tmp_path / "judge.html"
    found = asked("--out", out, "--json", tmp_path / "f.json", "--judge", page, "--baseline", "bot")
    assert "6 requests in 3 conversations" in found.stderr
    for name in ("agent", "bot", "popularity", "ideal"):
        head, rows = read_run(out / name)
        assert (head["kind"], head["system"], len(rows)) == ("requests", name, 6)
        assert not [row["error"] for row in rows if row["error"]]
        answers = [json.loads(line) for line in (out / name / "answers.jsonl").read_text().splitlines()]
        assert {one["id"] for one in answers} == {row["id"] for row in ROWS}
    figures = json.loads((tmp_path / "f.json").read_text())
    assert figures["baseline"] == "bot"
    ideal = figures["runs"]["ideal"]
    assert ideal["groups"]["turn"]["1"]["precision@5"]["mean"] == pytest.approx(0.6)
    assert ideal["metrics"]["kept"]["mean"] == 1
    assert ideal["honesty"]["false_abstention"] == "3 of 6"  # all four thrillers were shown the turn before
    report = (out / "report.html").read_text(encoding="utf-8")
    for heading in ("By turn", "By scope", "By kind", "Honesty", "Lists: agent"):
        assert heading in report
    assert "Download requests.jsonl" in page.read_text(encoding="utf-8")
    assert run(out, command="report").exit_code == 0
    assert "Honesty" in (out / "report.md").read_text(encoding="utf-8")
    judged = run(out / "agent", "-w", film_workspace.path, command="judge")
    assert judged.exit_code == 0


def test_answers_of_a_file_are_a_system(asked, tmp_path):
    asked("--out", tmp_path / "out", "--systems", "bot")
    theirs = tmp_path / "theirs.jsonl"
    theirs.write_text((tmp_path / "out" / "bot" / "answers.jsonl").read_text())
    asked("--out", tmp_path / "out", "--systems", f"bot,{theirs}", "--baseline", theirs)
    rows = [read_run(tmp_path / "out" / name)[1] for name in ("bot", "theirs.jsonl")]
    assert [row["items"] for row in rows[0]] == [row["items"] for row in rows[1]]


def test_given_lists_are_another_run(asked, tmp_path):
    asked("--out", tmp_path / "out", "--systems", "agent", "--shown", "given")
    rows = {row["case"]: row for row in read_run(tmp_path / "out" / "agent")[1]}
    assert not {"9", "4"} & set(rows["a2"]["items"])
    with pytest.raises(WorkspaceError, match="its parameters"):
        asked("--out", tmp_path / "out", "--systems", "agent")


def test_the_schema_is_printed():
    assert json.loads(run("--schema").stdout)["required"] == ["id", "message", "relevant"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--systems", "populrity"], "popularity"),
        (["--systems", "bot,bot"], "different systems"),
        (["--systems", "bot", "--baseline", "ideal"], "not among the systems"),
        (["--shown", "theirs"], "no list 'theirs'"),
        (["--limit", "0"], "--limit must be at least 1"),
        (["--workers", "0"], "--workers must be at least 1"),
        (["--systems", "agent", "--effort", "lazy"], "lazy"),
    ],
)
def test_what_is_not_possible_is_said(arguments, said, asked):
    with pytest.raises(ConfigError, match=said):
        asked(*arguments)


def test_a_form_is_needed_for_ideal_and_a_file_for_all(film_workspace, tmp_path):
    with pytest.raises(ConfigError, match="--data-file FILE --workspace W"):
        run("-w", film_workspace.path)
    with pytest.raises(DataError, match="no such file"):
        run("-w", film_workspace.path, "--data-file", tmp_path / "absent.jsonl")
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"id": "x", "message": "y", "relevant": {"2": [1]}}) + "\n")
    with pytest.raises(ConfigError, match="needs ideal_form"):
        run("-w", film_workspace.path, "--data-file", path, "-q")
