"""Whether a conversation was among those that were learned from, told without keeping what was said.

Of each conversation the hashes of all its runs of five words are kept; two texts are alike as far as they share
such runs (Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.text.normalise import fold

Hashes = npt.NDArray[np.uint32]

WORDS = 5
LEAST = 12
"""Runs of words that a text needs to be told from another: greetings are alike everywhere."""
ALIKE = 0.8
"""Share of the shorter text's runs that the other holds, from which on both are taken for one."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Likeness:
    """The conversation most like a text.

    Attributes:
        conversation: its number among the fingerprints.
        share: of the shorter one's runs of words that both have.
    """

    conversation: int
    share: float


class Fingerprints:
    """What some conversations said, as hashes.

    Attributes:
        names: a hash of each conversation's name, uint32[n].
        ends: where each one's hashes end, int64[n].
        hashes: of all, one conversation after the other, each in order and without repetition, uint32[m].
    """

    def __init__(self, names: Hashes, ends: npt.NDArray[np.int64], hashes: Hashes) -> None:
        self.names, self.ends, self.hashes = names, ends, hashes

    @classmethod
    def of(cls, conversations: Mapping[str, str]) -> Fingerprints:
        """From each conversation's name and all that was said in it."""
        parts = [runs_of(said) for said in conversations.values()]
        ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
        names = np.array([hash_of(name) for name in conversations], np.uint32)
        return cls(names, ends, np.concatenate([np.zeros(0, np.uint32), *parts]))

    def __len__(self) -> int:
        return len(self.names)

    def nearest(self, said: str) -> Likeness | None:
        """The conversation most like a text; None where the text is too short to tell, or nothing is shared.

        >>> talk = "I loved the old one with the smugglers in the fog and the lighthouse, what else is like it"
        >>> known = Fingerprints.of({"7": talk, "8": "nothing of the kind was ever said in this other talk of ours"})
        >>> known.nearest(talk.upper())
        Likeness(conversation=0, share=1.0)
        """
        runs = runs_of(said)
        if len(runs) < LEAST or not len(self):
            return None
        begins, stops = (np.searchsorted(self._sorted, runs, side) for side in ("left", "right"))
        owners = np.concatenate([self._owners[a:b] for a, b in zip(begins, stops, strict=True)])
        if not len(owners):
            return None
        shared = np.bincount(owners, minlength=len(self)).astype(np.float64)
        shares = np.where(self._sizes < LEAST, 0, shared / np.minimum(len(runs), np.maximum(self._sizes, 1)))
        best = int(shares.argmax())
        return Likeness(best, float(shares[best])) if shares[best] else None

    def share_with(self, name: str, said: str) -> float:
        """Share of the shorter one's runs that a text has in common with the conversation of a name, however short.

        >>> Fingerprints.of({"7": "hello there"}).share_with("7", "Hello there!")
        1.0
        """
        runs, alike = runs_of(said), 0.0
        for number in np.flatnonzero(self.names == hash_of(name)).tolist():
            own = self.hashes[self.ends[number] - self._sizes[number] : self.ends[number]]
            shared = len(np.intersect1d(own, runs, assume_unique=True))
            alike = max(alike, shared / max(1, min(len(own), len(runs))))
        return alike

    @cached_property
    def _sizes(self) -> npt.NDArray[np.int64]:
        return np.diff(self.ends, prepend=0)

    @cached_property
    def _order(self) -> npt.NDArray[np.int64]:
        return np.argsort(self.hashes, kind="stable")

    @cached_property
    def _sorted(self) -> Hashes:
        return self.hashes[self._order]

    @cached_property
    def _owners(self) -> npt.NDArray[np.int64]:
        owners: npt.NDArray[np.int64] = np.repeat(np.arange(len(self)), self._sizes)[self._order]
        return owners

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What :meth:`from_arrays` needs."""
        return {"heard/names": self.names, "heard/ends": self.ends, "heard/hashes": self.hashes}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Fingerprints | None:
        """What :meth:`arrays` gave; None where an older version kept none."""
        if "heard/names" not in arrays:
            return None
        return cls(
            np.asarray(arrays["heard/names"], np.uint32),
            np.asarray(arrays["heard/ends"], np.int64),
            np.asarray(arrays["heard/hashes"], np.uint32),
        )


def runs_of(said: str) -> Hashes:
    """Hashes of all runs of :data:`WORDS` words, in order and each once, uint32[n]; case and accents don't count.

    A shorter text is one run; an empty one has none.
    """
    words = _WORD.findall(fold(said))
    runs = {" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))} - {""}
    return np.unique(np.array([hash_of(run) for run in runs], np.uint32))


def hash_of(text: str) -> int:
    """The same on every machine, 32 bits."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest())


def longest_texts(moments: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Conversation -> the longest of what its moments had heard, from (conversation, utterances)."""
    found: dict[str, str] = {}
    for conversation, said in moments:
        text = " ".join(said)
        if len(text) >= len(found.get(conversation, "")):
            found[conversation] = text
    return found
