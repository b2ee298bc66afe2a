"""A recommender's folder: model.safetensors, config.json, vocabulary.json. Never a pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from tastemaker.recommenders.atomic_write import replaced_folder
from tastemaker.recommenders.vocabulary import Vocabulary
from tastemaker.retrieval.errors import WorkspaceError

FORMAT = "tastemaker-recommender"
FORMAT_VERSION = 1
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
    weights = save({name: np.ascontiguousarray(array) for name, array in model.arrays.items()})
    head = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": model.name,
        "vocabulary_sha256": model.vocabulary.sha256,
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "config": model.config,
        "training": model.record,
    }
    with replaced_folder(folder) as fresh:
        (fresh / "model.safetensors").write_bytes(weights)
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
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise WorkspaceError(f"{path} is missing; {AGAIN}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WorkspaceError(f"{path} is cut short or not the one that config.json names; {AGAIN}")
    try:
        arrays: Mapping[str, npt.NDArray[np.generic]] = load(content)
    except SafetensorError as error:
        raise WorkspaceError(f"{path} is no safetensors file ({error}); {AGAIN}") from error
    return arrays


def _may_replace(folder: Path) -> bool:
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / "config.json").exists())
