import json

import pytest

from tastemaker.evals.next_item.recformer_files import read_recformer
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.errors import DataError

ITEMS = {
    "0": {"title": "Blue tape", "description": "Sticks.", "brand": " Acme ", "categories": "Shop,Tapes"},
    "1": {"title": "Glue", "description": "", "brand": "", "categories": ""},
    "2": {"title": "Never taken"},
}


def files(folder, log, items=ITEMS):
    (folder / "inter.json").write_text(json.dumps(log))
    (folder / "item.json").write_text(json.dumps(items))
    return folder / "inter.json", folder / "item.json"


def test_histories_and_texts(tmp_path):
    data = read_recformer(*files(tmp_path, {"u": [1, 0], "v": [0]}))
    assert (data.name, data.timed, data.catalog.ids) == ("inter.json", False, ("0", "1", "2"))
    assert data.interactions.users == ("u", "v")
    assert data.interactions.item.tolist() == [1, 0, 0]
    assert data.interactions.timestamp.tolist() == [0, 1, 0]
    assert data.catalog["0"].title == "Blue tape"
    assert data.catalog["0"].attributes == {"brand": "Acme", "categories": ("shop", "tapes")}
    assert item_texts(data.catalog)[0] == "Blue tape. Acme. shop, tapes."
    assert data.catalog["1"].attributes == data.catalog["2"].attributes == {}


@pytest.mark.parametrize(
    ("log", "items", "said"),
    [
        ({"u": [7]}, ITEMS, "user 'u': item 7 is not among the items of item.json"),
        ({"u": "0"}, ITEMS, "expected a list"),
        ({}, ITEMS, "no interactions"),
        ([1], ITEMS, r"inter\.json: expected one JSON object"),
        ({"u": [0]}, {"0": "tape"}, "item '0': expected an object with a \"title\""),
    ],
)
def test_what_does_not_fit_is_named(tmp_path, log, items, said):
    with pytest.raises(DataError, match=said):
        read_recformer(*files(tmp_path, log, items))


def test_missing_and_broken_files(tmp_path):
    log, items = files(tmp_path, {"u": [0]})
    with pytest.raises(DataError, match="no such file"):
        read_recformer(tmp_path / "none.json", items)
    items.write_text('{"0": ')
    with pytest.raises(DataError, match=r"item\.json: cannot be read as JSON"):
        read_recformer(log, items)
