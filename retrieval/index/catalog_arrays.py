"""Arrays in a file of the index that say which catalogue they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.atomic_write import replace_file
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark

AGAIN = "run `tastemaker build` again"
UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile)
"""What reading a broken file of arrays raises."""

Arrays = Mapping[str, npt.NDArray[Any]]


def save_arrays(path: Path, catalog: Catalog, arrays: Arrays) -> None:
    """Write arrays made of what a catalogue states, atomically."""
    with replace_file(path) as file:
        np.savez(file, catalog=catalog.stated_hash, **arrays)  # type: ignore[arg-type]


def read_arrays(path: Path) -> Arrays:
    """All arrays of a file, whatever it belongs to.

    Raises:
        OSError, ValueError, BadZipFile: it is missing or broken.
    """
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def read_own_arrays(path: Path, catalog: Catalog, *names: str) -> tuple[npt.NDArray[Any], ...]:
    """Those of :func:`save_arrays`, by name.

    Raises:
        WorkspaceError: missing, broken or of another catalogue.
    """
    try:
        arrays = read_arrays(path)
        own, *wanted = (arrays[name] for name in ("catalog", *names))
    except UNREADABLE as error:
        raise WorkspaceError(f"cannot read {path} ({error}); {AGAIN}") from error
    if str(own) != catalog.stated_hash:
        raise WorkspaceError(f"{path} belongs to another catalogue; {AGAIN}")
    return tuple(wanted)


def save_vectors(path: Path, catalog: Catalog, model: ModelMark, arrays: Arrays) -> None:
    """As :func:`save_arrays`, for vectors that a model made."""
    save_arrays(path, catalog, {**arrays, "model": np.array(model.name), "probe": model.probe})


def read_own_vectors(
    path: Path, catalog: Catalog, embedder: TextEmbedder, *names: str
) -> tuple[npt.NDArray[Any], ...]:
    """Those of :func:`save_vectors`, by name.

    Raises:
        WorkspaceError: missing, broken, or of another catalogue or embedding model.
    """
    *wanted, model, probe = read_own_arrays(path, catalog, *names, "model", "probe")
    if models := ModelMark(str(model), probe).difference(ModelMark.of(embedder)):
        raise WorkspaceError(f"{path} was made with {models}; {AGAIN} or choose that embedding model")
    return tuple(wanted)
