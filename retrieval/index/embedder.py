"""Texts into vectors with a sentence-transformers model, on the CPU."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.errors import SourceError
from tastemaker.retrieval.index.bert_encoder import BertEncoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

BATCH = 16
"""Texts encoded at once, of similar lengths; batches of 64 outgrow the processor's cache (measured, see LOG.md)."""
CACHED_QUERIES = 256


class TextEmbedder(Protocol):
    """Anything that turns texts into unit vectors.

    Attributes:
        name: says which vectors these are; an index built with another name must be rebuilt.
    """

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[n, d]."""

    def encode_query(self, text: str) -> Vectors:
        """One unit vector, float32[d], read-only."""


@runtime_checkable
class QueryBatcher(Protocol):
    """An embedder that makes the vectors of several short texts in much less time than one by one."""

    def encode_queries(self, texts: Sequence[str]) -> list[Vectors]:
        """As :meth:`TextEmbedder.encode_query` for several texts at once; remembered for it."""


class Embedder:
    """A sentence-transformers model, loaded when first used. Safe to share between threads.

    Args:
        model: folder of the model (nothing is fetched then), or its name on the hub.
        name: what to call its vectors; the folder's or the hub's name unless given.
    """

    def __init__(self, model: str | Path, name: str | None = None) -> None:
        self.name = name or (Path(model).name if Path(model).is_dir() else str(model))
        self._source = model
        self._model: SentenceTransformer | None = None
        self._light: BertEncoder | None = None
        self._looked = False
        self._lock = threading.Lock()
        self._queries: OrderedDict[str, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[n, d]; long texts are cut at the model's length (256 pieces for MiniLM).

        Raises:
            SourceError: the model could not be loaded.
        """
        with self._lock:
            return self._encode(list(texts))

    def encode_query(self, text: str) -> Vectors:
        """One unit vector, float32[d], read-only; the last few hundred are remembered."""
        return self.encode_queries([text])[0]

    def encode_queries(self, texts: Sequence[str]) -> list[Vectors]:
        """As :meth:`encode_query` for several texts, those that are not remembered all at once."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._queries]
            if missing:
                for text, vector in zip(missing, self._encode_queries(missing), strict=True):
                    vector.setflags(write=False)
                    self._queries[text] = vector
            for text in texts:
                self._queries.move_to_end(text)
            found = [self._queries[text] for text in texts]
            while len(self._queries) > CACHED_QUERIES:
                self._queries.popitem(last=False)
        return found

    def _encode_queries(self, texts: list[str]) -> Vectors:
        light = self._light_encoder()
        if light is not None:
            return light.encode_all(texts)
        with one_thread():
            return self._encode(texts)

    def _light_encoder(self) -> BertEncoder | None:
        """One query is encoded without PyTorch where the model is a plain one."""
        if not self._looked:
            self._light, self._looked = BertEncoder.open(Path(self._source)), True
        return self._light

    def _encode(self, texts: list[str]) -> Vectors:
        if self._model is None:
            self._model = _load(self._source)
        # sentence-transformers sorts what it is given by length, so that a batch holds little padding
        with faster_numbers() if len(texts) > 1 else nullcontext():
            vectors = self._model.encode(
                texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


def _load(source: str | Path) -> SentenceTransformer:
    if isinstance(source, Path) and not source.is_dir():
        raise SourceError(
            f"no embedding model in {source}; run `tastemaker doctor` to see which models are here"
        )
    # Importing these takes seconds, so it waits until a text must be encoded.
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(source),
            device="cpu",
            local_files_only=Path(source).is_dir(),
            model_kwargs={"use_safetensors": True},  # the other format is a pickle
        )
    except (OSError, ValueError) as error:
        raise SourceError(
            f"embedding model {str(source)!r} could not be loaded: {error}; run `tastemaker doctor` to see "
            "which models are here"
        ) from error
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def faster_numbers() -> AbstractContextManager[object]:
    """PyTorch multiplies in bfloat16 where the processor can and computes as before elsewhere.

    Sums, norms and softmax stay in float32, so that a vector keeps a cosine above .9999 with its float32
    form. Without instructions for it bfloat16 is imitated, at several times the cost.
    """
    import torch

    able = torch.cpu.get_capabilities()
    if able.get("amx_bf16") or able.get("avx512_bf16"):
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch computes in the calling thread alone."""
    # One short text gains nothing from a second thread, and while another process keeps the
    # cores busy the threads wait for each other: 10 ms becomes several hundred.
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
