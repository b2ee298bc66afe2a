"""A workspace built again: unchanged vectors stay, a damaged or outdated index is made anew."""

import json

import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError, WorkspaceError
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.tools.workspace import build as build_module
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.workspace import Workspace


@pytest.fixture
def build(tmp_path, film_log):
    """Build the workspace for a catalogue; returns what was said."""

    def build(catalog, log=film_log, **rest):
        said = []
        settings = {"recommender": "popularity", "embedding": "hashing", "progress": False} | rest
        build_workspace(tmp_path / "shop", catalog, log, say=said.append, **settings)
        return said

    return build


def test_a_changed_catalogue_embeds_only_what_changed(tmp_path, film_catalog, film_log, build):
    assert "item texts: 12 embedded, 0 kept" in build(film_catalog)
    reader = Workspace.open(tmp_path / "shop").tool_context()
    before = reader.index.search("a smuggler in a harbour", 3)
    others = list(film_catalog)[1:]
    new = Item("13", "New Film (2001)", {"year": 2001, "genres": ("Drama",), "premise": "A new story."})
    changed = Catalog([*others, new], film_catalog.schema)
    log = Interactions.from_columns(["u", "u", "v"], [0, 3, 5])
    said = build(changed, log)
    assert "item texts: 1 embedded, 11 kept" in said
    assert any(line.startswith("phrases: 0 embedded") for line in said)
    assert reader.index.search("a smuggler in a harbour", 3) == before
    tool_context = Workspace.open(tmp_path / "shop").tool_context()
    assert tool_context.index.search("a new story", 1)[0][0] == "13"
    tool_context.index.close()
    reader.index.close()


@pytest.mark.parametrize(
    "damage", ["index.json", "vectors.npy", "texts.npy", "phrases.npz", "chroma/chroma.sqlite3"]
)
def test_a_damaged_index_is_made_again_and_the_recommender_stays(
    tmp_path, film_catalog, build, damage, monkeypatch
):
    build(film_catalog)
    monkeypatch.setattr(build_module, "train", None)
    file = Workspace.open(tmp_path / "shop").folder / "index" / damage
    file.write_bytes(file.read_bytes()[:40])
    if damage != "texts.npy":  # that one is only read by a build
        with pytest.raises(WorkspaceError, match="tastemaker build"):
            Workspace.open(tmp_path / "shop").tool_context()
    if damage != "chroma/chroma.sqlite3":  # has no checksum, as its contents change while it is read
        assert any("is not what was written" in line for line in build(film_catalog))
    build(film_catalog)
    Workspace.open(tmp_path / "shop").tool_context().index.close()
    assert "up to date" in build(film_catalog)[-1]


def test_a_workspace_from_before_the_index_had_a_card_is_indexed_again(tmp_path, film_catalog, build):
    build(film_catalog)
    (Workspace.open(tmp_path / "shop").folder / "index" / "index.json").unlink()
    with pytest.raises(
        WorkspaceError, match=r"no finished text index.*that this version reads.*tastemaker build"
    ):
        Workspace.open(tmp_path / "shop").tool_context()
    assert "item texts: 12 embedded, 0 kept" in build(film_catalog)


class Retrained(HashingEmbedder):
    """The same name, other vectors."""

    def _hash(self, texts):
        return np.roll(super()._hash(texts), 1, axis=1)


def test_other_weights_under_the_same_name_are_noticed(tmp_path, film_catalog, build, monkeypatch):
    build(film_catalog)
    workspace = Workspace.open(tmp_path / "shop")
    workspace.__dict__["embedder"] = Retrained()
    with pytest.raises(WorkspaceError, match="made with other weights of 'hashing-256'"):
        workspace.tool_context()
    monkeypatch.setattr(build_module, "open_embedder", lambda _: Retrained())
    said = build(film_catalog)
    assert "item texts: 12 embedded, 0 kept" in said
    assert any(line.startswith("phrases: ") and line.endswith(" 0 kept") for line in said)


@pytest.mark.wire
def test_the_store_is_written_down_and_the_environment_may_say_another(
    tmp_path, film_catalog, build, monkeypatch, caplog
):
    build(film_catalog)
    assert Workspace.open(tmp_path / "shop").manifest.store is None
    manifest = Workspace.open(tmp_path / "shop").folder / "manifest.json"
    by_hand = {"store": "nonsense", "checksum": ""}
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | by_hand))
    with pytest.raises(ConfigError, match="store 'nonsense': write http://HOST:PORT"):
        Workspace.open(tmp_path / "shop").tool_context()
    monkeypatch.setenv("TASTEMAKER_STORE", "http://127.0.0.1:1")
    tool_context = Workspace.open(tmp_path / "shop").tool_context()
    assert "127.0.0.1:1" in caplog.text
    assert len(tool_context.index.search("a jury", 2)) == 2
