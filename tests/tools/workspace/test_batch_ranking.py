"""Top-k for everybody: the same as asked one by one, whole after a stop, and refused where it is another run."""

import json
from importlib.util import find_spec

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastemaker.recommenders import Query, load_recommender
from tastemaker.retrieval.errors import ConfigError, DataError, QueryError
from tastemaker.tools.workspace import batch_ranking
from tastemaker.tools.workspace.batch.people import PeopleInFile
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
    stop_before_part(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        rank_people(film_workspace, file, k=2, progress=False)
    monkeypatch.undo()
    monkeypatch.setattr(batch_ranking, "PEOPLE_A_PART", 5)
    with pytest.raises(DataError, match="another run"):
        rank_people(film_workspace, file, k=3, progress=False)
    report = rank_people(film_workspace, file, k=2, progress=False)
    assert (report.people, report.earlier) == (14, 10)
    assert rows(file) == rows(whole)


def stop_before_part(stop, monkeypatch):
    rank, calls = batch_ranking.rank_part, []

    def stopping(*given):
        calls.append(1)
        if len(calls) > stop:
            raise KeyboardInterrupt
        return rank(*given)

    monkeypatch.setattr(batch_ranking, "rank_part", stopping)


def postgres_rows(url):
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT person, items, scores FROM recommendations").fetchall()
        left = connection.execute("SELECT to_regclass('recommendations_progress')").fetchone()
    assert left == (None,)
    return [{"user": user, "items": items, "scores": scores} for user, items, scores in found]


def redis_rows(url):
    import redis

    with redis.Redis.from_url(url, decode_responses=True) as client:
        keys = client.keys("recommendations:*")
        return [{"user": key.partition(":")[2], **json.loads(client.get(key))} for key in keys]


@pytest.mark.wire
@pytest.mark.parametrize(("server", "read"), [("database", postgres_rows), ("redis_url", redis_rows)])
def test_a_database_has_the_same_lists_and_goes_on_after_a_stop(
    server, read, request, film_workspace, tmp_path, monkeypatch
):
    url = request.getfixturevalue(server)
    rank_people(film_workspace, tmp_path / "recs.parquet", k=3, progress=False)
    rank_people(film_workspace, url, k=1, progress=False)
    monkeypatch.setattr(batch_ranking, "PEOPLE_A_PART", 5)
    with monkeypatch.context() as stopped:
        stop_before_part(2, stopped)
        with pytest.raises(KeyboardInterrupt):
            rank_people(film_workspace, url, k=3, progress=False)
    with pytest.raises(DataError, match="half of another run"):
        rank_people(film_workspace, url, k=2, progress=False)
    assert rank_people(film_workspace, url, k=3, progress=False).earlier == 10
    ours = sorted(rows(tmp_path / "recs.parquet"), key=lambda row: row["user"])
    theirs = sorted(read(url), key=lambda row: row["user"])
    assert [row["items"] for row in theirs] == [row["items"] for row in ours]
    assert theirs[0]["scores"] == pytest.approx(ours[0]["scores"])


@pytest.mark.wire
def test_people_who_are_in_no_run_leave_the_table(database, film_workspace, tmp_path):
    people = tmp_path / "people.parquet"
    pq.write_table(pa.table({"user": ["b", "a", "b"], "items": [["1"], ["2"], ["3"]]}), people)
    rank_people(film_workspace, database, 2, people, progress=False)
    pq.write_table(pa.table({"user": ["b"], "items": [["1"]]}), people)
    rank_people(film_workspace, database, 1, people, progress=False)
    (only,) = postgres_rows(database)
    assert (only["user"], len(only["items"])) == ("b", 1)


def test_an_address_that_is_none_is_refused_without_the_password(film_workspace):
    for out, said in (
        ("mysql://me:secret@h/d", "postgresql:// or redis://"),
        ("postgresql://me:secret@127.0.0.1:1/d?table=x;--", "small letters"),
        ("redis://:secret@127.0.0.1:1/0?days=soon", "whole number"),
    ):
        with pytest.raises(ConfigError, match=said) as raised:
            rank_people(film_workspace, out, progress=False)
        assert "secret" not in str(raised.value)


@pytest.mark.wire
@pytest.mark.filterwarnings("ignore")  # Ray leaves processes and sockets to be collected
@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'tastemaker[ray]'")
def test_a_cluster_of_two_workers_makes_the_same_rows(film_workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_ranking, "PEOPLE_A_PART", 5)
    here, there = tmp_path / "here.parquet", tmp_path / "there.parquet"
    rank_people(film_workspace, here, k=3, progress=False)
    rank_people(film_workspace, there, k=3, progress=False, ray="local", workers=2)
    assert rows(there) == rows(here)
    assert len(rows(here)) == 24


def test_rows_of_a_file_from_any_place_on(tmp_path):
    file = tmp_path / "people.parquet"
    table = pa.table({"user": [f"u{n}" for n in range(1000)], "items": [[str(n)] for n in range(1000)]})
    pq.write_table(table, file, row_group_size=300)
    for start in (0, 299, 300, 555, 999, 1000):
        assert [user for user, _ in PeopleInFile(file).since(start)] == [f"u{n}" for n in range(start, 1000)]


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
