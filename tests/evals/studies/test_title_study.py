"""Measuring how typed titles are linked."""

import json
from pathlib import Path

import pytest

from tastemaker.evals.benchmarks.titles import measure
from tastemaker.evals.studies.titles.title_study import everyday_words, fit, is_part_of_title, report
from tastemaker.evals.studies.titles.title_tally import ask, thirds
from tastemaker.evals.studies.titles.typed_titles import Redial, TypedTitle, load_redial, right
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.titles.resolver import TitleResolver

TITLES = [
    "Heat (1995)",
    "Titanic (1997)",
    "Titanic (1953)",
    "Fargo (1996)",
    "Alien (1979)",
    "Harry Potter and the Cup",
]
FILMS = Catalog([Item(title, title, {}) for title in TITLES], Schema(attributes=()))
RESOLVER = TitleResolver(FILMS)


def typed(
    text: str, *meant: str, dialogue: int = 1, message: int = 0, namesakes: tuple[str, ...] = ()
) -> TypedTitle:
    return TypedTitle(dialogue, message, 0, text, frozenset(meant), frozenset(namesakes))


TITANICS = ("Titanic (1997)", "Titanic (1953)")
LABELS = (
    typed("heat", "Heat (1995)"),
    typed("Titanic", *TITANICS, namesakes=TITANICS, message=1),
    typed("Fargo", "Fargo (1996)", dialogue=2),
    typed("Barbie", dialogue=2, message=1),
)
REDIAL = Redial(
    FILMS,
    {
        (1, 0): "heat was great, I saw @12",
        (1, 1): "Titanic",
        (2, 0): "Fargo was great",
        (2, 1): "Barbie again and again",
    },
    ((1, "Alien (1979)"), (1, "Heat (1995)"), (2, "Fargo (1996)")),
    LABELS,
)


def test_right_names_only_what_is_meant_and_all_of_a_name() -> None:
    both = RESOLVER.resolve("titanic")
    assert right(both, typed("titanic", *TITANICS, namesakes=TITANICS))
    assert not right(RESOLVER.resolve("Titanic 1997"), typed("titanic", *TITANICS, namesakes=TITANICS))
    assert not right(both, typed("titanic", "Titanic (1997)"))
    assert not right(RESOLVER.resolve("Barbie"), typed("Barbie"))


def test_what_is_gone_should_be_none() -> None:
    gone = typed("fargo", "Fargo (1996)").without(frozenset({"Fargo (1996)"}))
    tally = ask(RESOLVER, gone)
    assert (tally.linked, tally.right, tally.wanted) == (1, 0, 0)


def test_namesakes_go_together() -> None:
    for _, gone in thirds(FILMS):
        assert gone >= set(TITANICS) or not gone & set(TITANICS)
        assert 1 <= len(gone) <= 2


def test_a_series_or_short_name_is_less_than_a_title() -> None:
    assert is_part_of_title(typed("harry", "Harry Potter and the Cup"), FILMS)
    assert not is_part_of_title(typed("the heat", "Heat (1995)"), FILMS)
    assert not is_part_of_title(typed("Barbie"), FILMS)


def test_report_counts_the_halves_apart() -> None:
    lines = {line.split(" |")[0]: line for line in report(REDIAL)}
    assert lines["| held out, all"].startswith("| held out, all | 2 | 2 | 2 | 1.000")
    assert lines["| held out, titles in whole messages"].endswith(
        "| 1 | 1 | 1.000 [1.000, 1.000] | 0.500 [0.500, 0.500] |"
    )
    assert lines["| fitted on, all"].startswith("| fitted on, all | 2 | 1 | 1 | 1.000")


def test_fit_reads_the_even_half_only(tmp_path: Path) -> None:
    fit(REDIAL, tmp_path)
    curve = json.loads((tmp_path / "title-scores.json").read_text())
    assert curve["probability"] == sorted(curve["probability"])
    assert (tmp_path / "everyday-words.txt").read_text().split() == ["again", "and", "great", "was"]
    assert "heat" not in everyday_words(REDIAL)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"id2info\.json"):
        load_redial(tmp_path)


def test_labels_of_another_edition_are_refused(tmp_path: Path) -> None:
    (tmp_path / "id2info.json").write_text(json.dumps({"1": {"name": "Heat (1995)"}}))
    dialogue = {
        "conversationId": "15266",
        "messages": [{"turn_id": 7, "text": "other words"}],
        "movieMentions": {},
    }
    (tmp_path / "valid_data.jsonl").write_text(json.dumps(dialogue) + "\n")
    with pytest.raises(DataError, match="another edition"):
        load_redial(tmp_path)


def test_bench_prints_a_line_per_kind_of_mention() -> None:
    lines = measure(300)
    assert [line.split(" | ")[3] for line in lines] == ["spelled right", "misspelt", "not there"]
