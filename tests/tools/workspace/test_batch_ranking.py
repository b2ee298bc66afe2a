"""Top-k for everybody: the same as asked one by one, whole after a stop, and refused where it is another run."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastemaker.recommenders import Query, load_recommender
from tastemaker.retrieval.errors import DataError, QueryError
from tastemaker.tools.workspace import batch_ranking
from tastemaker.tools.workspace.batch_ranking import rank_people


def rows(file):
    return pq.read_table(file).to_pylist()


def test_everybody_gets_what_they_would_get_alone(film_workspace, tmp_path):
    report = rank_people(film_workspace, tmp_path / "recs.parquet", k=3, progress=False)
    log, catalog = film_workspace.interactions, film_workspace.catalog
    model = load_recommender(film_workspace.recommenders / "popularity", catalog)
    assert (report.people, report.earlier) == (len(log.users), 0)
    written = rows(tmp_path / "recs.parquet")
    assert [row["user"] for row in written] == list(log.users)
    for row, history in zip(written, log.histories(), strict=True):
        had = tuple(catalog.ids[one] for one in history)
        assert row["items"] == [one.id for one in model.top(Query(history=had), 3)]
        assert set(row["items"]).isdisjoint(had)
    assert not (tmp_path / "recs.parquet.parts").exists()


def test_a_run_that_was_stopped_goes_on(film_workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_ranking, "PEOPLE_A_PART", 5)
    whole, file = tmp_path / "whole.parquet", tmp_path / "recs.parquet"
    rank_people(film_workspace, whole, k=2, progress=False)
    write, calls = batch_ranking._write_part, []

    def stop_at_the_third(place, *more):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(place)
        write(place, *more)

    monkeypatch.setattr(batch_ranking, "_write_part", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        rank_people(film_workspace, file, k=2, progress=False)
    monkeypatch.setattr(batch_ranking, "_write_part", write)
    with pytest.raises(DataError, match="another run"):
        rank_people(film_workspace, file, k=3, progress=False)
    report = rank_people(film_workspace, file, k=2, progress=False)
    assert (report.people, report.earlier) == (14, 10)
    assert rows(file) == rows(whole)


def test_people_of_a_file_and_wrong_files(film_workspace, tmp_path):
    people = tmp_path / "people.parquet"
    pq.write_table(pa.table({"user": ["new", "odd"], "items": [["1", "3"], ["gone"]]}), people)
    rank_people(film_workspace, tmp_path / "recs.parquet", 2, people, progress=False)
    new, odd = rows(tmp_path / "recs.parquet")
    assert (new["user"], odd["user"]) == ("new", "odd")
    assert {"1", "3"}.isdisjoint(new["items"])
    assert len(odd["items"]) == 2
    pq.write_table(pa.table({"user": ["new"]}), people)
    with pytest.raises(DataError, match="column items is missing"):
        rank_people(film_workspace, tmp_path / "recs.parquet", 2, people, progress=False)
    with pytest.raises(DataError, match="no Parquet file"):
        rank_people(film_workspace, tmp_path / "x.parquet", 2, tmp_path / "none.parquet", progress=False)
    with pytest.raises(QueryError, match="k is 0"):
        rank_people(film_workspace, tmp_path / "x.parquet", 0, progress=False)
