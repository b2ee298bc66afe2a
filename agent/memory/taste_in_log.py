"""What the workspace's own log knows of a person: where their first conversation begins."""

from __future__ import annotations

from tastemaker.agent.memory.person import LongTermTaste
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions

MOST = 200
"""Items of either kind, the latest, that a conversation begins with."""


def taste_in_log(log: Interactions, person_id: str, catalog: Catalog) -> LongTermTaste:
    """The likes of a log's user as their history, and their dislikes; empty for somebody whom it does not have."""
    if person_id not in log.users:
        return LongTermTaste()
    taken, disliked = (_items(part, person_id, catalog) for part in (log.likes(), log.dislikes()))
    return LongTermTaste(history=taken, dislikes=disliked)


def _items(log: Interactions, person_id: str, catalog: Catalog) -> tuple[str, ...]:
    if person_id not in log.users:
        return ()
    user = log.users.index(person_id)
    rows = log.item[log.offsets[user] : log.offsets[user + 1]].tolist()
    latest = list(dict.fromkeys(reversed(rows)))[:MOST]
    return tuple(catalog.at(row).id for row in reversed(latest))
