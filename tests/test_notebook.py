"""The notebook of `examples/` runs from its first cell to its last, on a sample as small as can be."""

import json
from pathlib import Path

import pytest

LIKED = ["Harbour Lights (1994)", "Night Train North (1996)", "Grave Company (1995)", "Star Ferry (1982)"]
NAMED = ["The Long Verdict (1957)", "Paper Moons (1988)", "Second Harvest (1999)", "The Cellar (1974)"]
STORIES = ["a lighthouse keeper", "three sisters", "an old detective", "two lost dogs", "a travelling circus"]
NOTEBOOK = Path(__file__).parents[1] / "examples" / "evaluation.ipynb"


def code_cells():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run_cells(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(f"TASTEMAKER_{name}", str(value))
    names = {}
    for cell in code_cells():
        exec(cell, names)
    return names


@pytest.fixture
def make_talks(tmp_path):
    """A file of a hundred conversations at their times: whoever likes a film is told the one beside it."""

    def make():
        rows = [
            {
                "id": f"m{n}",
                "conversation": str(n),
                "context": [
                    {
                        "speaker": "seeker",
                        "text": f"Number {n} here, I loved {LIKED[n % 4]} when I was {n} and {STORIES[n % 5]} in it, "
                        f"please find me one for evening {n} with less talk, {n} of us will watch",
                    }
                ],
                "mentioned": [LIKED[n % 4]],
                "gold": [NAMED[n % 4]],
                "time": f"2026-01-{n // 10 + 1:02}T00:00:00Z",
            }
            for n in range(100)
        ]
        path = tmp_path / "talks.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return make


@pytest.mark.parametrize("with_talks", [False, True])
def test_the_notebook_runs_on_a_sample(with_talks, film_workspace, make_talks, tmp_path, monkeypatch, capsys):
    talks = make_talks() if with_talks else None
    more = {"TALKS": talks, "TALKS_WORKSPACE": film_workspace.path} if talks else {}
    told = run_cells(
        monkeypatch, WORKSPACE=film_workspace.path, SAMPLE=8, EPOCHS=1, RUNS=tmp_path / "runs", **more
    )
    assert list(told["next_item"].frame().index) == ["popularity", "ease", "sasrec"]
    assert set(told["less"]["system"]) == {"ease", "sasrec"}
    assert ("no TASTEMAKER_TALKS" in capsys.readouterr().out) is not with_talks
    systems = ["popularity", "conversation", "agent"] if with_talks else list(told["simulated"].frame().index)
    assert list(told["report"].frame().index) == systems
    page = (tmp_path / "runs" / "report.html").read_text(encoding="utf-8")
    assert 'id="cases-head"' in page
    assert 'id="cases-head"' in (tmp_path / "runs" / "next-item" / "report.html").read_text(encoding="utf-8")


def test_the_notebook_is_kept_without_outputs():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
