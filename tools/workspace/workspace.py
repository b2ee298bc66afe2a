"""A workspace: the folder that ``tastemaker build`` writes and everything else opens.

::

    shop/
      current                  which version is: the only file that a build replaces
      versions/<n>/            what build n made:
        manifest.json          what is here, by which version, with hashes
        catalog.jsonl          one item a line
        enriched-<hash>/       the same with inferred facets, and their definition, if `enrich` ran
        asks.jsonl             phrases in which people would ask for the items, where the data set has some
        removed.jsonl          titles of items that earlier builds had
        interactions.parquet   user, item row, timestamp, rating, context
        index/                 Chroma's store, unless a server has it, and the vectors
        recommenders/<name>/   model.safetensors, config.json, vocabulary.json
        conversation/          the same of what logged conversations taught, if any were
      enrichment/              answers of models about items (made by `enrich`, never touched by a build)
      sessions.sqlite          conversations (made by use, never touched by a build)
      traces/                  what happened in them (likewise)
      feedback/                what was shown and what became of it (likewise)

Until there were versions, the files of a build lay in ``shop/`` itself; such a workspace opens as it
is, and the next build puts a version beside them.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from pydantic import ValidationError

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import WorkspaceError
from tastemaker.retrieval.facets.definition import FacetSet, read_facets
from tastemaker.retrieval.facets.shipped import facet_set_for
from tastemaker.retrieval.index import ask_index
from tastemaker.retrieval.index.ask_index import AskIndex
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.retrieval.index.field_words import FieldWords
from tastemaker.retrieval.index.lexical_index import LexicalIndex
from tastemaker.retrieval.index.phrase_index import PhraseIndex
from tastemaker.retrieval.index.title_keys import TitleKeys
from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.judged import judged_index
from tastemaker.retrieval.judged.judged_index import JudgedIndex
from tastemaker.retrieval.search.relevance import Ways
from tastemaker.retrieval.search.retriever import Retriever
from tastemaker.retrieval.titles.near_duplicates import near_duplicates, read_groups
from tastemaker.retrieval.titles.resolver import TitleResolver
from tastemaker.tools.search_context import SearchContext
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.checksums import check_small
from tastemaker.tools.workspace.data_files import read_asks, read_interactions, read_verified_catalog
from tastemaker.tools.workspace.embedding import open_embedder
from tastemaker.tools.workspace.manifest import FORMAT, Manifest, is_as_written
from tastemaker.tools.workspace.removed_items import read_removed
from tastemaker.tools.workspace.versions import ASKS, LOG, MANIFEST, Version, open_version

if TYPE_CHECKING:
    from tastemaker.recommenders import Vocabulary

logger = logging.getLogger(__name__)


STORE_VARIABLE = "TASTEMAKER_STORE"
"""Environment variable: a Chroma server's URL to use instead of the one that the build wrote down."""
FACETS, NEAR_DUPLICATES = "facets.toml", "near-duplicates.json"


