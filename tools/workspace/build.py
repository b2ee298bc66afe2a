"""Build a workspace: catalogue and log in, index and trained recommender out, all or nothing.

Work happens in a new version's folder. Stopped half-way, the same build goes on where it was;
only a finished one becomes the current version, in one step.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from tastemaker.recommenders import load_recommender, train
from tastemaker.recommenders.registry import recommender_class
from tastemaker.recommenders.training.distributed import join
from tastemaker.retrieval.atomic_write import replace_folder, write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.computed_attributes import with_computed
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.item_text import item_texts
from tastemaker.retrieval.errors import DataError, DiskFull, TastemakerError, WorkspaceError
from tastemaker.retrieval.index import ask_index
from tastemaker.retrieval.index.ask_index import AskIndex, Asks
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.retrieval.index.embedder_fingerprint import ModelMark
from tastemaker.retrieval.index.field_words import FieldWords
from tastemaker.retrieval.index.index_files import read_card
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex
from tastemaker.retrieval.index.title_keys import TitleKeys
from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.judged import judged_index
from tastemaker.retrieval.judged.item_features import item_features
from tastemaker.retrieval.judged.judged_index import JudgedIndex, refuse_too_many
from tastemaker.retrieval.judged.judged_requests import JudgedRequest, keep_known
from tastemaker.retrieval.titles.near_duplicates import near_duplicates, write_groups
from tastemaker.retrieval.unwritable import is_full, is_read_only
from tastemaker.tools.workspace.build_lock import alone
from tastemaker.tools.workspace.checksums import checksums, damage, renewed, without
from tastemaker.tools.workspace.data_files import (
    context_hash,
    log_hash,
    write_asks,
    write_catalog,
    write_interactions,
)
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder, resolve_embedding
from tastemaker.tools.workspace.manifest import FORMAT, Manifest
from tastemaker.tools.workspace.newer_version import refuse_newer
from tastemaker.tools.workspace.removed_items import write_removed
from tastemaker.tools.workspace.versions import (
    ASKS,
    CATALOG,
    LOG,
    MANIFEST,
    bring_home,
    current_folder,
    is_workspace,
    publish,
    staging_folder,
)
from tastemaker.tools.workspace.workspace import NEAR_DUPLICATES, Workspace, describe_unranked_items

POPULARITY = "popularity"
LEARNABLE = 3
"""Likes that one person in the log needs at least, for a model of histories to learn anything."""
DEFAULT_RECOMMENDER = "sasrec"
VERSIONED = ("tastemaker", "torch", "chromadb", "sentence-transformers", "numpy")

Say = Callable[[str], None]


def build_workspace(
    path: Path | str,
    catalog: Catalog,
    interactions: Interactions | None = None,
    *,
    recommender: str = DEFAULT_RECOMMENDER,
    embedding: str = DEFAULT_EMBEDDING,
    store: str | None = None,
    seed: int = 0,
    settings: Mapping[str, object] | None = None,
    keep_models: bool = False,
    report: Mapping[str, Any] | None = None,
    asks: Asks | None = None,
    judged: Sequence[JudgedRequest] = (),
    progress: bool = True,
    say: Say = lambda _: None,
) -> Workspace:
    """Index a catalogue, train a recommender on a log, and write both as a workspace.

    Args:
        path: the workspace's folder; replaced if it is a workspace already, its conversations kept.
        catalog, interactions: the data; what the log tells of each item is added to it
            (:mod:`tastemaker.retrieval.catalog.computed_attributes`). Models learn from its likes. Without a
            log, or with too few likes for the recommender, the items are ranked by content and popularity.
        recommender: which to train besides popularity; see ``tastemaker train --list``.
        embedding: which model embeds the item texts; see :func:`tastemaker.tools.workspace.embedding.open_embedder`.
        store: ``http://host:port`` of a `chroma run` server that keeps the index; a folder if left out.
        seed, settings: for the training.
        keep_models: train nothing, but keep the recommenders of the workspace that stands there; its
            catalogue may have grown since. Those that read texts or attributes rank the new items too.
        report: kept in the manifest, such as what was inferred from the files.
        asks: phrases in which people would ask for the items, by item id; searched and never shown.
        judged: requests with the items that fit them, from which the ranking learns; those without a known item
            are left out.
        progress: show progress bars.
        say: is told each step in a line.

    Raises:
        DataError: no items, or more judged requests than can be kept.
        WorkspaceError: the target holds something else, another build is at work there, the disk is full,
            or models are to be kept that are not there or know items that are gone.
    """
    path = Path(path)
    if not len(catalog):
        raise DataError("the catalogue holds no items; nothing to build")
    interactions = no_events() if interactions is None else interactions
    likes = interactions.likes()
    embedding = resolve_embedding(embedding)
    catalog = with_computed(catalog, interactions, say)
    recommender = _possible(recommender, likes, say)
    if keep_models:
        recommender = Workspace.open(path).manifest.recommender
    asks = {item_id: tuple(asks[item_id]) for item_id in catalog.ids if asks.get(item_id)} if asks else {}
    more: list[object] = [*(["kept"] if keep_models else []), *([asks] if asks else [])]
    judged = keep_known(judged, frozenset(catalog.ids))
    refuse_too_many(judged, catalog)
    more += [[astuple(one) for one in judged]] if judged else []
    key = _key(catalog, interactions, recommender, embedding, seed, settings, *more)
    with _disk_full(path), alone(path):
        bring_home(path, say)
        refuse_newer(path)
        embedder = open_embedder(embedding)
        if _is_current(path, key, catalog, embedder, store, say):
            say(f"{path} is up to date, nothing to do")
            return Workspace.open(path)
        before, staging = current_folder(path), staging_folder(path, key)
        if before is not None:
            _carry_over(path, before, staging, key, embedder)
        say(f"indexing {len(catalog):,} item texts")
        with VectorIndex.build(
            staging / "index",
            catalog,
            item_texts(catalog),
            embedder,
            progress,
            store=store,
            label=path.name,
            say=say,
        ) as index:
            write_groups(staging / NEAR_DUPLICATES, near_duplicates(catalog, index.vectors), catalog)
        PhraseIndex.build(staging / "index", catalog, embedder, progress, say)
        if asks:
            AskIndex.build(staging / "index", catalog, asks, embedder, progress=progress, say=say)
            write_asks(staging / ASKS, asks)
        else:
            (staging / "index" / ask_index.FILE).unlink(missing_ok=True)
        if judged:
            with VectorIndex.open(staging / "index", catalog, embedder, store) as index:
                _learn_from_judged(staging / "index", index, catalog, judged, embedder, progress, say)
        else:
            for file in (judged_index.FILE, judged_index.WORDINGS):
                (staging / "index" / file).unlink(missing_ok=True)
        lexical = LexicalIndex.build(staging / "index", catalog, progress)
        FieldWords.of(catalog, lexical.vocabulary).save(staging / "index", catalog)
        TitleKeys.of(catalog).save(staging / "index", catalog)
        if keep_models:
            _keep_models(Workspace.open(path).recommenders, staging / "recommenders", catalog, embedder, say)
        for name in dict.fromkeys(("popularity", recommender)):
            folder = staging / "recommenders" / name
            if not folder.exists():
                if len(likes):
                    say(f"training {name} on {len(likes):,} interactions")
                folder.parent.mkdir(exist_ok=True)
                settled = settings if name == recommender else None
                train(
                    name,
                    catalog,
                    likes,
                    folder,
                    seed=seed,
                    progress=progress,
                    settings=settled,
                    embedder=embedder,
                )
        write_catalog(staging / CATALOG, catalog)
        write_removed(staging, before, catalog)
        write_interactions(staging / LOG, interactions)
        manifest = _manifest(path, key, catalog, interactions, recommender, embedding, store, report or {})
        for checkpoint in (staging / "recommenders").glob("*.checkpoint.safetensors"):
            checkpoint.unlink()
        manifest = manifest.model_copy(update={"grown": keep_models, "files": checksums(staging)})
        (staging / MANIFEST).write_bytes(manifest.to_bytes())
        publish(path, staging)
        say(f"workspace ready: {path}")
        if (path / "enrichment").exists():
            say(f"facets: run `tastemaker enrich --workspace {path} ...` again, which asks only what is new")
    return Workspace.open(path)


def _learn_from_judged(
    folder: Path,
    index: VectorIndex,
    catalog: Catalog,
    judged: Sequence[JudgedRequest],
    embedder: TextEmbedder,
    progress: bool,
    say: Say,
) -> None:
    texts = [np.asarray(index.vectors)]
    if (folder / ask_index.FILE).exists():
        texts.append(AskIndex.open(folder, catalog, embedder).means())
    features = item_features(catalog, *texts)
    JudgedIndex.build(folder, catalog, judged, features, embedder, progress=progress, say=say)
    say(f"judged requests: {len(judged):,} learned from")


def no_events() -> Interactions:
    """The log of a catalogue that nobody has used yet."""
    return Interactions.from_columns((), ())


def _possible(recommender: str, likes: Interactions, say: Say) -> str:
    """The recommender, or popularity where there is too little to learn from, which is said."""
    recommender_class(recommender)  # a name that nobody knows is refused, however short the log
    longest = int(np.diff(likes.offsets).max(initial=0))
    if recommender == POPULARITY or longest >= LEARNABLE:
        return recommender
    if not len(likes):
        say("no interactions: items are ranked by what they are about; popularity is unknown")
    else:
        say(
            f"{recommender} is not trained: nobody in the log likes {LEARNABLE} items or more; {POPULARITY} serves "
            f"instead (run `tastemaker train --model {recommender}` when the log has grown)"
        )
    return POPULARITY


def add_recommender(
    workspace: Workspace,
    name: str,
    *,
    seed: int = 0,
    settings: Mapping[str, object] | None = None,
    progress: bool = True,
    say: Say = lambda _: None,
) -> Workspace:
    """Train one more recommender in a workspace and make it the one that serves; a failure changes nothing.

    Under ``torchrun``, its processes share the training.

    Raises:
        ConfigError: no such recommender or setting.
        WorkspaceError: another build is at work there, or the disk is full.
    """
    with join() as processes, _disk_full(workspace.path), ExitStack() as held:
        if processes.first:
            held.enter_context(alone(workspace.path))
        processes.wait()
        workspace = Workspace.open(workspace.path)  # a build may have been published in between
        if processes.first:
            # Killed between the model and the manifest, the workspace must open all the same.
            _note_checksums(workspace, f"recommenders/{name}", known=False)
            say(f"training {name} on {len(workspace.interactions):,} interactions")
        train(
            name,
            workspace.catalog,
            workspace.interactions,
            workspace.recommenders / name,
            seed=seed,
            progress=progress,
            settings=settings,
            embedder=workspace.embedder,
        )
        if processes.first:
            _serve(workspace, name)
            say(f"{name} now serves {workspace.path}")
        processes.wait()
    return Workspace.open(workspace.path)


def _serve(workspace: Workspace, name: str) -> None:
    now = Workspace.open(workspace.path).manifest
    files = renewed(now.files, workspace.folder, f"recommenders/{name}")
    manifest = now.model_copy(update={"recommender": name, "files": files})
    write_atomically(workspace.folder / MANIFEST, manifest.to_bytes())


@contextmanager
def rewrite(workspace: Workspace, part: str) -> Iterator[None]:
    """While the block writes a folder of a version anew, the manifest has no checksums of it, and then the new ones.

    Killed in the block, the workspace opens with the old or the new folder, unchecked.
    """
    with alone(workspace.path):
        _note_checksums(workspace, part, known=False)
    yield
    with alone(workspace.path):
        _note_checksums(workspace, part, known=True)


def _note_checksums(workspace: Workspace, part: str, *, known: bool) -> None:
    now = Workspace.open(workspace.path)
    files = renewed(now.manifest.files, now.folder, part) if known else without(now.manifest.files, part)
    if files != now.manifest.files:
        manifest = now.manifest.model_copy(update={"files": files})
        write_atomically(now.folder / MANIFEST, manifest.to_bytes())


def _keep_models(old: Path, new: Path, catalog: Catalog, embedder: TextEmbedder, say: Say) -> None:
    """Bring trained recommenders over to a catalogue that holds their items and maybe more."""
    for folder in sorted(path for path in old.iterdir() if (path / "config.json").exists()):
        if folder.name == "popularity":
            continue  # counting is quicker than asking
        model = load_recommender(folder, catalog, embedder, grown=True)
        model.save(new / folder.name)
        left_out = model.unservable(catalog)
        say(
            describe_unranked_items(model.name, left_out)
            if left_out
            else f"kept {model.name}: it ranks all items"
        )


def _key(catalog: Catalog, log: Interactions, *rest: object) -> str:
    said = "" if log.feedback is None else hashlib.sha256(log.feedback.tobytes()).hexdigest()
    said += context_hash(log)
    parts = [FORMAT, catalog.content_hash, log_hash(log) + said, metadata.version("tastemaker"), *rest]
    return hashlib.sha256(json.dumps(parts, default=dict).encode()).hexdigest()


def _is_current(
    path: Path, key: str, catalog: Catalog, embedder: TextEmbedder, store: str | None, say: Say
) -> bool:
    if not is_workspace(path):
        return False
    try:
        built = Workspace.open(path)
        if built.manifest.key != key or built.manifest.store != store:
            return False
        _check_all_files(built)
        folder = built.folder / "index"
        with VectorIndex.open(folder, catalog, embedder, store) as index:
            if index.store:
                index.store.current()
        PhraseIndex.open(folder, catalog, embedder)
        LexicalIndex.open(folder, catalog)
    except WorkspaceError as error:  # broken or of another version: it is about to be replaced
        say(f"building again: {error}")
        return False
    return True


def _check_all_files(built: Workspace) -> None:
    wrong = next(damage(built.folder, built.manifest.files), None)
    if wrong:
        raise WorkspaceError(wrong)


def _carry_over(path: Path, before: Path, staging: Path, key: str, embedder: TextEmbedder) -> None:
    """Begin with the old index, whose vectors of unchanged texts stay, and with models of the same inputs.

    Nothing that was damaged since is taken over.
    """
    manifest = None
    with suppress(WorkspaceError):
        manifest = Workspace.open(path).manifest
    wrong = list(damage(before, manifest.files)) if manifest else []
    if not any(f"{before / 'index'}/" in one for one in wrong):
        _copy(before / "index", staging / "index")
    card = read_card(before / "index")
    if card and card.model.difference(ModelMark.of(embedder)):
        return  # models that read texts would not fit
    if manifest and manifest.key == key and not any(f"{before / 'recommenders'}/" in one for one in wrong):
        _copy(before / "recommenders", staging / "recommenders")


def _copy(old: Path, new: Path) -> None:
    if old.exists() and not new.exists():
        with replace_folder(new) as fresh:
            shutil.copytree(old, fresh, dirs_exist_ok=True)


@contextmanager
def _disk_full(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if isinstance(error, TastemakerError) or not (is_full(error) or is_read_only(error)):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no space left"
        raise DiskFull(
            f"cannot write {path}: {reason}; free some space or choose another --workspace,"
            " then run the same command again (it goes on where it was)"
        ) from error


def _manifest(
    path: Path,
    key: str,
    catalog: Catalog,
    log: Interactions,
    recommender: str,
    embedding: str,
    store: str | None,
    report: Mapping[str, Any],
) -> Manifest:
    return Manifest(
        format=FORMAT,
        key=key,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={name: metadata.version(name) for name in VERSIONED},
        name=path.name,
        items=len(catalog),
        interactions=len(log),
        users=len(log.users),
        catalog_hash=catalog.content_hash,
        embedding=embedding,
        store=store,
        recommender=recommender,
        catalog_schema=catalog.schema,
        report=dict(report),
    )
