import errno
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from tastemaker.recommenders import Query, load_recommender
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError, WorkspaceError
from tastemaker.tools.rank import rank
from tastemaker.tools.workspace import build as build_module
from tastemaker.tools.workspace.build import add_recommender, build_workspace
from tastemaker.tools.workspace.forget_people import forget_people
from tastemaker.tools.workspace.workspace import Workspace


def build(path, catalog, log, **rest):
    return build_workspace(
        path, catalog, log, recommender="popularity", embedding="hashing", progress=False, **rest
    )


def test_what_was_built_is_what_is_opened(tmp_path, film_catalog, film_log):
    workspace = build(tmp_path / "shop", film_catalog, film_log)
    opened = Workspace.open(tmp_path / "shop")
    expected = with_computed(film_catalog, film_log)
    assert [item.as_dict() for item in opened.catalog] == [item.as_dict() for item in expected]
    assert opened.catalog.schema == expected.schema
    assert opened.interactions.users == film_log.users
    assert (opened.interactions.item == film_log.item).all()
    assert workspace.manifest.items == 12
    assert {p.name for p in tmp_path.iterdir()} == {"shop"}


def test_a_log_keeps_what_was_known_of_its_moments(tmp_path, film_catalog, film_log):
    where = np.array(["home", "cinema", ""])[np.arange(len(film_log)) % 3]
    log = replace(film_log, context={"place": where})
    path = tmp_path / "shop"
    built = build(path, film_catalog, log).manifest.key
    opened = Workspace.open(path)
    assert opened.interactions.context["place"].tolist() == where.tolist()
    small = {"base": "item-knn", "size": 16, "list_size": 4, "rank": 16, "training": {"epochs": 1}}
    model = add_recommender(opened, "hiformer", settings=small, progress=False).tool_context().recommender
    assert model.context.names[0] == "place"
    forget_people(path, [film_log.users[0]])
    kept = film_log.user != 0
    assert Workspace.open(path).interactions.context["place"].tolist() == where[kept].tolist()
    elsewhere = replace(log, context={"place": where[::-1]})
    assert build(path, film_catalog, elsewhere).manifest.key != built


def test_the_same_build_again_does_nothing_and_another_keeps_the_conversations(
    tmp_path, film_catalog, film_log
):
    path = tmp_path / "shop"
    said = []
    build(path, film_catalog, film_log)
    built = Workspace.open(path).manifest.built
    build(path, film_catalog, film_log, say=said.append)
    assert "up to date" in said[-1]
    assert Workspace.open(path).manifest.built == built
    (path / "sessions.sqlite").write_text("talk")
    build(path, film_catalog, film_log, seed=1)
    assert (path / "sessions.sqlite").read_text() == "talk"


def test_a_failed_build_leaves_the_old_workspace_and_goes_on_later(
    tmp_path, film_catalog, film_log, monkeypatch
):
    path = tmp_path / "shop"
    build(path, film_catalog, film_log)
    before = Workspace.open(path).manifest

    def full(*_args, **_rest):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(build_module, "write_interactions", full)
        with pytest.raises(WorkspaceError, match="free some space"):
            build(path, film_catalog, film_log, seed=2)
    assert Workspace.open(path).manifest == before
    build(path, film_catalog, film_log, seed=2)
    assert Workspace.open(path).manifest.key != before.key


def test_empty_data_and_foreign_folders_are_refused(tmp_path, film_catalog, film_log):
    with pytest.raises(DataError, match="no items"):
        build(tmp_path / "a", Catalog([], film_catalog.schema), film_log)
    assert not (tmp_path / "a").exists()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with pytest.raises(WorkspaceError, match="is no workspace"):
        build(tmp_path / "home", film_catalog, film_log)
    assert (tmp_path / "home" / "letter.txt").exists()


def test_opening_says_what_is_wrong_and_what_to_run(tmp_path, film_workspace):
    with pytest.raises(WorkspaceError, match="tastemaker build"):
        Workspace.open(tmp_path / "nowhere")
    copy = tmp_path / "copy"
    shutil.copytree(film_workspace.path, copy)
    folder = Workspace.open(copy).folder
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(WorkspaceError, match="format 99, this version reads format 1"):
        Workspace.open(copy)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(WorkspaceError, match="cannot read"):
        Workspace.open(copy)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with (folder / "catalog.jsonl").open("a") as file:
        file.write('{"id": "x", "title": "X", "attributes": {}}\n')
    with pytest.raises(WorkspaceError, match="changed after the build"):
        _ = Workspace.open(copy).catalog


def test_models_are_kept_for_a_catalogue_that_grew(tmp_path, film_catalog, film_log, caplog):
    path, said = tmp_path / "shop", []
    sizes = {"size": 8, "hidden": 8, "training": {"epochs": 1}}
    with pytest.raises(WorkspaceError, match="no workspace"):
        build(path, film_catalog, film_log, keep_models=True)
    workspace = build(path, film_catalog, film_log)
    add_recommender(workspace, "ease", progress=False)
    trained = add_recommender(workspace, "alpharec", settings=sizes, progress=False)
    seconds = load_recommender(trained.recommenders / "alpharec").record["seconds"]
    new = Item("new", "A New Film", dict(next(iter(film_catalog)).attributes))
    larger = Catalog([*film_catalog, new], film_catalog.schema)
    workspace = build(path, larger, film_log, keep_models=True, say=said.append)
    assert "kept alpharec: it ranks all items" in said
    tool_context = workspace.tool_context()
    assert tool_context.recommender.record["seconds"] == seconds  # not trained again
    assert "new" in {s.id for s in tool_context.recommender.top(Query(history=(film_catalog.ids[0],)), 99)}
    assert not [record for record in caplog.records if record.name.startswith("tastemaker")]
    assert any("1 new item(s)" in line and "not ranked by ease" in line for line in said)
    tool_context.index.close()
    tool_context = workspace.tool_context("ease")
    assert "not ranked by ease" in caplog.text
    assert "new" not in dict(rank(tool_context, (film_catalog.ids[0],)).ranked)
    assert len(rank(tool_context, (film_catalog.ids[0],), by="year").ranked) == 12
    build(path, larger, film_log, keep_models=True, say=said.append)
    assert "up to date" in said[-1]
    with pytest.raises(WorkspaceError, match="are gone"):
        build(path, film_catalog, Interactions.from_columns(["u"], [0]), keep_models=True)
    assert Workspace.open(path).manifest.items == 13


def test_one_more_recommender_can_be_trained(tmp_path, film_catalog, film_log):
    workspace = build(tmp_path / "shop", film_catalog, film_log)
    small = {"training": {"epochs": 1}, "size": 8, "layers": 1}
    trained = add_recommender(workspace, "sasrec", settings=small, progress=False)
    assert trained.manifest.recommender == "sasrec"
    assert Workspace.open(workspace.path).tool_context().recommender.name == "sasrec"
