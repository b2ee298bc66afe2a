"""Candidate lists as plain JSON, for the checkpointer."""

from __future__ import annotations

from typing import Any

from tastemaker.tools.candidates import Candidates


def to_json(candidates: Candidates) -> dict[str, Any]:
    """A list as JSON."""
    return {
        "tool": candidates.tool,
        "arguments": dict(candidates.arguments),
        "round": candidates.round,
        "note": candidates.note,
        "ranked": [list(pair) for pair in candidates.ranked],
        "seconds": candidates.seconds,
    }


def from_json(stored: dict[str, Any]) -> Candidates:
    """The list that :func:`to_json` was given."""
    return Candidates(**{**stored, "ranked": tuple((i, s) for i, s in stored["ranked"])})
