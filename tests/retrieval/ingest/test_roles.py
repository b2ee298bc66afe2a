"""Which column is what, by name and by content; published schemas in miniature."""

from __future__ import annotations

from pathlib import Path

import pytest

from tastemaker.evals.studies.column_study import study
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.interactions_file import LoadedInteractions, read_interactions
from tastemaker.retrieval.ingest.items_file import read_items
from tastemaker.retrieval.ingest.overrides import InteractionOverrides, Overrides

BOOKS = "id,title\n" + "".join(f"{n},Book {n}\n" for n in range(1, 31))
ALMOST_ALL = 0.97


def read(tmp_path: Path, items: str, log: str, said: Overrides | None = None) -> LoadedInteractions:
    for name, text in (("items.csv", items), ("log.csv", log)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    catalog = read_items(tmp_path / "items.csv", said, log=tmp_path / "log.csv").catalog
    return read_interactions(tmp_path / "log.csv", catalog, said)


def test_published_schemas() -> None:
    findings = study()
    wrong = [finding for finding in findings if not finding.right]
    assert len({finding.schema for finding in findings}) >= 12
    assert len(wrong) <= (1 - ALMOST_ALL) * len(findings), wrong


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("id,user_id,book_id,created_at", "{n},u{u},{b},2024-01-0{d}"),
        ("id,book_id,reader,created_at", "{n},{b},u{u},2024-01-0{d}"),
        ("row,customer,product,t_dat", "{n},{u},{b},2024010{d}"),
        ("event_id,member_no,anime_id,played_at", "{n},{u},{b},2024-01-0{d}T10:00:00Z"),
        ("review_id,reviewerID,asin,parent_asin,unixReviewTime", "{n},u{u},X{n},{b},170406{d}200"),
        ("Datum,Kundennr,Artikelnr,Menge", "0{d}.01.2024,{u},{b},2"),
        ("endTime,listener,show_id,x", "2024-01-0{d} 10:00,u{u},{b},a"),
        ("user,seen,item_name,book", "u{u},2024-01-0{d},Book,{b}"),
    ],
)
def test_the_item_of_a_log_is_the_column_whose_values_are_in_the_catalogue(
    tmp_path: Path, header: str, row: str
) -> None:
    log = [(u, b, d) for u in range(1, 6) for d, b in enumerate((u, 6, 9 + u, 7), 1)]
    lines = [row.format(n=n, u=u, b=b, d=d) for n, (u, b, d) in enumerate(reversed(log), 1)]
    loaded = read(tmp_path, BOOKS, "\n".join([header, *lines]) + "\n")
    users = loaded.interactions.users
    first = next(at for at, user in enumerate(users) if user.endswith("1"))
    start = loaded.interactions.offsets[first]
    rows = loaded.interactions.item[start : start + 4].tolist()
    assert [row + 1 for row in rows] == [1, 6, 10, 7], str(loaded)


def test_the_catalogues_id_is_the_column_that_the_log_names_items_by(tmp_path: Path) -> None:
    items = "id,isbn,title\n" + "".join(f"{n},978{n:04},Book {n}\n" for n in range(1, 31))
    log = "id,user,isbn\n" + "".join(f"{n},u{n % 4},978{n % 9 + 1:04}\n" for n in range(1, 41))
    loaded = read(tmp_path, items, log)
    assert loaded.interactions.item.max() == 8
    assert len(loaded.interactions) == 40


def test_too_few_matches_stop_with_examples_and_a_few_misses_are_told(tmp_path: Path) -> None:
    log = "user,item\n" + "".join(f"u{n % 4},{n % 9 + 1}\n" for n in range(19))
    loaded = read(tmp_path, BOOKS, log + "u1,gone\n")
    assert (len(loaded.interactions), loaded.n_unmatched) == (19, 1)
    assert "1 interactions name no item" in str(loaded)
    with pytest.raises(
        DataError,
        match=r"item 'x0' is not in the catalogue, like 3 of 22 .*'x0', 'x1'.*ids of the catalogue are '1'",
    ):
        read(tmp_path, BOOKS, log + "u1,x0\nu1,x1\nu2,x2\n")


@pytest.mark.parametrize(
    ("items", "title"),
    [
        ("id,label,name\n1,Big Records,One\n2,Big Records,Two\n", "One"),
        ("sku,brand_name,product_name\n1,Lumea,Lamp\n2,Lumea,Desk\n", "Lamp"),
        ("listing_id,host_name,name\n1,Ann,Loft\n2,Bob,Hut\n", "Loft"),
        ("anime_id,genre,English title\n1,Drama,Wolf\n2,Drama,Fox\n", "Wolf"),
        ("game_id,publisher,Spiel\n1,Kotla,Mond\n2,Kotla,Sonne\n", "Mond"),
    ],
)
def test_titles(tmp_path: Path, items: str, title: str) -> None:
    path = tmp_path / "items.csv"
    path.write_text(items, encoding="utf-8")
    loaded = read_items(path)
    assert loaded.catalog["1"].title == title
    assert ('write title = "..."' in str(loaded.inference)) == ("Spiel" in items)


def test_what_is_named_rules(tmp_path: Path) -> None:
    said = Overrides(interactions=InteractionOverrides(item="other"))
    log = "user,item,other\n" + "".join(f"u{n},{n},{31 - n}\n" for n in range(1, 11))
    loaded = read(tmp_path, BOOKS, log, said)
    assert loaded.interactions.item.tolist()[:2] == [29, 28]
