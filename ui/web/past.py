"""The exchanges of an earlier conversation, as its trace tells them."""

from __future__ import annotations

import logging
from typing import Any

from tastemaker.agent import Session
from tastemaker.agent.events import Started
from tastemaker.agent.feedback import read_feedback
from tastemaker.retrieval.errors import DataError
from tastemaker.ui.web.exchange import Exchange

MAX_SHOWN = 30
"""The latest exchanges of a long conversation; an export has what is kept of the others."""

logger = logging.getLogger(__name__)


def past_exchanges(session: Session) -> list[Exchange]:
    """Turns that came to their end, the oldest first; none where no trace is written."""
    turns: dict[int, Exchange] = {}
    try:
        for number, event in session.trace.read():
            if isinstance(event, Started):
                turns[number] = Exchange(
                    event.message, edited=event.edited
                )  # a turn that broke off is told anew
            if number in turns:
                turns[number].hear(event)
    except (ValueError, KeyError, OSError) as error:
        logger.warning("the trace of session %s ends early: %s", session.id, error)
    before = _states(session)
    for number, exchange in turns.items():
        exchange.before = before.get(number)
    return [exchange for exchange in turns.values() if exchange.reply][-MAX_SHOWN:]


def _states(session: Session) -> dict[int, dict[str, Any]]:
    """What each turn began with, by its number."""
    if session.feedback is None:
        return {}
    try:
        return {
            one["turn"]: one["state"] for one in read_feedback(session.feedback.path) if one["kind"] == "turn"
        }
    except (DataError, KeyError, OSError) as error:
        logger.warning("the log of session %s ends early: %s", session.id, error)
        return {}
