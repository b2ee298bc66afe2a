"""The behaviour that every recommender shares; a new model is in here by being in the registry."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tastemaker.recommenders import RECOMMENDERS, Query, load_recommender, train
from tastemaker.recommenders.models.content_recommender import ContentRecommender
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import ConfigError, DataError, QueryError, WorkspaceError

HISTORY = Query(history=("i1", "i2", "i3"))


@pytest.fixture(scope="module", params=list(RECOMMENDERS))
def folder(request, ring, walks, small, embedder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model") / request.param
    train(request.param, ring, walks, folder, seed=3, settings=small.get(request.param), embedder=embedder)
    return folder


@pytest.fixture(scope="module")
def model(folder, ring):
    return load_recommender(folder, ring)


def test_scores_are_aligned_with_the_vocabulary(model, ring):
    scores = model.scores(HISTORY)
    assert model.vocabulary.ids == ring.ids
    assert scores.shape == (len(ring),)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_top_is_the_order_of_the_scores(model):
    top = model.top(HISTORY, 8, exclude_history=False)
    scores = model.scores(HISTORY)
    assert [s.id for s in top] == [model.vocabulary.ids[row] for row in np.argsort(-scores, kind="stable")]
    assert [s.score for s in top] == pytest.approx(sorted(scores, reverse=True))


def test_history_is_left_out_unless_asked_for(model):
    assert {s.id for s in model.top(HISTORY, 8)} == {"i0", "i4", "i5", "i6", "i7"}
    assert len(model.top(HISTORY, 8, exclude_history=False)) == 8


def test_include_and_exclude_act_before_the_cut(model):
    best = model.top(HISTORY, 1)[0].id
    without = model.top(Query(history=HISTORY.history, exclude=[best]), 1)
    assert len(without) == 1
    assert without[0].id != best
    worst = model.top(HISTORY, 8)[-1].id
    assert [s.id for s in model.top(Query(history=HISTORY.history, include=[worst, "nosuch"]), 1)] == [worst]
    assert model.top(Query(history=HISTORY.history, include=[]), 3) == []
    assert model.top(Query(history=HISTORY.history, include=["i6"], exclude=["i6"]), 3) == []


def test_include_keeps_the_order_of_the_whole(model):
    chosen = {"i7", "i0", "i5"}
    whole = [s for s in model.top(HISTORY, 8) if s.id in chosen]
    assert model.top(Query(history=HISTORY.history, include=chosen), 3) == whole


def test_batch_equals_single(model):
    queries = [
        Query(),
        Query(history=("i1",)),
        Query(history=("i1", "nosuch", "i2", "i3", "i4", "i5", "i6", "i7", "i0", "i1")),
        Query(history=("nosuch",)),
        HISTORY,
    ]
    together = model.scores_batch(queries)
    for query, scores in zip(queries, together, strict=True):
        np.testing.assert_allclose(scores, model.scores(query), rtol=1e-4, atol=1e-5)
    for query, top in zip(queries, model.top_batch(queries, 4), strict=True):
        assert [s.id for s in top] == [s.id for s in model.top(query, 4)]


def test_an_empty_batch_is_an_empty_answer(model, ring):
    assert model.scores_batch([]).shape == (0, len(ring))
    assert model.top_batch([], 3) == []


def test_the_folder_tells_how_the_training_went(folder):
    record = json.loads((folder / "config.json").read_text())["training"]
    assert record["seconds"] >= 0
    assert record["seed"] == 3
    if "epochs" in record:
        assert 0 < record["validation_ndcg@10"] <= 1
        assert 1 <= record["best_epoch"] <= record["epochs"]


def test_empty_history_falls_back_to_popularity_and_says_so(model):
    for query in (Query(), Query(history=("nosuch",))):
        assert model.top(query, 1)[0].id == "i0"
        if "popularity" not in model.name:
            assert "ranked by popularity" in " ".join(model.read(query).notes)
    assert model.read(HISTORY).notes == ()


def test_unknown_history_is_skipped_and_counted(model):
    query = Query(history=("i1", "nosuch", "i2", "i3"), timestamps=(1, 2, 3, 4))
    assert model.read(query).unknown == ("nosuch",)
    assert list(model.read(query).timestamps) == [1, 3, 4]
    assert "1 history item(s) unknown" in model.read(query).notes[0]
    np.testing.assert_array_equal(model.scores(query), model.scores(Query(("i1", "i2", "i3"), (1, 3, 4))))


def test_nothing_after_now_leaks(model):
    query = Query(history=("i1", "i2", "i6"), timestamps=(1, 2, 9), now=5)
    earlier = Query(history=("i1", "i2"), timestamps=(1, 2), now=5)
    np.testing.assert_array_equal(model.scores(query), model.scores(earlier))
    assert model.top(query, 8) == model.top(earlier, 8)
    assert model.read(query).later == 1


def test_k_beyond_the_catalogue_gives_all_that_are_allowed(model):
    assert len(model.top(HISTORY, 10_000)) == 5


@pytest.mark.parametrize("k", [0, -1, 1.5, "3", True, None])
def test_k_must_be_a_positive_whole_number(model, k):
    with pytest.raises(QueryError, match="k must be"):
        model.top(HISTORY, k)


def test_what_a_model_ignores_is_noted(model):
    notes = " ".join(model.read(Query(history=("i1",), text="tense", weights={"year": 1.0})).notes)
    for field in {"text", "weights"} - model.uses:
        assert field in notes


def test_saved_and_loaded_is_the_same_model(model, ring, tmp_path):
    model.save(tmp_path / "copy")
    again = load_recommender(tmp_path / "copy", ring)
    assert type(again) is type(model)
    assert again.config == model.config
    np.testing.assert_array_equal(again.scores(HISTORY), model.scores(HISTORY))
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == [
        "config.json",
        "model.safetensors",
        "vocabulary.json",
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["copy"]
    assert len({p.stat().st_mode for p in (tmp_path / "copy").iterdir()}) == 1


def test_equal_seeds_give_equal_models(model, ring, walks, small, embedder, tmp_path):
    settings = small.get(model.name)
    again = train(model.name, ring, walks, tmp_path / "again", seed=3, settings=settings, embedder=embedder)
    np.testing.assert_array_equal(again.scores(HISTORY), model.scores(HISTORY))


def test_training_and_scoring_leave_the_callers_random_numbers_alone(
    model, ring, walks, small, embedder, tmp_path
):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    train(model.name, ring, walks, tmp_path / "again", settings=small.get(model.name), embedder=embedder)
    assert torch.equal(torch.rand(1), expected)


def test_another_catalogue_is_refused(folder, ring):
    other = Catalog([*ring][::-1], ring.schema)
    with pytest.raises(WorkspaceError, match="another catalogue"):
        load_recommender(folder, other)


def test_a_catalogue_that_grew_needs_no_training(folder, model, ring, embedder):
    new = Item("new", "Item 9", {"side": "west", "angle": 10, "words": ("hazel", "unheard")})
    larger = Catalog([new, *[*ring][::-1]], ring.schema)
    with pytest.raises(WorkspaceError, match="another catalogue"):
        load_recommender(folder, larger, embedder)
    grown = load_recommender(folder, larger, embedder, grown=True)
    left_out = grown.unservable(larger)
    ranked = {s.id for s in grown.top(HISTORY, 9, exclude_history=False)}
    assert ranked == set(larger.ids) - set(left_out)
    assert left_out == (() if issubclass(type(model), ContentRecommender) else ("new",))
    rows, _ = grown.vocabulary.known_rows(ring.ids)
    np.testing.assert_allclose(grown.scores(HISTORY)[rows], model.scores(HISTORY), rtol=1e-4, atol=1e-5)
    assert (grown.popularity[rows] == model.popularity).all()


def test_a_catalogue_that_lost_an_item_is_refused(folder, ring, embedder):
    with pytest.raises(WorkspaceError, match="1 of its items are gone, such as 'i7'"):
        load_recommender(folder, Catalog([*ring][:-1], ring.schema), embedder, grown=True)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "vocabulary.json"])
def test_a_truncated_or_missing_file_is_a_clear_error(model, tmp_path, name):
    model.save(tmp_path / "m")
    path = tmp_path / "m" / name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(WorkspaceError, match=name):
        load_recommender(tmp_path / "m")
    path.unlink()
    with pytest.raises(WorkspaceError, match=name):
        load_recommender(tmp_path / "m")


def test_a_folder_with_other_things_is_left_alone(model, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x")
    with pytest.raises(WorkspaceError, match="left alone"):
        model.save(tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "x"


def test_a_later_format_is_refused_by_its_number(model, tmp_path):
    model.save(tmp_path / "m")
    config = tmp_path / "m" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"format_version": 99}))
    with pytest.raises(WorkspaceError, match="version 99"):
        load_recommender(tmp_path / "m")


def test_an_empty_log_is_refused_but_by_popularity(model, ring, tmp_path):
    if model.name == "popularity":  # serves a catalogue that nobody has used yet
        train(model.name, ring, Interactions.from_columns([], [], []), tmp_path / "m")
        return
    with pytest.raises(DataError, match="no interactions"):
        train(model.name, ring, Interactions.from_columns([], [], []), tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


def test_a_setting_it_does_not_have_is_named(model, ring, walks, tmp_path):
    with pytest.raises(ConfigError, match="sizzle"):
        train(model.name, ring, walks, tmp_path / "m", settings={"sizzle": 1})
