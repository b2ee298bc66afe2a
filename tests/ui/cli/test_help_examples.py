"""Every command's help ends with two examples, and every example is one that the command reads."""

import shlex

import pytest
import typer

from tastemaker.ui.cli.help_examples import EXAMPLES
from tastemaker.ui.cli.main import app

COMMAND = typer.main.get_command(app)
OWN = sorted(set(COMMAND.commands) - {"eval"})


@pytest.mark.parametrize("name", OWN)
def test_examples_are_read_by_the_command(name):
    assert len(EXAMPLES[name]) == 2
    for example in EXAMPLES[name]:
        program, said, *words = shlex.split(example)
        assert (program, said) == ("tastemaker", name)
        COMMAND.commands[name].make_context(name, list(words))


def test_help_shows_them_as_they_are_typed(capsys):
    with pytest.raises(SystemExit):
        app(["search", "--help"])
    shown = capsys.readouterr().out
    assert all(f"  {example}\n" in shown for example in EXAMPLES["search"])


def test_every_default_of_llm_is_the_same():
    groups = [COMMAND, COMMAND.commands["eval"]]
    defaults = {
        name: parameter.default
        for group in groups
        for name, command in group.commands.items()
        for parameter in command.params
        if parameter.name == "llm" and parameter.default is not None
    }
    assert set(defaults.values()) == {"rules"}
    assert {"chat", "web", "mcp", "recommend", "dialogues"} <= defaults.keys()
