"""What a workspace says of itself: the file that every other part is checked against."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from tastemaker.retrieval.catalog.schema import Schema

FORMAT = 1
"""Raised when a workspace of an older version can no longer be read."""

CHECKSUM = "checksum"


class Enriched(BaseModel):
    """The catalogue with the facets that were inferred after the build.

    Attributes:
        folder: in the workspace; holds the catalogue and the facets' definition.
        catalog_hash, catalog_schema: of that catalogue.
    """

    model_config = ConfigDict(frozen=True)

    folder: str
    catalog_hash: str
    catalog_schema: Schema


class Manifest(BaseModel):
    """What a workspace says of itself.

    ``key`` is the hash of all inputs of the build; ``grown`` says that its recommenders were kept
    from an earlier one and may know fewer items than the catalogue holds; ``enriched``, where there is
    one, is the catalogue that is served in place of the one that was built; ``files`` gives the SHA-256 of
    each file of the version, and nothing in workspaces of before there were checksums; ``checksum`` is that of
    all else here, and empty where nobody wrote one.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    key: str
    built: str
    versions: dict[str, str]
    name: str
    items: int
    interactions: int
    users: int
    catalog_hash: str
    embedding: str
    store: str | None = None
    recommender: str
    catalog_schema: Schema
    grown: bool = False
    report: dict[str, Any] = {}
    enriched: Enriched | None = None
    files: dict[str, str] = {}
    checksum: str = ""

    def to_bytes(self) -> bytes:
        """As it is written: JSON with its own checksum."""
        told = json.loads(self.model_dump_json(exclude={CHECKSUM}))
        return json.dumps({**told, CHECKSUM: _digest(told)}, indent=2).encode()


def is_as_written(raw: Mapping[str, Any]) -> bool:
    """Whether a manifest that was read says what was written, as far as its checksum tells."""
    rest = {name: value for name, value in raw.items() if name != CHECKSUM}
    return not raw.get(CHECKSUM) or raw[CHECKSUM] == _digest(rest)


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
