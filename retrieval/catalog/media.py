"""Which attributes of a catalogue are addresses: of a picture, or of the item's own page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import SHOWN_ONLY, Kind

SAMPLE = 200
SHARE = 0.8
"""Of the values looked at, how many have to be addresses; a text that quotes one now and then is none."""
PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)$", re.IGNORECASE)
MAX_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class MediaFields:
    """Names of attributes; "" where a catalogue has none.

    Attributes:
        image: of a picture's address.
        link: of the address of an item's page.
        addresses: all that hold addresses: none of them is anything to read.
    """

    image: str = ""
    link: str = ""
    addresses: frozenset[str] = frozenset()

    def image_of(self, attributes: Mapping[str, object]) -> str:
        """Address of an item's picture, to be put into a page; "" where there is none or it is no safe one."""
        return web_address(attributes.get(self.image)) if self.image else ""

    def link_of(self, attributes: Mapping[str, object]) -> str:
        """Address of an item's own page; "" likewise."""
        return web_address(attributes.get(self.link)) if self.link else ""

    def of(self, attributes: Mapping[str, object]) -> dict[str, str]:
        """Both, as ``image`` and ``link``; a name is left out where the item has none.

        >>> MediaFields(image="cover", link="url").of({"cover": "https://x.org/1.png", "url": "ftp://x.org"})
        {'image': 'https://x.org/1.png'}
        """
        both = {"image": self.image_of(attributes), "link": self.link_of(attributes)}
        return {name: address for name, address in both.items() if address}


def media_fields(catalog: Catalog) -> MediaFields:
    """Told by their kinds, and where a catalogue was read before there were such kinds by what the values are."""
    step = max(1, len(catalog) // SAMPLE)
    items = [catalog.at(row) for row in range(0, len(catalog), step)]
    image = link = ""
    found = set()
    for attribute in catalog.schema.attributes:
        name = attribute.name
        values = [item.attributes[name] for item in items if item.attributes.get(name) is not None]
        addresses = [one for one in map(web_address, values) if one]
        if attribute.kind not in SHOWN_ONLY and len(addresses) < SHARE * max(1, len(values)):
            continue
        found.add(name)
        pictures = sum(bool(PICTURE.search(urlsplit(one).path)) for one in addresses)
        if attribute.kind is Kind.IMAGE or (
            attribute.kind is not Kind.LINK and pictures >= SHARE * len(addresses)
        ):
            image = image or name
        else:
            link = link or name
    return MediaFields(image, link, frozenset(found))


def web_address(value: object) -> str:
    """An ``http`` or ``https`` address as it may stand in a page; "" for anything else.

    >>> web_address("https://example.com/a.jpg"), web_address("javascript:alert(1)"), web_address("see http://x")
    ('https://example.com/a.jpg', '', '')
    """
    if isinstance(value, tuple | list):
        value = value[0] if len(value) == 1 else None
    if not isinstance(value, str) or len(value) > MAX_ADDRESS or re.search(r"[\s\"'<>\\]", value.strip()):
        return ""
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return ""
    return (
        value.strip() if parts.scheme in ("http", "https") and parts.hostname and not parts.username else ""
    )
