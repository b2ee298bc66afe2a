"""The examples run, and the README's Python does."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_own_catalogue(capsys):
    runpy.run_path(str(ROOT / "examples" / "own_catalogue.py"))
    said = capsys.readouterr().out
    assert "Nothing in this catalogue meets" in said
    assert "Iron pan" in said


BLOCKS = [
    block
    for block in re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    if block.startswith("from tastemaker")  # the others continue one of these
]


@pytest.mark.parametrize(
    ("block", "said"), list(zip(BLOCKS, [("understood", ".jsonl"), ("[",)], strict=True))
)
def test_the_readmes_python_runs_as_printed(block, said, film_workspace, capsys):
    code = re.sub(r'"(shop|workspaces/ml-100k)"', lambda _: repr(str(film_workspace.path)), block)
    exec(code.replace('llm="local"', 'llm="rules"').replace("Heat (1995)", "Harbour Lights (1994)"), {})
    out = capsys.readouterr().out
    for one in said:
        assert one in out


def test_every_command_of_the_readme_exists():
    from tastemaker.ui.cli.main import app

    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    said = re.findall(r"`tastemaker (\w+)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert set(said) <= known
