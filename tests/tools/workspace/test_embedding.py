import pytest

from tastemaker.retrieval.errors import ConfigError
from tastemaker.tools.workspace.embedding import open_embedder, resolve_embedding


def test_a_folder_is_kept_by_its_absolute_path(tmp_path, monkeypatch):
    (tmp_path / "mini").mkdir()
    monkeypatch.chdir(tmp_path)
    assert resolve_embedding("mini") == str(tmp_path / "mini")
    assert open_embedder("mini").name == "mini"


def test_other_names_stay_as_they_are():
    assert resolve_embedding("hashing") == "hashing"
    assert open_embedder("someone/some-model").name == "someone/some-model"


@pytest.mark.parametrize("name", ["all-MiniLM-L6", "/gone/model", "./gone", "a/b/c"])
def test_an_unknown_model_is_named_with_what_is_allowed(name):
    with pytest.raises(ConfigError, match=r"no embedding model .*all-MiniLM-L6-v2.*OWNER/NAME"):
        open_embedder(name)
