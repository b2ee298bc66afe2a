"""Trying one source after another until one gives what is wanted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tastemaker.retrieval.errors import DataError, SourceError

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Source(Generic[T]):
    """One place to get something from.

    Attributes:
        label: what a person would call it.
        get: gives the thing, verified; raises SourceError or DataError where it cannot.
        named_by_person: the person asked for this one, so they are told when it fails.
    """

    label: str
    get: Callable[[], T]
    named_by_person: bool = False


def first_of(what: str, sources: Sequence[Source[T]], advice: str) -> T:
    """What the first working source gives.

    Raises:
        SourceError: none worked; names each with its reason, then ``advice``.
    """
    reasons = []
    for source in sources:
        try:
            return source.get()
        except (SourceError, DataError) as error:
            reasons.append(f"{source.label}: {error}")
            level = logging.WARNING if source.named_by_person else logging.INFO
            logger.log(level, "%s not from %s: %s", what, source.label, error)
    raise SourceError(f"{what} could not be had; {'; '.join(f'[{reason}]' for reason in reasons)}; {advice}")
