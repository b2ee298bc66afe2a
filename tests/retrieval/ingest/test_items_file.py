"""A person's own items: what is guessed, what is refused, and where the fault is."""

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.ingest.items_file import load_items, read_items
from tastemaker.retrieval.ingest.overrides import Overrides, read_overrides

SHOP = """\
sku,product_name,colour,materials,price,added,description
a1,Blue mug,blue,clay|glaze,12.5,2024-01-02,"Holds tea, coffee
and, now and then, pens; it has done so for many years without complaint."
a2,Red mug,red,clay,,2024-02-03,"A mug of the kind that everyone already has one of, but red, and very round."
a3,Jug,blue,glass|clay,20,,"For lemonade on long afternoons, or for flowers, or to be looked at on a shelf."
"""


def write(tmp_path: Path, text: str | bytes, name: str = "items.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def overrides(tmp_path: Path, text: str) -> Overrides:
    return read_overrides(write(tmp_path, text, "overrides.toml"))


def test_roles_and_kinds_are_guessed_and_said(tmp_path: Path) -> None:
    loaded = read_items(write(tmp_path, SHOP))
    assert {a.name: str(a.kind) for a in loaded.catalog.schema.attributes} == {
        "colour": "category",
        "materials": "tags",
        "price": "number",
        "added": "date",
        "description": "text",
    }
    mug = loaded.catalog["a1"]
    assert mug.title == "Blue mug"
    assert mug.attributes["materials"] == ("clay", "glaze")
    assert (mug.attributes["price"], mug.attributes["added"]) == (12.5, date(2024, 1, 2))
    assert "price" not in loaded.catalog["a2"].attributes
    report = str(loaded.inference)
    assert "sku → id: by its name" in report
    assert "materials → tags: split at '|', 3 values" in report
    assert "price → number: 12.5 to 20" in report


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_line_ends_do_not_matter(tmp_path: Path, end: str, mark: bytes) -> None:
    catalog = load_items(write(tmp_path, mark + SHOP.replace("\n", end).encode()))
    assert catalog.ids == ("a1", "a2", "a3")
    assert "Holds tea, coffee and, now" in str(catalog["a1"].attributes["description"])


def test_year_comes_from_titles_where_no_column_has_it(tmp_path: Path) -> None:
    catalog = load_items(
        write(tmp_path, "movieId,title,genres\n1,Heat (1995),Crime\n2,Untitled,Drama\n3,Up (2009),A|B\n")
    )
    assert [item.attributes.get("year") for item in catalog] == [1995, None, 2009]
    assert catalog.schema["year"].kind is Kind.NUMBER
    catalog = load_items(write(tmp_path, "id,title,Release Year\n1,Heat (1995),1996\n"))
    assert catalog.schema.names() == ["Release Year"]


def test_commas_make_tags_only_where_they_look_like_tags(tmp_path: Path) -> None:
    rows = "".join(f'{n},T{n},"Drama, War","Well, this is, in its way, a story {n}."\n' for n in range(5))
    catalog = load_items(write(tmp_path, f"id,title,genres,blurb\n{rows}"))
    assert catalog.schema["genres"].kind is Kind.TAGS
    assert catalog.schema["blurb"].kind is not Kind.TAGS
    assert catalog["1"].attributes["genres"] == ("Drama", "War")


def test_codes_with_leading_zeros_are_no_numbers(tmp_path: Path) -> None:
    catalog = load_items(write(tmp_path, "id,title,zip\n1,A,00123\n2,B,01000\n"))
    assert catalog["1"].attributes["zip"] == "00123"


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {"asin": 7, "title": "Soap", "tags": ["a", "b", "a"], "vegan": True, "rank": 3, "nested": {"a": 1}},
        {"asin": "8", "title": "Comb", "tags": [], "vegan": False, "rank": None},
    ]
    catalog = load_items(write(tmp_path, "\n".join(map(json.dumps, rows)) + "\n\n", "items.jsonl"))
    assert catalog["7"].attributes == {"tags": ("a", "b"), "vegan": "yes", "rank": 3, "a": 1}
    assert catalog["8"].attributes == {"vegan": "no"}


def test_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "item_id": [1, 2],
            "name": ["Heat", "Up"],
            "tags": [["a"], None],
            "score": [float("nan"), 2.5],
            "day": [date(2020, 1, 1), None],
        }
    )
    pq.write_table(table, tmp_path / "items.parquet")
    catalog = load_items(tmp_path / "items.parquet")
    assert catalog["1"].attributes == {"tags": ("a",), "day": date(2020, 1, 1)}
    assert catalog["2"].attributes == {"score": 2.5}


def test_overrides_rule(tmp_path: Path) -> None:
    path = write(tmp_path, "ref;Name;what;size;notes\n1;A;x/y;12;n\n2;B;y;13;m\n")
    said = overrides(
        tmp_path,
        '[items]\nid = "ref"\ntitle = "Name"\nignore = ["notes"]\n'
        '[items.kinds]\nsize = "category"\n[items.separators]\nwhat = "/"\n',
    )
    loaded = read_items(path, said)
    assert loaded.catalog["1"].attributes == {"what": ("x", "y"), "size": "12"}
    assert "notes → ignored: named in the overrides" in str(loaded.inference)


