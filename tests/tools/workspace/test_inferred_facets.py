"""Facets joined to a built workspace: served at once, indexes untouched, all or nothing."""

import pytest

from tastemaker.retrieval.catalog.schema import Provenance
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.facets.definition import facets_from
from tastemaker.retrieval.index.field_words import FieldWords
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.title_keys import TitleKeys
from tastemaker.retrieval.search.request import Search
from tastemaker.tools.asked import ask_nearness, ask_words
from tastemaker.tools.workspace import inferred_facets
from tastemaker.tools.workspace.build import build_workspace
from tastemaker.tools.workspace.build_lock import alone
from tastemaker.tools.workspace.inferred_facets import askable_facets, join_facets
from tastemaker.tools.workspace.workspace import Workspace

TEXT = """
name = "small"
[facets.pace]
kind = "category"
values = ["slow", "fast"]
[facets.violence]
kind = "level"
values = ["none", "a little", "much"]
[facets.year]
kind = "number"
"""
VALUES = {"1": {"pace": "slow", "violence": 2}, "3": {"pace": "fast"}, "nobody": {"pace": "fast"}}
FACETS = facets_from(TEXT, "small.toml")


@pytest.fixture
def workspace(tmp_path, film_catalog, film_log):
    return build_workspace(
        tmp_path / "w", film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )


def bytes_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_facets_are_inferred_attributes_and_conditions_of_a_search(workspace):
    index = bytes_of(workspace.folder / "index")
    joined = join_facets(workspace, FACETS, TEXT, VALUES)
    assert bytes_of(workspace.folder / "index") == index
    assert joined.catalog.schema["violence"].provenance is Provenance.INFERRED
    assert joined.catalog.schema["violence"].levels == ("none", "a little", "much")
    assert joined.catalog["1"].attributes["pace"] == "slow"
    assert joined.facet_set == FACETS
    retriever = Workspace.open(workspace.path).retriever()
    found = retriever.search(Search(where="violence at least 1"))
    retriever.ways.index.close()
    assert [hit.id for hit in found.hits] == ["1"]
    with_tools = joined.tool_context()
    with_tools.index.close()


def test_what_the_catalogue_states_is_not_asked(workspace):
    assert [facet.name for facet in askable_facets(FACETS, workspace.catalog.schema)] == ["pace", "violence"]
    joined = join_facets(workspace, FACETS, TEXT, VALUES)
    assert joined.catalog.schema["year"].provenance is Provenance.CATALOGUE


def test_a_second_enrichment_leaves_nothing_of_the_first(workspace):
    join_facets(workspace, FACETS, TEXT, VALUES)
    joined = join_facets(workspace, FACETS, TEXT, {"2": {"pace": "slow"}})
    assert [item.id for item in joined.catalog if "pace" in item.attributes] == ["2"]
    assert joined.built_catalog.content_hash == workspace.catalog.content_hash
    for n in range(3):
        join_facets(workspace, FACETS, TEXT, {str(n): {"pace": "slow"}})
    assert len(list(workspace.folder.glob("enriched-*"))) == 2


def test_a_join_that_fails_changes_nothing(workspace, monkeypatch):
    before = (workspace.folder / "manifest.json").read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(inferred_facets, "write_atomically", fail)
    with pytest.raises(OSError, match="disk full"):
        join_facets(workspace, FACETS, TEXT, VALUES)
    assert (workspace.folder / "manifest.json").read_bytes() == before
    assert Workspace.open(workspace.path).catalog.content_hash == workspace.catalog.content_hash


def test_no_join_while_a_build_is_at_work(workspace):
    with alone(workspace.path), pytest.raises(WorkspaceError, match="another build"):
        join_facets(workspace, FACETS, TEXT, VALUES)


def test_a_changed_enriched_catalogue_is_noticed(workspace):
    joined = join_facets(workspace, FACETS, TEXT, VALUES)
    path = joined.folder / joined.manifest.enriched.folder / "catalog.jsonl"
    path.write_text(path.read_text().replace('"slow"', '"fast"'))
    with pytest.raises(WorkspaceError, match="was changed after"):
        _ = Workspace.open(workspace.path).catalog


def test_the_same_build_again_keeps_the_facets(workspace, film_catalog, film_log):
    join_facets(workspace, FACETS, TEXT, VALUES)
    again = build_workspace(
        workspace.path, film_catalog, film_log, recommender="popularity", embedding="hashing", progress=False
    )
    assert again.catalog["1"].attributes["pace"] == "slow"


def test_a_facet_that_came_with_the_data_is_filled_in_where_it_is_missing(film_catalog):
    pace, violence, _ = FACETS.facets.values()
    shipped = inferred_facets.with_facets(film_catalog, [pace, violence], VALUES)
    assert askable_facets(FACETS, shipped.schema) == [pace, violence]
    again = inferred_facets.with_facets(shipped, [pace], {"1": {"pace": "fast"}, "2": {"pace": "fast"}})
    assert [again[n].attributes.get("pace") for n in "123"] == ["slow", "fast", "fast"]
    assert again["1"].attributes["violence"] == 2
    assert again.stated_hash == film_catalog.stated_hash == film_catalog.content_hash
    assert again.content_hash != film_catalog.content_hash


def test_what_the_index_keeps_of_words_and_titles_outlasts_an_enrichment(workspace):
    join_facets(workspace, FACETS, TEXT, VALUES)
    opened = Workspace.open(workspace.path)
    assert "pace" in opened.catalog.schema.names()
    FieldWords.open(opened.folder / "index", opened.catalog)
    TitleKeys.open(opened.folder / "index", opened.catalog)


ASKS_TEXT = TEXT + '[facets.asks]\nkind = "phrases"\nquestion = "How would people ask for it?"\n'
ASKS = {"1": {"pace": "slow", "asks": ("twelve men and a knife", "a hot day in one room")}}


def test_phrases_are_indexed_and_no_attribute(workspace):
    facets = facets_from(ASKS_TEXT, "small.toml")
    assert workspace.asks is None
    joined = join_facets(workspace, facets, ASKS_TEXT, ASKS)
    assert "asks" not in joined.catalog.schema
    assert "asks" not in joined.catalog["1"].attributes
    context = joined.search_context()
    row = joined.catalog.row("1")
    assert ask_nearness(context, "a knife and twelve men").argmax() == row
    assert ask_words(context, "twelve men with a knife")[row] == 1
    assert f"{joined.manifest.enriched.folder}/asks.npz" in joined.manifest.files
    context.index.close()


def test_phrases_are_not_embedded_again_and_go_with_the_next_enrichment(workspace, monkeypatch):
    facets, embedded = facets_from(ASKS_TEXT, "small.toml"), []
    join_facets(workspace, facets, ASKS_TEXT, ASKS)
    encode = HashingEmbedder.encode
    monkeypatch.setattr(
        HashingEmbedder, "encode", lambda self, texts: embedded.extend(texts) or encode(self, texts)
    )
    more = {**ASKS, "2": {"asks": ("a storm at sea",)}}
    assert len(join_facets(workspace, facets, ASKS_TEXT, more).asks.vectors) == 3
    assert [text for text in embedded if text != "size"] == ["a storm at sea"]
    (workspace.path / "enrichment" / "asks.npz").unlink()
    joined = join_facets(workspace, FACETS, TEXT, VALUES)
    assert joined.asks is None


def test_a_column_of_that_name_is_the_catalogues_own(film_catalog, film_log):
    facets = facets_from(ASKS_TEXT, "small.toml")
    assert [one.name for one in askable_facets(facets, film_catalog.schema)] == ["pace", "violence", "asks"]
