"""The hash that says whether a built workspace still holds the catalogue that was written there."""

import hashlib
import json

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Attribute, Kind, Schema


def test_a_catalogue_of_stated_attributes_has_the_hash_of_workspaces_built_before_provenance(film_catalog):
    schema = {
        "attributes": [{"name": one.name, "kind": str(one.kind)} for one in film_catalog.schema.attributes]
    }
    digest = hashlib.sha256(json.dumps(schema, separators=(",", ":")).encode())
    for item in film_catalog:
        digest.update(json.dumps(item.as_dict(), sort_keys=True, ensure_ascii=False).encode())
    assert film_catalog.content_hash == digest.hexdigest()


def test_another_unit_is_another_catalogue(film_catalog):
    plain, with_unit = (
        Schema(attributes=(Attribute(name="length", kind=Kind.NUMBER, unit=unit),)) for unit in ("", "min")
    )
    assert Catalog([], plain).content_hash != Catalog([], with_unit).content_hash
