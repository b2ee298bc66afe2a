"""The examples run, and the README's Python does."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_own_catalogue(capsys):
    runpy.run_path(str(ROOT / "examples" / "own_catalogue.py"))
    said = capsys.readouterr().out
    assert "Nothing in this catalogue meets" in said
    assert "Iron pan" in said


def test_the_readmes_python_runs_as_printed(film_workspace, monkeypatch, capsys):
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    code = block.replace('"shop"', repr(str(film_workspace.path))).replace('llm="local"', 'llm="rules"')
    exec(code.replace("Heat (1995)", "Harbour Lights (1994)"), {})
    said = capsys.readouterr().out
    assert "understood" in said
    assert ".jsonl" in said


def test_every_command_of_the_readme_exists():
    from tastemaker.ui.cli import app

    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    said = re.findall(r"`tastemaker (\w+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(said) <= known
