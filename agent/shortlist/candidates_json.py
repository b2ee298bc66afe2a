"""Candidate lists as plain JSON, for the checkpointer."""

from __future__ import annotations

from typing import Any

from tastemaker.tools.candidates import Candidates


def to_json(found: Candidates) -> dict[str, Any]:
    """A list as JSON."""
    return {
        "tool": found.tool,
        "arguments": dict(found.arguments),
        "round": found.round,
        "note": found.note,
        "ranked": [list(pair) for pair in found.ranked],
        "seconds": found.seconds,
    }


def from_json(stored: dict[str, Any]) -> Candidates:
    """The list that :func:`to_json` was given."""
    return Candidates(**{**stored, "ranked": tuple((i, s) for i, s in stored["ranked"])})
