"""A page on which a person checks some items by eye: what the model read beside what it made of it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tastemaker.agent.enrichment.answer_log import Known
from tastemaker.agent.enrichment.known_items import KnownItem
from tastemaker.retrieval.facets.definition import Facet, FacetKind
from tastemaker.ui.web.html import Html, join, tag

SPOT_CHECK_ITEMS = 20
STYLE = Html(
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}article{border-top:1px solid;padding:1rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top;overflow-wrap:anywhere}"
)


def spot_check(items: Sequence[KnownItem], n: int = SPOT_CHECK_ITEMS, seed: int = 0) -> list[KnownItem]:
    """Some of the items that were asked about, drawn at random, in the order of the catalogue."""
    asked = [item for item in items if item.known]
    drawn = random.Random(seed).sample(range(len(asked)), min(n, len(asked)))  # noqa: S311
    return [asked[place] for place in sorted(drawn)]


def spot_check_page(items: Sequence[KnownItem], facets: Sequence[Facet], name: str) -> str:
    """The page as HTML; all text of the catalogue and of the model is escaped."""
    title = f"Spot check: {len(items)} items of {name}"
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title), tag("style", STYLE))
    intro = tag("p", "Is what stands on the right of each facet true, and does the named field bear it out?")
    body = tag("body", tag("h1", title), intro, (_article(one, facets) for one in items))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _article(item: KnownItem, facets: Sequence[Facet]) -> Html:
    rows = [_row(facet, item.known[facet.name]) for facet in facets if facet.name in item.known]
    header = tag("tr", (tag("th", text, scope="col") for text in ("facet", "value", "rests on", "by")))
    return tag(
        "article",
        tag("h2", item.title),
        tag("pre", item.facts.text),
        tag("table", tag("thead", header), tag("tbody", join(rows))),
    )


def _row(facet: Facet, known: Known) -> Html:
    by = f"{known.model} (outside the form twice)" if known.outside else known.model
    cells = (_shown(facet, known.answer.value), known.answer.evidence, by)
    return tag("tr", tag("th", facet.name, scope="row"), (tag("td", cell) for cell in cells))


def _shown(facet: Facet, value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return ", ".join(value)
    if facet.kind is FacetKind.LEVEL and isinstance(value, int):
        return f"{value} ({list(facet.values)[value]})"
    return f"{value} {facet.unit}".strip()
