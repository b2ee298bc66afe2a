"""A person's own log: times in every unit, ratings, and what is refused."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.schema import Schema
from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.interactions_file import (
    LoadedInteractions,
    load_interactions,
    read_interactions,
)
from tastemaker.retrieval.ingest.overrides import InteractionOverrides, Overrides

CATALOG = Catalog([Item(i, i, {}) for i in ("a", "b", "c")], Schema(attributes=()))
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC).timestamp()


def write(tmp_path: Path, text: str, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_sorted_by_user_and_time(tmp_path: Path) -> None:
    path = write(tmp_path, "user_id,item_id,rating,timestamp\nu2,a,4,30\nu1,b,,20\nu2,c,3.5,10\n")
    log = load_interactions(path, CATALOG)
    assert log.users == ("u2", "u1")
    assert log.item.tolist() == [2, 0, 1]
    assert log.timestamp.tolist() == [10, 30, 20]
    assert log.rating is not None
    np.testing.assert_array_equal(log.rating, np.array([3.5, 4, np.nan], np.float32))


@pytest.mark.parametrize(
    "time",
    [
        f"{NOON:.0f}",
        f"{NOON * 1e3:.0f}",
        f"{NOON * 1e6:.0f}",
        f"{NOON * 1e9:.0f}",
        "2024-05-06T12:00:00Z",
        "2024-05-06 14:00:00+02:00",
        "2024-05-06T12:00",
    ],
)
def test_times_in_every_unit(tmp_path: Path, time: str) -> None:
    log = load_interactions(write(tmp_path, f"user,item,time\nu,a,{time}\n"), CATALOG)
    assert log.timestamp.tolist() == [NOON]


def test_without_time_and_rating_the_files_order_counts(tmp_path: Path) -> None:
    loaded = read_interactions(write(tmp_path, "customer\tsku\tshop\nu\tc\t1\nu\ta\t2\n", "log.tsv"), CATALOG)
    assert loaded.interactions.item.tolist() == [2, 0]
    assert loaded.interactions.rating is None
    assert "shop → ignored" in str(loaded.inference)


def test_parquet_and_overrides(tmp_path: Path) -> None:
    when = [datetime(2024, 5, 6, 12, tzinfo=UTC), datetime(2024, 5, 6, 11, tzinfo=UTC)]
    pq.write_table(
        pa.table({"who": [1.0, 1.0], "what": ["a", "b"], "bought": when}), tmp_path / "log.parquet"
    )
    said = Overrides(interactions=InteractionOverrides(user="who", item="what", timestamp="bought"))
    log = load_interactions(tmp_path / "log.parquet", CATALOG, said)
    assert log.users == ("1",)
    assert log.timestamp.tolist() == [NOON - 3600, NOON]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("u,zebra,4,10", "log.csv:2:item: item 'zebra' is not in the catalogue"),
        ("u,a,good,10", "log.csv:2:rating: rating: 'good' is no number"),
        ("u,a,nan,10", "log.csv:2:rating: rating: 'nan' is not finite"),
        ("u,a,inf,10", "not finite"),
        ("u,a,1e999,10", "not finite"),
        ("u,a,4,soon", "log.csv:2:timestamp: time 'soon' is neither"),
        ("u,a,4,", "the time is empty"),
        ("u,a,4,nan", "time 'nan' is neither"),
        (",a,4,10", "log.csv:2:user: the id is empty"),
        ("u,a,4", "3 fields, but the header has 4"),
    ],
)
def test_a_bad_row_is_refused_or_set_aside(tmp_path: Path, row: str, says: str) -> None:
    path = write(tmp_path, f"user,item,rating,timestamp\n{row}\nu,b,4,10\n")
    with pytest.raises(DataError, match=says):
        load_interactions(path, CATALOG)
    loaded = read_interactions(path, CATALOG, skip_bad_rows=True)
    assert (len(loaded.interactions), loaded.n_rejected) == (1, 1)
    assert json.loads((tmp_path / "log.csv.rejected.jsonl").read_text())["line"] == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("user,item\n", "no rows below the header"),
        (
            "who,item\nu,a\n",
            r"no column looks like the user; found: who, item; write user = .* under \[interactions\]",
        ),
        ("user,what\nu,zebra\n", "no column looks like the item; .*no column's values are ids"),
    ],
)
def test_bad_logs_are_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        load_interactions(write(tmp_path, text), CATALOG)


def in_context(tmp_path: Path, rows: list[str], context: dict[str, str]) -> LoadedInteractions:
    path = write(tmp_path, "\n".join(["user,item,time,with_whom,device", *rows]) + "\n")
    return read_interactions(path, CATALOG, Overrides(interactions=InteractionOverrides(context=context)))


def test_context_is_read_where_it_is_named_and_sorted_with_the_log(tmp_path: Path) -> None:
    rows = ["u,a,30,family,1.0", "u,b,10, alone ,", "v,c,20,NA,2"]
    loaded = in_context(tmp_path, rows, {"companion": "with_whom", "device": "device"})
    known = loaded.interactions.context
    assert known is not None
    assert {name: values.tolist() for name, values in known.items()} == {
        "companion": ["alone", "family", ""],
        "device": ["", "1.0", "2"],
    }
    assert "with_whom → context: companion, named in the overrides" in str(loaded)
    assert "context companion: 2 values such as 'family', 'alone', known of 67% of the events" in str(loaded)


def test_no_column_is_context_unless_it_is_named(tmp_path: Path) -> None:
    assert in_context(tmp_path, ["u,a,30,family,1"], {}).interactions.context is None


def test_context_whose_values_hardly_repeat_is_doubted(tmp_path: Path) -> None:
    rows = [f"u,a,{n},{n},p" for n in range(1100)]
    loaded = in_context(tmp_path, rows, {"companion": "with_whom", "device": "device"})
    assert str(loaded).count("so many values hardly repeat") == 1
    assert "take companion out of [interactions.context]" in str(loaded)


@pytest.mark.parametrize(
    ("context", "says"),
    [
        ({"place": "where"}, "no column 'where', which the overrides name as context; found: user, item"),
        ({"one": "device", "two": "device"}, "column 'device' is named as context two and as context"),
    ],
)
def test_context_that_cannot_be_is_refused(tmp_path: Path, context: dict[str, str], says: str) -> None:
    with pytest.raises(DataError, match=says):
        in_context(tmp_path, ["u,a,30,family,1"], context)


def test_context_of_lists_is_a_bad_row(tmp_path: Path) -> None:
    row = {"user": "u", "item": "a", "place": ["x", "y"]}
    path = write(tmp_path, json.dumps(row) + "\n", "log.jsonl")
    with pytest.raises(DataError, match=r"log\.jsonl:1:place: .* is no plain value"):
        read_interactions(
            path, CATALOG, Overrides(interactions=InteractionOverrides(context={"place": "place"}))
        )