@dataclass(frozen=True)
class Workspace:
    """One version of a workspace; its parts are opened when first asked for, and stay while it is open.

    Attributes:
        path: the workspace as people name it, which holds what use makes.
        manifest: what the version says of itself.
        version: where the files are that its build made; a later build makes another.
    """

    path: Path
    manifest: Manifest
    version: Version

    @property
    def folder(self) -> Path:
        """Where the version's files are."""
        return self.version.folder

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """Read the manifest of a workspace's current version.

        Raises:
            WorkspaceError: there is none, or it is broken or of another format; says what to run.
        """
        path = Path(path)
        rebuild = f"run `tastemaker build --workspace {path} ...` to make it"
        version = open_version(path)
        if version is None:
            raise WorkspaceError(f"no workspace at {path}; {rebuild}")
        file = version.folder / MANIFEST
        try:
            raw = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise WorkspaceError(f"no workspace at {path}; {rebuild}") from None
        except (ValueError, OSError) as error:
            raise WorkspaceError(f"cannot read {file} ({error}); {rebuild}") from error
        found = raw.get("format") if isinstance(raw, dict) else None
        if found != FORMAT:
            raise WorkspaceError(
                f"{path} has workspace format {found}, this version reads format {FORMAT};"
                f" run the same `tastemaker build` again (conversations in it are kept)"
            )
        if not is_as_written(raw):
            raise WorkspaceError(
                f"{file} is not what was written there: it was changed or damaged after the build; {rebuild}"
            )
        try:
            return cls(path, Manifest.model_validate(raw), version)
        except ValidationError as error:
            raise WorkspaceError(f"{file} is broken ({error.error_count()} faults); {rebuild}") from error

    def check_files(self) -> None:
        """Compare the version's small files with their checksums, once in a process.

        Raises:
            WorkspaceError: one was changed or damaged after the build.
        """
        try:
            check_small(self.folder, self.manifest.files)
        except (
            WorkspaceError
        ):  # unless training or enrichment has written them anew since the manifest was read
            check_small(self.folder, Workspace.open(self.path).manifest.files)

    @cached_property
    def catalog(self) -> Catalog:
        """The items, with inferred facets where `tastemaker enrich` has run.

        Raises:
            WorkspaceError: the file is missing, or is not the one that was built.
        """
        if self.manifest.enriched is None:
            return self.built_catalog
        own = self.manifest.enriched
        return read_verified_catalog(self.folder / own.folder, own.catalog_schema, own.catalog_hash)

    @cached_property
    def built_catalog(self) -> Catalog:
        """The items as they were built; raises likewise."""
        return read_verified_catalog(self.folder, self.manifest.catalog_schema, self.manifest.catalog_hash)

    @cached_property
    def facet_set(self) -> FacetSet | None:
        """The definition of the facets that the workspace was enriched with; None where it was not.

        Raises:
            DataError: the file was changed and is wrong now.
        """
        own = self.manifest.enriched
        return None if own is None else read_facets(self.folder / own.folder / FACETS)

    @cached_property
    def built_asks(self) -> dict[str, tuple[str, ...]]:
        """Phrases in which people would ask for the items, by item id, as the data set came with them.

        Raises:
            WorkspaceError: the file is broken.
        """
        return read_asks(self.folder / ASKS)

    @cached_property
    def asks(self) -> AskIndex | None:
        """The index of such phrases, with those of `tastemaker enrich` where it has run; None without any.

        Raises:
            WorkspaceError: the file is broken, or belongs to another catalogue or embedding model.
        """
        own = self.manifest.enriched
        folders = (
            [self.folder / "index"] if own is None else [self.folder / own.folder, self.folder / "index"]
        )
        found = next((folder for folder in folders if (folder / ask_index.FILE).exists()), None)
        return None if found is None else AskIndex.open(found, self.catalog, self.embedder)

    @cached_property
    def judgements(self) -> JudgedIndex | None:
        """What judged requests taught the ranking; None where the workspace was built without any.

        Raises:
            WorkspaceError: the file is broken, or belongs to another catalogue or embedding model.
        """
        folder = self.folder / "index"
        if not (folder / judged_index.FILE).exists():
            return None
        return JudgedIndex.open(folder, self.catalog, self.embedder)

    @property
    def log(self) -> Interactions:
        """The whole interaction log, with what its events say; without events where the build had none.

        It is read anew where it was written since: somebody who is erased is gone from every process.
        """
        file = self.folder / LOG
        try:
            stamp = file.stat().st_mtime_ns
        except OSError as error:
            raise WorkspaceError(f"cannot read {file} ({error}); build the workspace again") from error
        log = self._logs.get(stamp)
        if log is None:
            log = read_interactions(file)
            self._logs.clear()
            self._logs[stamp] = log
        return log

    @cached_property
    def _logs(self) -> dict[int, Interactions]:
        """The log that was read last, by when its file was written."""
        return {}

    @cached_property
    def interactions(self) -> Interactions:
        """The events of the log that say that a person likes an item: what models learn from."""
        return self.log.likes()

    @cached_property
    def embedder(self) -> TextEmbedder:
        """The model that the index was built with; fetched if it is not on this machine."""
        return open_embedder(self.manifest.embedding)

    @cached_property
    def removed(self) -> dict[str, str]:
        """Titles, by id, of items that earlier builds had and this one has not."""
        return read_removed(self.folder)

    @property
    def recommenders(self) -> Path:
        """The folder of trained recommenders."""
        return self.folder / "recommenders"

    @property
    def conversation(self) -> Path:
        """The folder of what `tastemaker learn` made, if it ran."""
        return self.folder / "conversation"

    def tool_context(self, recommender: str | None = None, *, taught: bool = True) -> ToolContext:
        """Open everything that the tools need; without what conversations taught where ``taught`` is False.

        Raises:
            WorkspaceError: a part is missing, broken, or belongs to another catalogue.
        """
        # PyTorch takes seconds to import, and searching alone does without the recommenders.
        from tastemaker.recommenders import AttributeRanker, load_recommender

        self.check_files()
        catalog = self.catalog
        model = load_recommender(
            self.recommenders / (recommender or self.manifest.recommender),
            catalog,
            self.embedder,
            grown=self.manifest.grown,
        )
        if left_out := model.unservable(catalog):
            logger.warning("%s", describe_unranked_items(model.name, left_out))
        retriever = self.retriever()
        tool_context = ToolContext(
            catalog=catalog,
            popularity=self.interactions.counts(len(catalog)),
            recommender=model,
            ranker=AttributeRanker(model, *align_to_vocabulary(model.vocabulary, catalog, self.interactions)),
            index=retriever.ways.index,
            retriever=retriever,
            resolver=self.resolver,
            groups=retriever.groups,
            log=self.interactions,
            facets=self.facet_set or facet_set_for(catalog.schema),
            open_asks=lambda: self.asks,
            open_judgements=lambda: self.judgements,
        )
        if not taught or not self.conversation.exists():
            return tool_context
        from tastemaker.tools.conversation_ranker.ranker import ConversationRanker

        return replace(tool_context, conversation=ConversationRanker.load(self.conversation, tool_context))

    def search_context(self) -> SearchContext:
        """Open what searching for what people say needs, which is all but the recommenders.

        Raises:
            WorkspaceError: a part is missing, broken, or belongs to another catalogue.
        """
        retriever = self.retriever()
        return SearchContext(
            catalog=self.catalog,
            popularity=self.interactions.counts(len(self.catalog)),
            index=retriever.ways.index,
            retriever=retriever,
            resolver=self.resolver,
            facets=self.facet_set or facet_set_for(self.catalog.schema),
            open_asks=lambda: self.asks,
            open_judgements=lambda: self.judgements,
        )

    def retriever(self) -> Retriever:
        """Open what searching needs, which is much less than :meth:`tool_context`.

        Raises:
            WorkspaceError: a part is missing, broken, or belongs to another catalogue.
        """
        self.check_files()
        catalog, folder = self.catalog, self.folder / "index"
        store = os.environ.get(STORE_VARIABLE) or self.manifest.store
        ways = Ways(
            VectorIndex.open(folder, catalog, self.embedder, store),
            PhraseIndex.open(folder, catalog, self.embedder),
            LexicalIndex.open(folder, catalog),
            fields=_open_part(FieldWords, folder, catalog),
            titles=_open_part(TitleKeys, folder, catalog),
        )
        groups = read_groups(self.folder / NEAR_DUPLICATES, catalog)
        groups = groups or near_duplicates(catalog, ways.index.vectors)
        return Retriever(
            catalog, ways, lambda: self.interactions.counts(len(catalog)), lambda: self.resolver, groups
        )

    @cached_property
    def resolver(self) -> TitleResolver:
        """Finds items by title."""
        return TitleResolver(self.catalog)


