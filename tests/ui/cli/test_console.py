"""Drawn on a terminal, plain for a pipe; what data says is never read as markup."""

import io

import pytest
from rich.console import Console

from tastemaker.evals.reports.sections import Section, plain_text
from tastemaker.ui.cli import console

PARTS = [Section("Results", "of [bold]two[/] systems", (("system", "n"), [("[red]a[/]", "1"), ("b", "2")]))]


@pytest.fixture
def stream(monkeypatch):
    def use(terminal):
        out = io.StringIO()
        made = Console(file=out, force_terminal=terminal, width=60, markup=False, highlight=False)
        monkeypatch.setattr(console, "_console", lambda stderr=False: made)
        return out

    return use


def test_a_terminal_gets_a_drawn_table(stream):
    out = stream(True)
    console.draw_sections(PARTS, plain_text(PARTS))
    text = out.getvalue()
    assert "[red]a[/]" in text
    assert "\x1b[1m" in text
    assert "|" not in text


def test_a_pipe_gets_the_text_as_it_is(stream):
    out = stream(False)
    console.draw_sections(PARTS, plain_text(PARTS))
    assert out.getvalue() == plain_text(PARTS) + "\n"
    assert "\x1b" not in out.getvalue()


def test_lines_are_not_broken_and_a_spinner_is_a_line(stream):
    out = stream(False)
    console.write("word " * 40)
    console.say_error("no " * 40)
    with console.working("warming up"), console.spinner("thinking"):
        pass
    assert out.getvalue().splitlines() == ["word " * 40, "error: " + "no " * 40, "warming up"]