def test_latin_1_is_read_and_told(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title\n1,Heat\n2,Amélie\n".encode("latin-1"))
    loaded = read_items(path)
    assert loaded.catalog["2"].title == "Amélie"
    assert "items.csv:3: byte 0xe9 is not UTF-8, so the file is read as cp1252, as in '2,Amélie'" in str(
        loaded.inference
    )
    said = overrides(tmp_path, '[items]\nencoding = "latin-1"\n')
    assert load_items(path, said)["2"].title == "Amélie"
    with pytest.raises(DataError, match=r"items.csv:3: byte 0xe9 is not ascii"):
        load_items(path, overrides(tmp_path, '[items]\nencoding = "ascii"\n'))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("id,title\n", "no rows below the header"),
        (
            "name,year\nHeat,1995\nHeat,1986\n",
            r"items.csv:1: no column looks like the id; found: .*\[items\]",
        ),
        ("id,year\n1,1995\n", "no column looks like the title; found: id, year"),
        ("id,title\n1,A\n\n1,B\n", "items.csv:4:id: id '1' is already on line 2"),
        ('id,title\n1,"A\nB"\n2\n', "items.csv:4: 1 fields, but the header has 2"),
        ('id,title\n1,"A","B"\n', "items.csv:2: broken quotes|3 fields"),
        ("id,title\n,A\n", "items.csv:2:id: the id is empty"),
        ("id,title\n1, \n", "items.csv:2:title: the title is empty"),
        ("id,title,title\n1,A,B\n", "column 'title' occurs twice"),
        ("id,title\n1,A\0B\n", "items.csv:2: holds NUL"),
        ("id,title\n1,A\n".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_bad_files_are_refused_with_their_place(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(DataError, match=says):
        load_items(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"id": 1, "title": "A"}\n{"id": 2, "title": \n', "items.jsonl:2: no JSON object"),
        ('{"id": 1, "title": "\\ud800"}\n', "surrogate"),
        ("7\n", "found a int"),
        ("[" * 5 + "\n", "no JSON"),
        ('{"id": ' + "[" * 100_000 + "\n", "no JSON object"),
        ('{"id": [1], "title": "A"}\n', "items.jsonl:1:id: '.1.' is no plain value"),
    ],
)
def test_bad_json_lines_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        load_items(write(tmp_path, text, "items.jsonl"))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        load_items(tmp_path / "none.csv")
    with pytest.raises(DataError, match=r"cannot read '.docx'; allowed: .csv"):
        load_items(write(tmp_path, "x", "items.docx"))
    for name, says in (
        ("i.xlsx", "no readable Excel"),
        ("i.xls", "save it as .xlsx"),
        ("i.zip", "unpack it"),
    ):
        with pytest.raises(DataError, match=says):
            load_items(write(tmp_path, "x", name))
    with pytest.raises(DataError, match="no readable Parquet"):
        load_items(write(tmp_path, "x", "items.parquet"))


def test_a_few_cells_that_are_no_numbers_are_missing_and_told(tmp_path: Path) -> None:
    rows = "".join(f"{n},T{n},{n if n % 25 else 'ask ' + str(n % 3)}\n" for n in range(100))
    loaded = read_items(write(tmp_path, f"id,title,price\n{rows}"))
    assert loaded.catalog.schema["price"].kind is Kind.NUMBER
    assert [item.id for item in loaded.catalog if "price" not in item.attributes] == ["0", "25", "50", "75"]
    assert "4 of 100 cells are no numbers and left out: 'ask 0'" in str(loaded.inference)
    rows = "".join(f"{n},T{n},{n if n % 10 else 'ask ' + str(n)}\n" for n in range(100))
    assert load_items(write(tmp_path, f"id,title,price\n{rows}")).schema["price"].kind is not Kind.NUMBER


def test_skipped_rows_go_beside_the_file_and_nothing_is_written_otherwise(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title\n1,A\n1,B\n2\n3,C\n")
    with pytest.raises(DataError):
        load_items(path)
    assert list(tmp_path.iterdir()) == [path]
    loaded = read_items(path, skip_bad_rows=True)
    assert (loaded.catalog.ids, loaded.n_rejected) == (("1", "3"), 2)
    written = (tmp_path / "items.csv.rejected.jsonl").read_text().splitlines()
    reasons = [json.loads(line)["reason"] for line in written]
    assert "already on line 2" in reasons[1]
    with pytest.raises(DataError, match="none of the 1 rows is good"):
        load_items(write(tmp_path, "id,title\n,A\n"), skip_bad_rows=True)


def test_fields_longer_than_the_csv_modules_limit(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    catalog = load_items(write(tmp_path, f'id,title,plot\n1,A,"{"long " * 100_000}"\n'))
    assert len(str(catalog["1"].attributes["plot"])) == 499_999
    assert csv.field_size_limit() == before


def test_control_characters_and_decomposed_letters_are_tidied(tmp_path: Path) -> None:
    item = load_items(write(tmp_path, "id,title\n1,Ame\u0301lie\x1b[31m\t!\n"))["1"]
    assert item.title == "Amélie [31m !"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[items]\nidd = 'x'\n", "no setting 'items.idd'; did you mean 'id'"),
        ("[item]\n", "no setting 'item'; did you mean 'items'"),
        ("[items.kinds]\nx = 'colour'\n", "items.kinds.x = 'colour'"),
        ("[items\n", "is no TOML"),
    ],
)
def test_bad_overrides_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        overrides(tmp_path, text)


def test_overrides_must_name_columns_that_exist(tmp_path: Path) -> None:
    path = write(tmp_path, "id,title,colour\n1,A,b\n")
    with pytest.raises(DataError, match="no column 'code', which the overrides name as id; found: id"):
        load_items(path, overrides(tmp_path, '[items]\nid = "code"\n'))
    with pytest.raises(DataError, match="did you mean 'colour'"):
        load_items(path, overrides(tmp_path, '[items.kinds]\ncolor = "tags"\n'))
