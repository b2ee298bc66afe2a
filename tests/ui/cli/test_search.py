"""``tastemaker search`` as a person meets it."""

import json
import sys

import pytest

from tastemaker.retrieval.search.request import Hit, Matched, SearchResult
from tastemaker.ui.cli.main import main
from tastemaker.ui.cli.search import format_result


@pytest.fixture
def run(monkeypatch, capsys, film_workspace):
    def call(*words):
        monkeypatch.setattr(sys, "argv", ["tastemaker", "search", "-w", str(film_workspace.path), *words])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code or 0
        out, err = capsys.readouterr()
        return status, out, err

    return call


def test_json_has_the_documented_fields(run):
    status, out, _ = run(
        "a jury argues", "--where", "year < 1960", "--like", "Harbour Lights", "-k", "3", "--json"
    )
    assert status == 0
    answer = json.loads(out)
    assert set(answer) == {"items", "seconds", "notes", "understood"}
    assert [item["title"] for item in answer["items"]] == ["The Long Verdict (1957)"]
    assert set(answer["items"][0]) == {"id", "title", "score", "matched", "also"}
    assert {"field": "premise", "values": ["jury", "argues"], "cosine": None} in answer["items"][0]["matched"]


def test_text_names_title_and_reason(run):
    status, out, _ = run(
        "a jury argues", "-k", "2", "--avoid", "trains", "--unlike", "2", "--at-most", "director=1"
    )
    assert status == 0
    assert "2 found in" in out
    _, out, _ = run("a jury argues", "-k", "1")
    assert "The Long Verdict (1957)" in out
    assert "premise has “jury”, “argues”" in out


def test_nothing_found_says_what_would_free_something(run):
    status, out, _ = run("a clown", "--where", "genres is Comedy and year at least 1995")
    assert status == 0
    assert "no item is left under" in out
    assert "0 found" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the search is empty"),
        (("x", "-k", "0"), "k is 0"),
        (("x", "--where", "genre is x"), "did you mean 'genres'"),
        (("--like", "Harbour Lights Forever"), "Harbour Lights"),
        (("--like", "Twin Rivers"), "Twin Rivers (1990) or Twin Rivers (2005)"),
        (("x", "--at-most", "director"), "FIELD=N"),
    ],
)
def test_errors_are_one_line(run, words, said):
    status, _, err = run(*words)
    assert status == 2
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("error: ")
    assert said in err


def test_no_line_is_wider_than_the_terminal():
    matched = (Matched("premise", tuple(f"word{n}" for n in range(40))), Matched("themes", ("a tag",), 0.5))
    text = format_result(
        SearchResult((Hit("1", "A title " * 12, 0.5, matched),), 0.01, ("a note " * 20,)), width=60
    )
    assert max(map(len, text.splitlines())) <= 60
    assert "“a tag” is close (.50)" in text
