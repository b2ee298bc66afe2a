"""What is known of a person across sessions: seen, edited and erased by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.agent.memory.session_store import SessionStore
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import WorkspaceError

KEY = "taste"
SESSIONS = "sessions"
TOLD_GONE = "told_gone"


class LongTermTaste(BaseModel):
    """What outlives a conversation: items, by id. Conditions, wishes and what was shown do not.

    Attributes:
        history: taken, in order.
        likes, dislikes: judged, in order.
    """

    model_config = ConfigDict(frozen=True)

    history: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()

    @classmethod
    def of(cls, profile: TasteProfile) -> Self:
        """The lasting part of a session's profile."""
        return cls(history=profile.history, likes=profile.likes, dislikes=profile.dislikes)

    def in_catalog(self, catalog: Catalog) -> Self:
        """Without items that the catalogue does not have (any more)."""
        kept = {name: tuple(i for i in ids if i in catalog) for name, ids in self}
        return self.model_copy(update=kept)

    def apply_changes(self, before: Self, after: Self) -> Self:
        """With the difference between two states of a session applied; what other sessions added stays."""
        return self.model_copy(
            update={
                name: _apply_changes(ids, getattr(before, name), getattr(after, name)) for name, ids in self
            }
        )


class Person:
    """One person's long-term taste in a session store.

    Args:
        store: where it lives.
        person_id: chosen by whoever runs the site; no name or address is needed.
        catalog: items that are gone from it are left out, and stay stored.
        erase_session: deletes one conversation by its id, with its trace and its log.
        erase_users: removes what was written down of users under these names, by a site or a build.
    """

    def __init__(
        self,
        store: SessionStore,
        person_id: str,
        catalog: Catalog,
        erase_session: Callable[[str], None],
        erase_users: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        self.id = person_id
        self._store = store
        self._catalog = catalog
        self._erase_session = erase_session
        self._erase_users = erase_users

    @property
    def taste(self) -> LongTermTaste:
        """What is known now; empty for somebody new."""
        return self._read_stored().in_catalog(self._catalog)

    @property
    def load_taste(self) -> LongTermTaste:
        """The same with items that are gone from the catalogue."""
        return self._read_stored()

    def newly_gone(self) -> tuple[str, ...]:
        """Items of the taste that the catalogue no longer has; each is given once, as people are told once.

        They stay stored: an item may come back.
        """
        known = dict.fromkeys(item_id for _, ids in self._read_stored() for item_id in ids)
        gone = [item_id for item_id in known if item_id not in self._catalog]
        kept = self._store.person_fact(self.id, TOLD_GONE)
        told = kept["ids"] if kept else []
        if gone != told:
            self._store.set_person_fact(self.id, TOLD_GONE, {"ids": gone})
        return tuple(item_id for item_id in gone if item_id not in told)

    @property
    def sessions(self) -> tuple[str, ...]:
        """Ids of the conversations that were held as this person, the oldest first."""
        kept = self._store.person_fact(self.id, SESSIONS)
        return tuple(kept["ids"]) if kept else ()

    def add_session(self, session_id: str) -> None:
        """A conversation is held as this person: it goes when the person is erased."""
        with self._store.lock(self._lock):
            ids = self.sessions
            if session_id not in ids:
                self._store.set_person_fact(self.id, SESSIONS, {"ids": [*ids, session_id]})

    def forget(self, item_id: str) -> LongTermTaste:
        """Take back whatever is known about one item; sessions that are open keep their own copy.

        Raises:
            QueryError: an item that neither the catalogue nor the taste has.
        """
        if all(item_id not in ids for _, ids in self._read_stored()):
            self._catalog.row(item_id)
        return self._edit(
            lambda taste: taste.model_copy(
                update={name: tuple(i for i in ids if i != item_id) for name, ids in taste}
            )
        )

    def set(self, taste: LongTermTaste) -> LongTermTaste:
        """Replace what is known.

        Raises:
            QueryError: an item that the catalogue does not have.
        """
        for item_id in (*taste.history, *taste.likes, *taste.dislikes):
            self._catalog.row(item_id)
        return self._edit(lambda _: taste)

    def learn(self, before: TasteProfile, after: TasteProfile) -> LongTermTaste:
        """Take over what changed in a session."""
        was, is_ = LongTermTaste.of(before), LongTermTaste.of(after)
        return self.taste if was == is_ else self._edit(lambda taste: taste.apply_changes(was, is_))

    def erase(self) -> None:
        """Forget everything: the taste, each conversation held as this person with its trace and log, and events
        of theirs that a site reported or a build has read. Stopped in between, it can be done again.

        Raises:
            WorkspaceError: a build is at work, or the log that it has read can't be written. All else is erased,
                and the rest is when it is done again.
        """
        sessions = self.sessions
        for session_id in sessions:  # before the lock: a turn holds its session while it waits for ours
            self._erase_session(session_id)
        try:
            self._erase_users([self.id, *sessions])
        except WorkspaceError:
            self._edit(lambda _: LongTermTaste())
            raise
        with self._store.lock(self._lock):
            self._store.erase_person(self.id)

    def _edit(self, change: Callable[[LongTermTaste], LongTermTaste]) -> LongTermTaste:
        with self._store.lock(self._lock):
            taste = change(self._read_stored())
            self._store.set_person_fact(self.id, KEY, taste.model_dump(mode="json"))
        return taste.in_catalog(self._catalog)

    def _read_stored(self) -> LongTermTaste:
        """Items that are gone from the catalogue included."""
        kept = self._store.person_fact(self.id, KEY)
        return LongTermTaste.model_validate(kept) if kept else LongTermTaste()

    @property
    def _lock(self) -> str:
        return f"person {self.id}"  # no session can have this name


def _apply_changes(ids: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    gone = set(before) - set(after)
    fresh = [item_id for item_id in after if item_id not in set(before)]
    return tuple(dict.fromkeys((*(i for i in ids if i not in gone and i not in fresh), *fresh)))
