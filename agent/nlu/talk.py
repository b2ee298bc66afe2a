"""What was said and shown so far, as a model reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tastemaker import prompts
from tastemaker.agent.memory.message import Message
from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.nlu.tokenizer import shorten
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.constraints import describe

MAX_MESSAGES, MAX_SAID, MAX_TALK = 6, 300, 1000
"""Messages of before that are shown, letters of each, and of all."""
MAX_TITLES = 8
"""Titles of the taste that are shown, the latest."""
MAX_STANDING = 500


@dataclass(frozen=True)
class Talk:
    """A conversation up to the message that is read now.

    Attributes:
        profile: as it stood before that message.
        messages: said before, the oldest first.
        shown: ids of the list shown last, in order.
    """

    profile: TasteProfile = field(default_factory=TasteProfile)
    messages: Sequence[Message] = ()
    shown: Sequence[str] = ()

    def lines(self, catalog: Catalog) -> str:
        """What was said lately, fenced; of a reply its titles."""
        told = []
        for message in self.messages[-MAX_MESSAGES:]:
            if message.role == "user":
                told.append(f"person: {shorten(message.text, MAX_SAID)}")
            else:
                titles = "; ".join(catalog[i].title for i in message.items if i in catalog)
                told.append(f"you: {'showed ' + titles if titles else message.text}"[:MAX_SAID])
        return prompts.fence("talk", "\n".join(told)[-MAX_TALK:], MAX_TALK) if told else ""

    def taste(self, catalog: Catalog) -> str:
        """Titles that the person likes or not, fenced; empty without any."""
        profile = self.profile
        lines = [
            f"{what}: " + "; ".join(catalog[i].title for i in ids[-MAX_TITLES:])
            for what, ids in (("likes", profile.taste()), ("dislikes", profile.dislikes))
            if ids
        ]
        return prompts.fence("taste", "\n".join(lines)) if lines else ""


def request_in_words(profile: TasteProfile) -> str:
    """What stands, fenced: hard conditions, preferences, texts; empty where nothing does."""
    request = profile.request
    liked = [p for p in request.prefer if p.weight > 0]
    not_liked = [p for p in request.prefer if p.weight < 0]
    lines = [
        "must: " + "; ".join(describe(one) for one in profile.constraints),
        "prefer: " + "; ".join(describe(one.condition) for one in liked),
        "not: " + "; ".join(describe(one.condition) for one in not_liked),
        "avoid: " + "; ".join(request.avoid),
        "query: " + "; ".join(request.queries or profile.wishes),
        "audience: other" if request.other_person else "audience: ",
    ]
    told = "\n".join(line for line in lines if not line.endswith(": "))
    return prompts.fence("request", told, MAX_STANDING) if told else ""
