"""Columns of web addresses: of pictures of the items, or of their pages. They are shown, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.ingest.cells import as_list

STARTS = ("http://", "https://", "www.", "//")
SHARE = 0.95
"""Of a column's cells that are addresses, so that a "none" or two among them make no difference."""
FIRST = 100
"""Cells of which one must be an address before all are looked at."""
MOST_PICTURES = 0.5
"""With this share of picture files, or with a name that says so, the addresses are of pictures."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|svg|bmp)$", re.IGNORECASE)
_NAMED = re.compile(
    r"image|img|pic(?:ture)?s?(?![a-z])|photo|foto|poster|cover|thumb|logo|icon|avatar|bild|screenshot|artwork",
    re.IGNORECASE,
)


def address_kind(name: str, known: Sequence[Any]) -> Kind | None:
    """Whether a column holds pictures or links; None where it holds anything else.

    >>> address_kind("cover", ["https://x.org/1", "//x.org/2"]), address_kind("url", ["www.x.org/a.html"])
    (<Kind.IMAGE: 'image'>, <Kind.LINK: 'link'>)
    >>> address_kind("about", ["see http://x.org"]) is None
    True
    """
    if not any(map(first_address, known[:FIRST])):
        return None
    found = [address for value in known if (address := first_address(value))]
    if not found or len(found) < SHARE * len(known):
        return None
    pictures = sum(bool(_PICTURE.search(_path(address))) for address in found)
    is_image = pictures > MOST_PICTURES * len(found) or _NAMED.search(name)
    return Kind.IMAGE if is_image else Kind.LINK


def first_address(value: Any) -> str:
    """The address in a cell, of several the first, with its scheme; "" for anything else.

    >>> first_address("//x.org/a.png"), first_address(["https://x.org/1", "https://x.org/2"]), first_address("x")
    ('https://x.org/a.png', 'https://x.org/1', '')
    """
    if isinstance(value, list):
        parts = [part for part in value if isinstance(part, str)]
        value = parts[0] if parts and len(parts) == len(value) else ""
    if not isinstance(value, str):
        return ""
    parts = as_list(value, "|") if "|" in value else value.split()
    text = parts[0].strip(" ,;") if parts else ""
    if not text.startswith(STARTS) or not all(part.strip(" ,;").startswith(STARTS) for part in parts):
        return ""
    if text.startswith("//"):
        return f"https:{text}"
    return f"https://{text}" if text.startswith("www.") else text


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
