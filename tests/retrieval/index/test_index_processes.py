"""The text index across processes: a build killed half-way, readers during an update, a real Chroma server."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import ConfigError, WorkspaceError
from tastemaker.retrieval.filters.constraints import Constraint, Op
from tastemaker.retrieval.index import chroma_fill, chroma_search
from tastemaker.retrieval.index.hashing_embedder import HashingEmbedder
from tastemaker.retrieval.index.vector_index import VectorIndex

SCHEMA = Schema(
    attributes=(Attribute(name="year", kind=Kind.NUMBER), Attribute(name="premise", kind=Kind.TEXT))
)
EMBEDDER = HashingEmbedder(32)
WORDS = ("harbour", "jury", "train", "florist", "ghost", "farmer", "pilot", "cellar", "clown", "valley")


def catalog(first, last):
    return Catalog(
        [
            Item(
                str(n),
                f"Film {n}",
                {"year": 1950 + n % 60, "premise": f"{WORDS[n % 10]} {WORDS[n // 10 % 10]} {n}"},
            )
            for n in range(first, last)
        ],
        SCHEMA,
    )


class Counting(HashingEmbedder):
    """Counts the texts it embeds."""

    seen = 0

    def encode(self, texts):
        self.seen += len(texts)
        return super().encode(texts)


class Slow(HashingEmbedder):
    """Says that a batch is coming, then takes its time."""

    def encode(self, texts):
        sys.stdout.write("batch\n")
        sys.stdout.flush()
        time.sleep(0.1)
        return super().encode(texts)


def build(folder, films, embedder=EMBEDDER, **rest):
    return VectorIndex.build(folder, films, item_texts(films), embedder, progress=False, **rest)


def build_elsewhere(folder, first, last):
    """The same build in a process of its own, in slow batches of 20."""
    code = f"import runpy; runpy.run_path({__file__!r}, run_name='builder')"
    arguments = [sys.executable, "-c", code, str(folder), str(first), str(last)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_a_build_killed_half_way_goes_on_where_it_was(tmp_path):
    films = catalog(0, 200)
    with build_elsewhere(tmp_path, 0, 200) as builder:
        for _ in range(4):  # three batches are stored when the fourth begins
            assert builder.stdout.readline() == "batch\n"
        builder.send_signal(signal.SIGKILL)
    with pytest.raises(WorkspaceError, match="no finished text index"):
        VectorIndex.open(tmp_path, films, EMBEDDER)
    rest, said = Counting(32), []
    with build(tmp_path, films, rest, say=said.append) as index:
        assert rest.seen == 140
        assert said == ["item texts: 140 embedded, 60 kept"]
        np.testing.assert_allclose(index.vectors, EMBEDDER.encode(item_texts(films)), atol=1e-6)


def test_an_open_index_answers_during_and_after_an_update_elsewhere(tmp_path):
    films, now = catalog(0, 200), catalog(100, 300)
    build(tmp_path, films).close()
    with VectorIndex.open(tmp_path, films, EMBEDDER) as reader:
        before = reader.search("a ghost on a train", 10)
        answers = 0
        with build_elsewhere(tmp_path, 100, 300) as builder:
            while builder.poll() is None:
                reader.exact_rows = 0 if answers % 2 else 10**6  # Chroma and the matrix in turn
                assert reader.search("a ghost on a train", 10) == before
                answers += 1
                time.sleep(0.02)
        assert builder.returncode == 0
        assert answers > 10
        assert reader.search("a ghost on a train", 10) == before
    with VectorIndex.open(tmp_path, now, EMBEDDER) as updated:
        assert len(updated.search("a ghost on a train", 200)) == 200


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """`chroma run` on loopback, which can be killed and started again at the same place."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        # What the command `chroma` does, wherever the environment keeps its commands.
        chroma = [sys.executable, "-c", "from chromadb.cli.cli import app; app()"]
        command = [*chroma, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).raise_for_status()
                return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path / "server")
    yield running
    running.kill()


@pytest.mark.wire
def test_a_server_may_go_away_and_come_back_while_people_search(tmp_path, server, monkeypatch, caplog):
    monkeypatch.setattr(chroma_search, "REST", 0.2)
    films, nineties = catalog(0, 200), [Constraint(field="year", op=Op.BETWEEN, value=(1990, 1999))]
    build(tmp_path / "a", films, store=server.url).close()
    assert not (tmp_path / "a" / "chroma").exists()
    with VectorIndex.open(tmp_path / "a", films, EMBEDDER, store=server.url) as index:
        index.exact_rows = index.exact_filtered_rows = 0
        first = index.find("a ghost on a train", 5, nineties)
        server.kill()
        second = index.find("a ghost on a train", 5, nineties)
        assert f"no Chroma server answers at {server.url}" in caplog.text
        assert f"chroma run --path FOLDER --port {server.port}" in caplog.text
        server.start()
        time.sleep(0.3)
        third = index.find("a ghost on a train", 5, nineties)
    assert (first.path, second.path, third.path) == ("chroma", "exact", "chroma")
    assert first.pairs == second.pairs == third.pairs


@pytest.mark.wire
def test_workspaces_share_a_server_without_meeting(tmp_path, server):
    here, there = catalog(0, 60), catalog(30, 90)
    build(tmp_path / "a", here, store=server.url, label="Films").close()
    build(tmp_path / "b", there, store=server.url, label="Films").close()
    changed = Counting(32)
    build(tmp_path / "a", catalog(0, 70), changed, store=server.url, label="Films").close()
    assert changed.seen == 10
    for folder, films in (("a", catalog(0, 70)), ("b", there)):
        with VectorIndex.open(tmp_path / folder, films, EMBEDDER, store=server.url) as index:
            index.exact_rows = 0
            found = index.find("a ghost on a train", 10)
            assert found.path == "chroma"
            assert {item_id for item_id, _ in found.pairs} <= set(films.ids)


@pytest.mark.wire
def test_an_index_moves_to_a_server_and_back_without_embedding_anything(tmp_path, server):
    films, counting = catalog(0, 60), Counting(32)
    build(tmp_path, films, counting).close()
    build(tmp_path, films, counting, store=server.url).close()
    assert not (tmp_path / "chroma").exists()
    build(tmp_path, films, counting).close()
    assert counting.seen == 60


@pytest.mark.wire
def test_a_server_that_is_not_there_stops_a_build_and_no_search(tmp_path, caplog):
    films, url = catalog(0, 20), f"http://127.0.0.1:{free_port()}"
    with pytest.raises(WorkspaceError, match=rf"no Chroma server answers at {url} .*chroma run --path"):
        build(tmp_path / "x", films, store=url)
    build(tmp_path / "a", films).close()
    with VectorIndex.open(tmp_path / "a", films, EMBEDDER, store=url) as index:
        assert len(index.search("ghost", 5)) == 5
    assert f"no Chroma server answers at {url}" in caplog.text


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://host", "http://", "http://host:port", "http://h/db"]
)
def test_an_address_of_another_form_is_refused(tmp_path, url):
    with pytest.raises(ConfigError, match="write http://HOST:PORT"):
        build(tmp_path, catalog(0, 5), store=url)


if __name__ == "builder":
    chroma_fill.BATCH = 20
    folder, first, last = sys.argv[1:]
    build(Path(folder), catalog(int(first), int(last)), Slow(32)).close()
