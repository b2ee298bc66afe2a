"""A recommender's folder: model.safetensors, config.json, vocabulary.json. Never a pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from tastemaker.recommenders.data.vocabulary import Vocabulary
from tastemaker.retrieval.atomic_write import replace_folder
from tastemaker.retrieval.errors import WorkspaceError

if TYPE_CHECKING:
    from torch import Tensor

FORMAT = "tastemaker-recommender"
FORMAT_VERSION = 1
MAPPED = 2 << 20
"""Arrays of so many bytes are not copied from a large file into memory."""
LARGE = 64 << 20
"""Smaller files are read as a whole, without PyTorch, which takes seconds to import."""
AGAIN = "train it again with `tastemaker train`"


@dataclass(frozen=True)
class SavedModel:
    """What a recommender's folder holds; ``record`` tells how its training went."""

    name: str
    config: Mapping[str, object]
    vocabulary: Vocabulary
    arrays: Mapping[str, npt.NDArray[np.generic]]
    record: Mapping[str, object] = field(default_factory=dict)


def write_model(folder: Path, model: SavedModel) -> None:
    """Write a model's folder, all or nothing; an older model there is replaced.

    Raises:
        WorkspaceError: something else stands there.
    """
    folder = Path(folder)
    if folder.exists() and not _may_replace(folder):
        raise WorkspaceError(
            f"{folder} is not a recommender's folder and was left alone; name another folder"
        )
    with replace_folder(folder) as fresh:
        weights = fresh / "model.safetensors"
        save_file({name: np.ascontiguousarray(array) for name, array in model.arrays.items()}, weights)
        weights.chmod(fresh.stat().st_mode & 0o666)  # the library leaves it to its owner alone
        head = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "name": model.name,
            "vocabulary_sha256": model.vocabulary.sha256,
            "weights_sha256": _sha256(weights),
            "config": model.config,
            "training": model.record,
        }
        (fresh / "config.json").write_text(json.dumps(head, indent=2) + "\n", encoding="utf-8")
        model.vocabulary.save(fresh / "vocabulary.json")


def read_model(
    folder: Path, *, name: str | None = None, vocabulary: Vocabulary | None = None, grown: bool = False
) -> SavedModel:
    """Read a model's folder and check that its three files belong together.

    Args:
        folder: where :func:`write_model` wrote.
        name: the model's name, where only that will do.
        vocabulary: the vocabulary that the model must have, where only that will do.
        grown: that vocabulary may have more ids, in another order.

    Raises:
        WorkspaceError: a file is missing, cut short, foreign, or of another catalogue.
    """
    folder = Path(folder)
    head = _read_head(folder / "config.json")
    if name is not None and head["name"] != name:
        raise WorkspaceError(f"{folder} holds a {head['name']!r}, not a {name!r}; use load_recommender")
    own = Vocabulary.load(folder / "vocabulary.json")
    if own.sha256 != head["vocabulary_sha256"]:
        raise WorkspaceError(f"{folder}: vocabulary.json is not the one that config.json names; {AGAIN}")
    if vocabulary is not None:
        _check_vocabulary(folder, own, vocabulary, grown)
    arrays = _read_arrays(folder / "model.safetensors", str(head["weights_sha256"]))
    record = head.get("training", {})  # older folders have none
    return SavedModel(str(head["name"]), head["config"], own, arrays, record)  # type: ignore[arg-type]


def _check_vocabulary(folder: Path, own: Vocabulary, wanted: Vocabulary, grown: bool) -> None:
    if own.sha256 == wanted.sha256:
        return
    gone = wanted.known_rows(own.ids)[1]
    if grown and not gone:
        return
    why = f"; {len(gone):,} of its items are gone, such as {gone[0]!r}" if grown else ""
    raise WorkspaceError(
        f"{folder} was trained on another catalogue ({len(own):,} items, {own.sha256[:8]}) than this one "
        f"({len(wanted):,} items, {wanted.sha256[:8]}){why}; {AGAIN}"
    )


def _read_head(path: Path) -> Mapping[str, object]:
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WorkspaceError(f"{path.parent} holds no recommender (no config.json); {AGAIN}") from None
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read ({error.strerror}); {AGAIN}") from error
    except ValueError as error:
        raise WorkspaceError(f"{path} is no JSON ({error}); {AGAIN}") from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise WorkspaceError(f"{path} is not a recommender's config.json; {AGAIN}")
    if head.get("format_version") != FORMAT_VERSION:
        version = head.get("format_version")
        raise WorkspaceError(f"{path} has format version {version}, this is {FORMAT_VERSION}; {AGAIN}")
    needed = {"name", "vocabulary_sha256", "weights_sha256", "config"}
    if missing := needed - head.keys():
        raise WorkspaceError(f"{path} lacks {', '.join(sorted(missing))}; {AGAIN}")
    return head


def _read_arrays(path: Path, sha256: str) -> Mapping[str, npt.NDArray[np.generic]]:
    """The arrays; large ones stay in the file, whose pages take memory once they are looked at."""
    try:
        if _sha256(path) != sha256:
            raise WorkspaceError(f"{path} is cut short or not the one that config.json names; {AGAIN}")
        if path.stat().st_size < LARGE:
            return load_file(path)
        with safe_open(path, "pt") as file:  # its NumPy side would copy
            return {name: _copy_if_small(file.get_tensor(name)) for name in file.keys()}  # noqa: SIM118 - no mapping
    except FileNotFoundError:
        raise WorkspaceError(f"{path} is missing; {AGAIN}") from None
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read ({error.strerror}); {AGAIN}") from error
    except SafetensorError as error:
        raise WorkspaceError(f"{path} is no safetensors file ({error}); {AGAIN}") from error


def _copy_if_small(tensor: Tensor) -> npt.NDArray[np.generic]:
    """Small arrays are copied: in the file they begin anywhere, which costs speed and the last bit of sums."""
    mapped = tensor.nbytes >= MAPPED
    return tensor.numpy() if mapped else tensor.clone().numpy()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _may_replace(folder: Path) -> bool:
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / "config.json").exists())
