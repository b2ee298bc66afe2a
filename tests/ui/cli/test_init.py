"""``tastemaker init``: what it asks, what it writes down, and that the same is built again from it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.ingest.items_file import read_items
from tastemaker.retrieval.ingest.overrides import Overrides, read_overrides
from tastemaker.tools.workspace.workspace import Workspace
from tastemaker.ui.cli.init import correct_items, correct_log
from tastemaker.ui.cli.main import main

ITEMS = (
    "sku;Produkt;Preis;Gewicht;Seit;Lagernd;Farben;Größe\n"
    "1;Lampe;1.299,00 €;1,5 kg;01/02/2020;ja;rot|blau;M\n"
    "2;Tisch;19,99 €;900 g;03/04/2021;nein;rot;S\n"
    "3;Stuhl;auf Anfrage;2 kg;05/06/2019;ja;blau|grün;L\n"
    "4;Regal;89,50 €;12 kg;07/08/2018;ja;grün;XL\n"
)
LOG = "kunde,sku,event\n" + "".join(
    f"k{n % 3},{n % 4 + 1},{'view' if n % 2 else 'return'}\n" for n in range(12)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "items.csv").write_text(ITEMS, encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return tmp_path


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str], *more: str) -> Workspace:
    waiting = iter(answers)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(waiting))
    files = [
        "--items",
        str(folder / "items.csv"),
        "--interactions",
        str(folder / "log.csv"),
        "-w",
        str(folder / "ws"),
    ]
    light = ["--embedding", "hashing", "--recommender", "popularity", "--quiet"]
    monkeypatch.setattr(sys, "argv", ["tastemaker", "init", *files, *light, *more])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert next(waiting, None) is None
    return Workspace.open(folder / "ws")


def test_what_is_said_is_written_and_builds_the_same_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    built = run(folder, monkeypatch, ["Seit = MDY", "nonsense", "", "view = neutral", ""])
    out = capsys.readouterr()
    assert "Lampe (1)\n  Preis: €1,299" in out.out
    assert "  Seit: 2 January 2020" in out.out
    assert "look at Produkt, Seit: the values alone do not decide" in out.err
    assert "not understood: 'nonsense'; write for example: price = number" in out.err
    said = read_overrides(folder / "columns.toml")
    assert (said.items.id, said.items.currencies, said.items.dates) == (
        "sku",
        {"Preis": "EUR"},
        {"Seit": "MDY"},
    )
    assert said.interactions.events == {"view": "neutral"}
    again = read_items(folder / "items.csv", said).catalog
    assert [item.as_dict()["attributes"] for item in again] == [
        {name: value for name, value in item.as_dict()["attributes"].items() if "popularity" not in name}  # type: ignore[attr-defined]
        for item in built.catalog
    ]


def test_yes_asks_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = run(folder, monkeypatch, [], "--yes")
    assert len(built.log) == 12
    assert len(built.interactions) < 12
    assert {item.attributes["Größe"] for item in built.catalog} == {"S", "M", "L", "XL"}
    assert built.catalog.schema["Größe"].order == ("S", "M", "L", "XL")


def test_what_is_not_understood_is_refused() -> None:
    for answer, says in (("price", "write for example"), ("price = colour", "write one of category")):
        with pytest.raises(ConfigError, match=says):
            correct_items(Overrides(), answer)
    with pytest.raises(ConfigError, match="write one of user, item"):
        correct_log(Overrides(), "colour = blue")
