"""Cards for clients that draw them (MCP Apps): one page that the client shows beside a tool's result."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from mcp.server.apps import Apps, ResourceCsp

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.media import media_fields

CARDS = "ui://tastemaker/cards.html"
WITH_CARDS = frozenset({"recommend", "search"})
"""Tools whose results are items."""
PAGE = Path(__file__).parent / "mcp_cards.html"
MOST_SITES = 10


def cards_app(catalog: Catalog) -> Apps:
    """The extension with its page, which may load pictures from where the catalogue has them and nothing else.

    Tools that are to be drawn are registered with its ``tool(resource_uri=CARDS)``. A client without the extension
    gets the same results, structured and as text.
    """
    apps = Apps()
    apps.add_html_resource(
        CARDS,
        PAGE.read_text(encoding="utf-8"),
        name="cards",
        title="Recommendations as cards",
        csp=ResourceCsp(resource_domains=picture_sites(catalog)),
        prefers_border=False,
    )
    return apps


def picture_sites(catalog: Catalog) -> list[str]:
    """Origins that most pictures of the items come from, the most first."""
    media = media_fields(catalog)
    sites: Counter[str] = Counter()
    for item in catalog:
        parts = urlsplit(media.image_of(item.attributes) or "")
        if parts.scheme and parts.netloc:
            sites[f"{parts.scheme}://{parts.netloc}"] += 1
    return [site for site, _ in sites.most_common(MOST_SITES)]
