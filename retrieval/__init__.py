"""Catalogue, interactions, item texts, search and titles."""

from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema
from tastemaker.retrieval.errors import (
    ConfigError,
    DataError,
    ModelError,
    ModelNonsense,
    ModelRefused,
    ModelUnreachable,
    QueryError,
    SourceError,
    TastemakerError,
    ToolError,
    WorkspaceError,
)
from tastemaker.retrieval.filters.conditions import AllOf, AnyOf, Condition, Not
from tastemaker.retrieval.filters.constraints import (
    Constraint,
    Op,
    blocking,
    check,
    describe,
    mask,
    satisfies,
)
from tastemaker.retrieval.filters.where_parser import parse_where
from tastemaker.retrieval.ingest.interactions_file import load_interactions, read_interactions
from tastemaker.retrieval.ingest.items_file import load_items, read_items
from tastemaker.retrieval.ingest.overrides import Overrides, read_overrides
from tastemaker.retrieval.titles.resolver import Match, Resolution, TitleResolver

__all__ = [
    "AllOf",
    "AnyOf",
    "Attribute",
    "Catalog",
    "Condition",
    "ConfigError",
    "Constraint",
    "DataError",
    "Interactions",
    "Item",
    "Kind",
    "Match",
    "ModelError",
    "ModelNonsense",
    "ModelRefused",
    "ModelUnreachable",
    "Not",
    "Op",
    "Overrides",
    "QueryError",
    "Resolution",
    "Schema",
    "SourceError",
    "TastemakerError",
    "TitleResolver",
    "ToolError",
    "WorkspaceError",
    "blocking",
    "check",
    "describe",
    "load_interactions",
    "load_items",
    "mask",
    "parse_where",
    "read_interactions",
    "read_items",
    "read_overrides",
    "satisfies",
]