Part = TypeVar("Part", FieldWords, TitleKeys)


def _open_part(part: type[Part], folder: Path, catalog: Catalog) -> Part | None:
    """A part that workspaces of older versions lack; it is then read from the catalogue."""
    try:
        return part.open(folder, catalog)
    except WorkspaceError as error:
        logger.info("%s", error)
        return None


def describe_unranked_items(model: str, ids: Sequence[str], most: int = 5) -> str:
    """A sentence on the items of a catalogue that a model of ids does not know yet."""
    shown = ", ".join(ids[:most]) + (", ..." if len(ids) > most else "")
    return (
        f"{len(ids):,} new item(s) are found by search but not ranked by {model} until "
        f"`tastemaker train --model {model}` has run: {shown}"
    )


def align_to_vocabulary(
    vocabulary: Vocabulary, catalog: Catalog, log: Interactions
) -> tuple[Catalog, Interactions]:
    """Of a catalogue and its log, what a model with this vocabulary ranks, in the vocabulary's order."""
    if vocabulary.ids == catalog.ids:
        return catalog, log
    row = np.full(len(catalog), -1, np.int32)
    row[catalog.rows(vocabulary.ids)] = np.arange(len(vocabulary))
    item = row[log.item]
    known = item >= 0
    part = Interactions(log.users, log.user[known], item[known], log.timestamp[known])
    return Catalog((catalog[id_] for id_ in vocabulary.ids), catalog.schema), part
