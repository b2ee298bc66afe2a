"""Files as programs write them: quotes, encodings, missing headers, packed and foreign formats."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tastemaker.retrieval.errors import ConfigError, DataError
from tastemaker.retrieval.ingest.interactions_file import read_interactions
from tastemaker.retrieval.ingest.items_file import load_items, read_items
from tastemaker.retrieval.ingest.overrides import ItemOverrides, Overrides, said_in


def write(tmp_path: Path, text: str | bytes, name: str = "items.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('id,title\n1,"The ""Lost"" Letters"\n2,B\n', 'The "Lost" Letters'),
        ('id;title;by\n"1";"The \\"Lost\\" Letters";"Ana"\n"2";"B";"Kim"\n', 'The "Lost" Letters'),
        ('id;title;by\n"1";"Me; \\"us\\"; them";"Ana"\n"2";"B";"Kim"\n', 'Me; "us"; them'),
        ('id,title,by\n1,"She said "no", twice",Ana\n2,"B",Kim\n', 'She said "no", twice'),
        ('id,title,by\n1,"A "quoted"\nsecond line",Ana\n2,"B",Kim\n', 'A "quoted" second line'),
        ('id\ttitle\n1\t"weird al" yancey\n2\tB\n', '"weird al" yancey'),
        ('id\ttitle\n1\t"Unfinished\n2\tB\n', '"Unfinished'),
        ('id\ttitle\n1\t6" single\n2\tB\n', '6" single'),
        ('id,title,size\n1,Monitor 27",L\n2,B,"M"\n', 'Monitor 27"'),
        ("id|title\n1|A, B; C\n2|B\n", "A, B; C"),
        ("id;title\n1;Bread, butter, jam\n2;B\n", "Bread, butter, jam"),
        ("id,title\r\n1,A\r\n2,B\r\n", "A"),
        ("\ufeffid,title\n1,Ä\n2,B\n", "Ä"),
    ],
)
def test_quotes_and_delimiters(tmp_path: Path, text: str, title: str) -> None:
    catalog = load_items(write(tmp_path, text, "items.tsv" if "\t" in text else "items.csv"))
    assert (catalog["1"].title, catalog.ids) == (title, ("1", "2"))


def test_where_a_row_splits_in_several_ways_it_is_refused_or_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,title,by\n1,"A","B","C"\n2,"D",E\n')
    with pytest.raises(DataError, match=r"items.csv:2: 4 fields, but the header has 3"):
        load_items(path)
    loaded = read_items(path, skip_bad_rows=True)
    assert (loaded.catalog.ids, loaded.n_rejected) == (("2",), 1)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8-sig", "utf-16"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    text = "id,title\n1,Süße Köstlichkeiten\n2,Amélie à Paris\n"
    catalog = load_items(write(tmp_path, text.encode(encoding)))
    assert [item.title for item in catalog] == ["Süße Köstlichkeiten", "Amélie à Paris"]


@pytest.mark.parametrize("encoding", ["cp1251", "shift_jis"])
def test_other_alphabets_have_to_be_named(tmp_path: Path, encoding: str) -> None:
    words = {"cp1251": "Мастер и Маргарита, роман о любви", "shift_jis": "千と千尋の神隠しと七人の侍の物語"}[
        encoding
    ]
    path = write(tmp_path, f"id;title\n1;{words}\n2;{words} 2\n".encode(encoding))
    with pytest.raises(DataError, match=r"items.csv:2: .*--encoding"):
        load_items(path)
    assert load_items(path, said_in(None, encoding))["1"].title == words


def test_letters_that_a_wrong_encoding_broke_are_repaired_and_told(tmp_path: Path) -> None:
    loaded = read_items(write(tmp_path, "id,title\n1,cafÃ© crÃ¨me\n2,B\n"))
    assert loaded.catalog["1"].title == "café crème"
    assert "title: broken letters in 1 cells" in str(loaded.inference)


def test_a_missing_header_is_refused_until_the_columns_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path, "N55528\tlifestyle\tThe brands\thttps://x/1\nN2\tnews\tThe cost\thttps://x/2\n", "news.tsv"
    )
    with pytest.raises(DataError, match=r'news.tsv:1: the first line looks like data.*columns = \["column1"'):
        load_items(path)
    said = Overrides(items=ItemOverrides(columns=("news_id", "category", "title", "url")))
    assert [item.title for item in load_items(path, said)] == ["The brands", "The cost"]
    with pytest.raises(DataError, match="name 2 columns, but a line has 4 values"):
        load_items(path, Overrides(items=ItemOverrides(columns=("id", "title"))))
    assert load_items(write(tmp_path, "id,title,2019,2020\n1,A,3,4\n2,B,5,6\n")).schema.names() == [
        "2019",
        "2020",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("items.jsonl", '{"id": 1, "title": "A", "n": NaN}\n{"id": 2, "title": "B", "n": 3}\n'),
        ("items.json", '[{"id": 1, "title": "A", "n": null}, {"id": 2, "title": "B", "n": 3}]'),
        ("items.json", '{\n"items": [\n{"id": 1, "title": "A"}, {"id": 2, "title": "B", "n": 3}]}'),
        ("items.json", "{u'id': u'1', u'title': u'A', u'n': None}\n{u'id': u'2', u'title': u'B', u'n': 3}\n"),
        ("items.csv.gz", "id,title,n\n1,A,\n2,B,3\n"),
        ("items.json.gz", '{"id": 1, "title": "A"}\n{"id": 2, "title": "B", "n": 3}\n'),
        ("items.txt", "id\ttitle\tn\n1\tA\t\n2\tB\t3\n"),
    ],
)
def test_formats(tmp_path: Path, name: str, text: str) -> None:
    raw = gzip.compress(text.encode()) if name.endswith(".gz") else text
    catalog = load_items(write(tmp_path, raw, name))
    assert [(item.id, item.title, dict(item.attributes)) for item in catalog] == [
        ("1", "A", {}),
        ("2", "B", {"n": 3}),
    ]


def test_excel(tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (
        ["Nr", "Titel", "Preis", "Datum"],
        ["00123", "Mühle", 1049.9, datetime(2020, 2, 1)],
        ["7", "Topf", "#N/A", None],
    ):
        sheet.append(row)
    book.create_sheet("Notizen")
    book.save(tmp_path / "items.xlsx")
    loaded = read_items(tmp_path / "items.xlsx")
    assert dict(loaded.catalog["00123"].attributes) == {"Preis": 1049.9, "Datum": datetime(2020, 2, 1).date()}
    assert dict(loaded.catalog["7"].attributes) == {}
    assert "sheet 'Sheet' is read, not 'Notizen'" in str(loaded.inference)
    with pytest.raises(DataError, match="no sheet 'x'"):
        load_items(tmp_path / "items.xlsx", Overrides(items=ItemOverrides(sheet="x")))


def test_encoding_and_delimiter_may_be_said_for_both_files(tmp_path: Path) -> None:
    said = said_in(None, "latin-1", "tab")
    assert (said.items.encoding, said.interactions.delimiter) == ("latin-1", "\t")
    with pytest.raises(ConfigError, match="write one character"):
        said_in(None, None, "::")
    items = load_items(write(tmp_path, "id\ttitle\n1\tÄ\n".encode("latin-1")), said)
    log = write(tmp_path, "user\titem\nu\t1\n", "log.csv")
    assert len(read_interactions(log, items, said).interactions) == 1
