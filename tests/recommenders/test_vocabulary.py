import json

import pytest

from tastemaker.recommenders import Vocabulary
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
