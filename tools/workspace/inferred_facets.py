"""Join inferred facets to the catalogue of a workspace, all or nothing.

The new catalogue is written beside the one that was built, with the facets' definition, and the
manifest, replaced in one step, names it. So a process that reads the workspace meanwhile has the
old catalogue or the new one, and facets are always joined to what was built: nothing of an
earlier enrichment is left over. The indexes hold only what the catalogue states and stay; phrases in
which people would ask for the items are no part of the catalogue and get an index beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from tastemaker.retrieval.atomic_write import replace_folder, write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Provenance, Schema, Value
from tastemaker.retrieval.facets.definition import Facet, FacetKind, FacetSet, Grammar
from tastemaker.retrieval.index import ask_index
from tastemaker.retrieval.index.ask_index import AskIndex
from tastemaker.tools.workspace.build_lock import alone
from tastemaker.tools.workspace.checksums import renewed
from tastemaker.tools.workspace.data_files import write_catalog
from tastemaker.tools.workspace.manifest import Enriched
from tastemaker.tools.workspace.versions import CATALOG, MANIFEST
from tastemaker.tools.workspace.workspace import FACETS, Workspace

FOLDERS = "enriched-"
HASH_LETTERS = 12

Values = Mapping[str, Mapping[str, Value]]
"""Item id -> facet -> value; only what is known."""

KINDS = {
    FacetKind.NUMBER: Kind.NUMBER,
    FacetKind.LEVEL: Kind.NUMBER,
    FacetKind.CATEGORY: Kind.CATEGORY,
    FacetKind.TAGS: Kind.TAGS,
}


def askable_facets(facets: FacetSet, schema: Schema) -> list[Facet]:
    """The facets of a set that a model may fill in: not stated by the catalogue, not computed from its log.

    One that came with the data set as an inferred attribute of the same kind is filled in where it is missing.
    """
    return [
        facet
        for facet in facets.facets.values()
        if not facet.computed
        and (
            facet.kind is FacetKind.PHRASES
            or facet.name not in schema
            or _may_fill(facet, schema[facet.name])
        )
    ]


def _may_fill(facet: Facet, held: Attribute) -> bool:
    return held.provenance is Provenance.INFERRED and held.kind is KINDS[facet.kind]


def join_facets(workspace: Workspace, facets: FacetSet, definition: str, values: Values) -> Workspace:
    """Serve a workspace's catalogue with these facets from now on.

    Args:
        workspace: one that was built.
        facets: of the values.
        definition: the text that the set was read from; it is kept for matching words to values.
        values: what is known; what the data set came with stays.

    Raises:
        WorkspaceError: a build is at work there.
    """
    with alone(workspace.path):
        built = Workspace.open(workspace.path)
        catalog = with_facets(built.built_catalog, askable_facets(facets, built.built_catalog.schema), values)
        asks = _asks(facets, values)
        said = f" {json.dumps(asks, sort_keys=True)}" if asks else ""
        content = hashlib.sha256(f"{catalog.content_hash} {definition}{said}".encode()).hexdigest()
        folder = f"{FOLDERS}{content[:HASH_LETTERS]}"
        if not (built.folder / folder).exists():
            with replace_folder(built.folder / folder) as fresh:
                write_catalog(fresh / CATALOG, catalog)
                (fresh / FACETS).write_text(definition, encoding="utf-8")
                if asks:
                    _index_asks(built, fresh, catalog, asks)
        enriched = Enriched(folder=folder, catalog_hash=catalog.content_hash, catalog_schema=catalog.schema)
        kept = {folder, built.manifest.enriched.folder if built.manifest.enriched else folder}
        older = [one.name for one in built.folder.glob(f"{FOLDERS}*") if one.name not in kept]
        files = renewed(built.manifest.files, built.folder, folder, older)
        manifest = built.manifest.model_copy(update={"enriched": enriched, "files": files})
        write_atomically(built.folder / MANIFEST, manifest.to_bytes())
        for name in older:
            # The last catalogue but one stays: a process that opened the manifest just now may read it yet.
            shutil.rmtree(built.folder / name, ignore_errors=True)
    return Workspace.open(workspace.path)


def _asks(facets: FacetSet, values: Values) -> dict[str, tuple[str, ...]]:
    """Phrases in which people would ask for the items, by item id."""
    names = [facet.name for facet in facets.facets.values() if facet.kind is FacetKind.PHRASES]
    found = {
        item_id: tuple(one for name in names for one in as_tags(known.get(name, ())))
        for item_id, known in values.items()
    }
    return {item_id: phrases for item_id, phrases in found.items() if phrases}


def _index_asks(
    built: Workspace, folder: Path, catalog: Catalog, asks: Mapping[str, tuple[str, ...]]
) -> None:
    """Index these phrases with those the data set came with, which stay; vectors that are known are kept.

    A copy stands beside the answers: the next build replaces the version, and no phrase is embedded again.
    """
    known = built.path / "enrichment"
    before = [folder.parent for folder in built.folder.glob(f"{FOLDERS}*/{ask_index.FILE}")]
    AskIndex.build(
        folder,
        catalog,
        {**asks, **built.built_asks},
        built.embedder,
        kept=[*sorted(before), known, built.folder / "index"],
        progress=False,
    )
    known.mkdir(exist_ok=True)
    write_atomically(known / ask_index.FILE, (folder / ask_index.FILE).read_bytes())


def with_facets(catalog: Catalog, facets: list[Facet], values: Values) -> Catalog:
    """A catalogue with facets as inferred attributes behind its own; a value that is there already stays.

    Phrases in which people would ask for an item are none.
    """
    new = {facet.name: _attribute(facet) for facet in facets if facet.kind is not FacetKind.PHRASES}
    added = (one for name, one in new.items() if name not in catalog.schema)
    return Catalog(
        (_join_item(item, new, values.get(item.id, {})) for item in catalog),
        Schema(attributes=(*catalog.schema.attributes, *added)),
    )


def _join_item(item: Item, names: Collection[str], known: Mapping[str, Value]) -> Item:
    found = {name: known[name] for name in names if name in known and name not in item.attributes}
    return Item(item.id, item.title, {**item.attributes, **found})


def _attribute(facet: Facet) -> Attribute:
    return Attribute(
        name=facet.name,
        kind=KINDS[facet.kind],
        provenance=Provenance.INFERRED,
        unit=facet.unit,
        levels=tuple(facet.values) if facet.kind is FacetKind.LEVEL else (),
        phrase="fine from age {}" if facet.grammar is Grammar.AGE else "",
    )
