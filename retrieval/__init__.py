"""Catalogue, interactions, item texts, search and titles."""

from tastemaker.retrieval.catalog import Catalog, Item
from tastemaker.retrieval.conditions import AllOf, AnyOf, Condition, Not
from tastemaker.retrieval.constraints import Constraint, Op, blocking, check, describe, mask, satisfies
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
from tastemaker.retrieval.interactions import Interactions
from tastemaker.retrieval.items_file import load_items, read_items
from tastemaker.retrieval.log_file import load_interactions, read_interactions
from tastemaker.retrieval.overrides import Overrides, read_overrides
from tastemaker.retrieval.schema import Attribute, Kind, Schema
from tastemaker.retrieval.titles import Match, Resolution, TitleResolver
from tastemaker.retrieval.where import parse_where

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
