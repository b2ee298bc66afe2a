"""``/v1/recommend``, ``/v1/search``, ``/v1/items``: without a conversation."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.exceptions import HTTPException

from tastemaker.retrieval.catalog.catalog import Item
from tastemaker.retrieval.search.request import Search
from tastemaker.ui.server.bodies import RecommendRequest, ReplyOut, SearchRequest
from tastemaker.ui.server.replies import reply_out
from tastemaker.ui.server.state import Client, ServerState, State
from tastemaker.ui.server.turns import turn
from tastemaker.ui.views.where import read_where

router = APIRouter(prefix="/v1", tags=["catalogue"])


@router.post("/recommend")
async def recommend(body: RecommendRequest, server: State, client: Client) -> ReplyOut:
    """Recommend for a message and a few titles, in one call."""
    server.slots.check()  # before a session is made that would be of no use
    public, session = await asyncio.to_thread(
        server.sessions.new, client, body.history, body.liked, body.disliked, body.person
    )
    return reply_out(await turn(server, session, body.message, body.k), public, server.media)


@router.post("/search")
def search(body: SearchRequest, server: State) -> dict[str, Any]:
    """Find items by what they are about, under conditions, near or far from others; ``skip`` turns pages."""
    context = server.tm.resources.tool_context
    asked = Search(
        body.text,
        tuple(body.like),
        tuple(body.avoid),
        tuple(body.unlike),
        read_where(body.where, context.catalog, lambda: context.resolver) if body.where.strip() else None,
        (),
        body.k + body.skip,
        body.diversity,
    )
    result = context.retriever.search(asked)
    page = result.hits[body.skip :]
    items = [
        {
            **_item_out(server, context.catalog[hit.id]),
            "score": hit.score,
            "matched": [one.field for one in hit.matched],
        }
        for hit in page
    ]
    return {"items": items, "notes": list(result.notes)}


@router.get("/items")
def items(
    server: State,
    title: Annotated[str, Query(max_length=200, description="Titles that fit what is typed so far.")] = "",
    skip: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """The catalogue page by page, or what fits a title."""
    catalog = server.catalog
    if title.strip():
        found = server.tm.resources.tool_context.resolver.search(title, skip + limit)[skip:]
        return {"items": [_item_out(server, catalog[one.id]) for one in found], "total": None}
    rows = range(skip, min(skip + limit, len(catalog)))
    return {"items": [_item_out(server, catalog.at(row)) for row in rows], "total": len(catalog)}


@router.get("/items/{item_id}")
def item(item_id: Annotated[str, Path(max_length=500)], server: State) -> dict[str, Any]:
    """All that the catalogue says of one item."""
    if item_id not in server.catalog:
        raise HTTPException(404, f"no item {item_id!r}; GET /v1/items?title= finds ids by title")
    return _item_out(server, server.catalog[item_id])


def _item_out(server: ServerState, item: Item) -> dict[str, Any]:
    """An item with its picture and its page where it has them."""
    return {**item.as_dict(), **server.media.of(item.attributes)}
