"""The examples run, and the Python and the commands of the documents are what there is."""

import re
import runpy
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from tastemaker.ui.cli.main import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def has_ray_serve():
    # smart_open comes with Ray's extra for serving and with none of its others
    return bool(find_spec("ray")) and all(map(find_spec, ("ray.serve", "smart_open")))


EXAMPLES = {
    "own_catalogue": ("nothing fits", "Iron pan"),
    "books": ("The Harbour Case",),
    "ranking_without_a_model": ("Dome tent", "Iron pan"),
    "batch": ("24 people", "'user': 'u0'"),
    "langchain_agent": ("tools: recommend, search, inspect, profile", "Candle lantern", "Take the lantern."),
    "mcp_client": ("tools: recommend",),
    "custom_tool": ("cheapest(where=", "Solar string"),
    "custom_recommender": ("8  Summer blanket",),
    "evaluate_a_competitor": ("competitor-answer {'ndcg@10': ",),
    "servers": ("seen by the other process",),
    "openai_client": ("1. **",),
    "ray_serve": ("['Gas stove'",),
    "conversations": ("## Books", "## Games", "## Recipes", "## A shop", "## Jobs"),
}


MARKS = {
    "openai_client": [pytest.mark.wire],
    "ray_serve": [
        pytest.mark.wire,
        pytest.mark.filterwarnings("ignore"),  # Ray leaves processes and sockets to be collected
        pytest.mark.skipif(not has_ray_serve(), reason="no Ray Serve: pip install 'tastemaker[ray]'"),
    ],
}


def test_every_example_is_run():
    assert {file.stem for file in (ROOT / "examples").glob("*.py")} == {*EXAMPLES, "small_shop"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=MARKS.get(name, ())) for name in EXAMPLES],
)
def test_an_example_says_what_it_should(name, capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    monkeypatch.setattr(sys, "argv", [name])
    runpy.run_path(str(ROOT / "examples" / f"{name}.py"), run_name="__main__")
    said = capsys.readouterr().out
    for one in EXAMPLES[name]:
        assert one in said


def blocks(language):
    return [
        (file, block)
        for file in DOCUMENTS
        for block in re.findall(rf"```{language}\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("file", "block"),
    [
        pytest.param(file, block, id=f"{file.stem}-{number}")
        for number, (file, block) in enumerate(blocks("python"))
        if block.startswith("from tastemaker") and "run_dialogues" not in block
    ],
)
def test_the_documents_python_runs_as_printed(file, block, film_workspace, capsys):
    code = re.sub(r'"(shop|workspaces/ml-100k)"', lambda _: repr(str(film_workspace.path)), block)
    exec(code.replace('llm="local"', 'llm="rules"').replace("Heat (1995)", "Harbour Lights (1994)"), {})
    assert capsys.readouterr().out


def commands():
    for file, block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "tastemaker":
                yield pytest.param(words[1:], id=f"{file.stem}: {' '.join(words[1:4])}")


@pytest.mark.parametrize("words", list(commands()))
def test_the_documents_commands_are_read_as_printed(words):
    command = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context("tastemaker", words)


RUNNABLE = frozenset({"init", "build", "search", "recommend"})
"""Programs that end; servers are started in their own tests, and `eval` needs data that is not in the repository."""


def runnable():
    for given in commands():
        words = given.values[0]
        here = not any(
            "://" in word or word == "--ray" for word in words
        )  # those with a server: test_batch_ranking
        if words[0] in RUNNABLE and "--data" not in words and here:
            yield given


@pytest.mark.wire
@pytest.mark.parametrize("words", list(runnable()))
def test_the_documents_commands_run(words, film_workspace, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    from small_shop import ITEMS, LOG

    (tmp_path / "items.csv").write_text(ITEMS)
    (tmp_path / "log.csv").write_text(LOG)
    pq.write_table(pa.table({"user": ["anna"], "items": [["1"]]}), tmp_path / "people.parquet")
    if words[0] not in ("init", "build"):
        (tmp_path / "workspaces").mkdir()
        for place in ("shop", "workspaces/ml-100k"):
            (tmp_path / place).symlink_to(film_workspace.path)
    films = {"Heat (1995)": "Harbour Lights (1994)", "The Usual Suspects (1995)": "Night Train North (1996)"}
    said = [films.get(word, word) for word in words]
    told = CliRunner().invoke(app, [*said, "--yes"] if words[0] == "init" else said)
    assert told.exit_code == 0, (told.output, told.exception)
    assert told.output


def test_every_command_that_is_named_exists():
    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    for file in DOCUMENTS:
        said = re.findall(r"`tastemaker (\w+)[` ]", file.read_text(encoding="utf-8"))
        assert set(said) <= known, file.name


def test_the_readme_is_one_screen_and_its_picture_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / target).exists(), target
