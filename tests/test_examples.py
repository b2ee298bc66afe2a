"""The examples run, and the Python and the commands of the documents are what there is."""

import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest
import typer

from tastemaker.ui.cli.main import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
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
    "conversations": ("## Books", "## Games", "## Recipes", "## A shop", "## Jobs"),
}


def test_every_example_is_run():
    assert {file.stem for file in (ROOT / "examples").glob("*.py")} == {*EXAMPLES, "small_shop"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.wire] if name == "openai_client" else []) for name in EXAMPLES],
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
