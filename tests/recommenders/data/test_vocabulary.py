import hashlib
import json

import numpy as np
import pytest

from tastemaker.recommenders import Vocabulary
from tastemaker.recommenders.data import vocabulary
from tastemaker.retrieval.errors import DataError, WorkspaceError


def test_the_hash_depends_on_ids_and_their_order():
    assert Vocabulary(["a", "b"]).sha256 == Vocabulary(("a", "b")).sha256
    assert len({Vocabulary(ids).sha256 for ids in (["a", "b"], ["b", "a"], ["ab"], ["a", "b", ""])}) == 4


def test_saved_and_loaded_is_equal(tmp_path):
    Vocabulary(["a", "ü", 'q"']).save(tmp_path / "vocabulary.json")
    assert Vocabulary.load(tmp_path / "vocabulary.json").ids == ("a", "ü", 'q"')


@pytest.mark.parametrize("ids", [["a", "a"], ["a", 1]])
def test_ids_are_unique_strings(ids):
    with pytest.raises(DataError):
        Vocabulary(ids)


def test_an_edited_file_is_noticed(tmp_path):
    path = tmp_path / "vocabulary.json"
    Vocabulary(["a", "b"]).save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"ids": ["b", "a"]}))
    with pytest.raises(WorkspaceError, match="own hash"):
        Vocabulary.load(path)


def test_ids_of_any_letters_have_their_rows():
    ids = ["", "a", "ü", "日本", "😀", "\ud800", "a b", "ab"]
    words = Vocabulary(ids)
    assert words.rows([*ids[::-1], "nosuch"]).tolist() == [7, 6, 5, 4, 3, 2, 1, 0, -1]
    assert [words.id(row) for row in range(8)] == list(words.ids) == ids
    assert "nosuch" not in words
    assert 3 not in words
    assert words.row("nosuch") is None


def test_ids_of_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(vocabulary, "_hashes", lambda ids: np.zeros(len(ids), np.uint32))
    assert Vocabulary(["a", "b", "c"]).rows(["c", "x", "a"]).tolist() == [2, -1, 0]
    with pytest.raises(DataError, match="'a' occurs twice"):
        Vocabulary(["a", "b", "a"])


def test_a_long_list_has_the_hash_of_its_json():
    ids = [f"i{row}" for row in range(2 * vocabulary.CHUNK + 1)]
    assert Vocabulary(ids).sha256 == hashlib.sha256(json.dumps(ids).encode()).hexdigest()
