"""A conversation as a file to keep: Markdown for people, JSON for programs."""

from __future__ import annotations

from typing import Any

from tastemaker.agent import Session
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.constraints import describe

FORMATS = ("md", "json")


def conversation_json(session: Session, catalog: Catalog) -> dict[str, Any]:
    """The messages that are kept word by word, the summary of older ones, and the profile with titles."""
    profile = session.profile
    titles = {
        name: [_titled(catalog, item_id) for item_id in getattr(profile, name)]
        for name in ("history", "likes", "dislikes", "taken")
    }
    return {
        "session": session.id,
        "summary": session.summary.model_dump(mode="json"),
        "messages": [
            {**message, "items": [_titled(catalog, one) for one in message.get("items", ())]}
            for message in session.messages
        ],
        "profile": {
            **titles,
            "conditions": [describe(condition) for condition in profile.constraints],
            "wishes": list(profile.wishes),
        },
    }


def conversation_markdown(session: Session, catalog: Catalog) -> str:
    """The same to read."""
    content = conversation_json(session, catalog)
    lines = [f"# Conversation {session.id}", ""]
    for message in content["messages"]:
        lines += [f"**{'You' if message['role'] == 'user' else 'Tastemaker'}:** {message['text']}", ""]
        lines += [f"{place}. {item['title']}" for place, item in enumerate(message["items"], 1)]
        lines += [""] if message["items"] else []
    known = content["profile"]
    lines += ["## Taste", ""]
    for name in ("history", "likes", "dislikes", "taken"):
        if known[name]:
            lines.append(f"- {name}: {', '.join(item['title'] for item in known[name])}")
    for name in ("conditions", "wishes"):
        if known[name]:
            lines.append(f"- {name}: {'; '.join(known[name])}")
    return "\n".join(lines).rstrip() + "\n"


def _titled(catalog: Catalog, item_id: str) -> dict[str, str]:
    return {"id": item_id, "title": catalog[item_id].title if item_id in catalog else item_id}
