"""Which part a logged conversation belongs to, so that nothing tells of itself."""

from __future__ import annotations

import hashlib

FOLDS = 5


def fold_of(conversation: str, folds: int = FOLDS) -> int:
    """Which fold a conversation is in: the same on every machine, whatever else is logged.

    >>> fold_of("16162") == fold_of("16162"), 0 <= fold_of("x") < FOLDS
    (True, True)
    """
    return int.from_bytes(hashlib.sha256(conversation.encode()).digest()[:8]) % folds
