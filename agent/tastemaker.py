"""The Python API: open a workspace, start a session, send messages."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from tastemaker.agent.event_log import erase_events
from tastemaker.agent.exported_tools import ExportedTools, langchain_tools
from tastemaker.agent.feedback import FeedbackLog
from tastemaker.agent.feedback_events import PERSON
from tastemaker.agent.line_log import compress_lines
from tastemaker.agent.llm.limits import DEFAULT_LIMITS, Limits, Price
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.model_profile import NO_MODEL, ModelProfile, ModelSize, own_profiles, profile_of
from tastemaker.agent.llm.open_models import NO_PRICES, RULES, open_models
from tastemaker.agent.memory.person import LongTermTaste, Person
from tastemaker.agent.memory.retention import Pruned, Retention, prune
from tastemaker.agent.memory.session_store import MEMORY, open_session_store, unwritable
from tastemaker.agent.memory.taste_in_log import taste_in_log
from tastemaker.agent.private_records import PrivateFeedback, PrivateTrace
from tastemaker.agent.reply import llm_wording as wording
from tastemaker.agent.session import Engine, Session, titles_to_ids
from tastemaker.agent.shortlist.exploration_slots import BEST_ONLY, POOL, ExplorationPolicy
from tastemaker.agent.trace import NoTrace, Trace
from tastemaker.agent.turn.graph import TurnGraph
from tastemaker.agent.turn.state import Effort, TurnResources, Words
from tastemaker.retrieval.catalog.schema import nearest_of
from tastemaker.retrieval.errors import ConfigError, ModelNonsense, QueryError
from tastemaker.tools.tool_context import ToolContext
from tastemaker.tools.workspace.forget_people import forget_people
from tastemaker.tools.workspace.workspace import Workspace

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

DEFAULT_EFFORT = Effort.BALANCED

MAX_ID = 64
MAX_ID_BYTES = 200
"""Ids name files, whose names may have 255 bytes."""

Option = TypeVar("Option", bound=StrEnum)


class Tastemaker:
    """A conversational recommender over one workspace.

    Safe to share between threads; sessions are independent of each other::

        tm = Tastemaker.open("shop", llm="local")
        session = tm.session(history=["Heat (1995)"])
        reply = session.send("something tense, no horror")

    Made from parts, for evaluations, ``tool_context`` takes the place of the workspace's own, and sessions,
    traces and the feedback log go to the folder ``home`` instead of the workspace. With ``sessions`` at
    :data:`~tastemaker.agent.memory.session_store.MEMORY` nothing is written: take the events from the stream.
    """

    def __init__(
        self,
        workspace: Workspace,
        model: LanguageModel | None = None,
        effort: str = DEFAULT_EFFORT,
        limits: Limits = DEFAULT_LIMITS,
        sessions: str | None = None,
        *,
        tool_context: ToolContext | None = None,
        home: Path | None = None,
        log: Path | None = None,
        policy: ExplorationPolicy = BEST_ONLY,
        words: str = Words.MODEL,
        model_profile: ModelProfile | None = None,
        private: bool = False,
    ) -> None:
        self.workspace = workspace
        self._home = home or workspace.path
        self._written = sessions != MEMORY
        if self._written:
            self._make_home()
        self._private = private
        self._log = log or self._home / "feedback"
        self.model = model
        self.effort = _option(Effort, "effort", effort)
        self.resources = TurnResources.of(tool_context or workspace.tool_context())
        self._store = open_session_store(sessions or self._home / "sessions.sqlite")
        self._words = _option(Words, "wording", words)
        self.model_profile = model_profile or (profile_of(model.name) if model else NO_MODEL)
        graph = TurnGraph()
        self._engine = Engine(
            graph,
            self._store,
            self.resources,
            model,
            self.effort,
            limits,
            policy,
            self._words,
            lambda: workspace.removed,
            self.model_profile,
        )

    def _make_home(self) -> None:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(str(self._home), error, str(error.strerror)) from error

    @classmethod
    def open(
        cls,
        path: Path | str,
        llm: str = RULES,
        effort: str = DEFAULT_EFFORT,
        *,
        fallback: Sequence[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        prices: Mapping[str, Price] = NO_PRICES,
        sessions: str | None = None,
        home: Path | None = None,
        log: Path | None = None,
        explore_share: float = 0.0,
        explore_pool: int = POOL,
        words: str = Words.MODEL,
        model_size: str | None = None,
        private: bool = False,
        wait: bool = True,
    ) -> Self:
        """Open a workspace.

        Args:
            path: what ``tastemaker build`` wrote.
            llm: ``rules`` (no model), ``local`` (embedded), ``http://host/v1#MODEL`` or ``PROVIDER:MODEL``.
            effort: ``fast`` (one model call a turn), ``balanced`` (two) or ``thorough`` (the full loop).
            fallback: models to ask, in order, where ``llm`` fails; behind the last come the rules.
            limits: what a turn may spend, retries, and when a failing model is left alone.
            prices: of tokens by model specification, for ``Usage.cost``.
            sessions: a ``postgresql://`` URL to keep sessions there, or ``memory`` to keep them only as
                long as this agent lives, without trace or log; in the workspace unless given.
            home: folder for sessions, traces and the log, in place of the workspace, which is then only read.
            log: folder for what was shown and what became of it; ``feedback`` in the workspace unless given.
            explore_share: share of turns in which one slot goes to a candidate drawn from the next ones;
                the log then holds the probabilities by which ``tastemaker eval replay`` judges other rankings.
            explore_pool: how many of the next ones take part in the draw.
            model_size: ``capable`` or ``small``: how far to trust a model that nobody measured
                (``tastemaker calibrate``); told by its name unless given.
            private: keep no words in traces and logs: what happened, without what was said. Sessions
                themselves keep their messages until they are erased.
            wait: for the embedded model to be up; else it starts in the background, and rules answer until it is.
            words: ``model``, or ``template`` to spare the model the wording of replies: the items are the same.

        Raises:
            WorkspaceError: no workspace there, or not one this version reads.
            ConfigError: an unknown effort, wording or model specification, or a share or pool to explore
                that makes no sense.
            ModelUnreachable: the embedded model did not start.
        """
        os.environ.setdefault("LANGSMITH_TRACING", "false")  # nothing leaves the machine unless asked to
        workspace, checked = Workspace.open(path), _option(Effort, "effort", effort)
        policy = _policy(explore_share, explore_pool)
        models = open_models(llm, fallback, limits, prices, wait=wait)
        size = _option(ModelSize, "model size", model_size) if model_size else None
        profile = profile_of(models.name, size, own_profiles()) if models else None
        return cls(
            workspace,
            models,
            checked,
            limits,
            sessions,
            home=home,
            log=log,
            policy=policy,
            words=words,
            model_profile=profile,
            private=private,
        )

    def session(
        self,
        session_id: str | None = None,
        *,
        history: Sequence[str] = (),
        liked: Sequence[str] = (),
        disliked: Sequence[str] = (),
        person: str | None = None,
    ) -> Session:
        """A new session, or an earlier one by its id.

        Titles (or item ids) given here are added to the session's profile. With a ``person``, an
        id of your own choice, it begins with what their earlier sessions learned, and adds to it; the first
        one of somebody in the log that the workspace was built with, with their likes and dislikes there.

        Raises:
            QueryError: a title is not in the catalogue or not exact, or the session id is malformed.
        """
        session_id = _check_id(session_id or uuid.uuid4().hex)
        trace_kind = NoTrace if not self._written else PrivateTrace if self._private else Trace
        trace = trace_kind(self._home / "traces", session_id)
        known = self._known(person) if person else None
        log_kind = PrivateFeedback if self._private else FeedbackLog
        feedback = log_kind(self._log, session_id) if self._written else None
        session = Session(session_id, self._engine, trace, known, feedback)
        taken, likes, dislikes = (
            titles_to_ids(titles, self.resources) for titles in (history, liked, disliked)
        )
        if taken or likes or dislikes:
            session.begin(taken, likes, dislikes)
        return session

    def _known(self, person_id: str) -> Person:
        person = self.person(person_id)
        if not person.sessions and person.taste == LongTermTaste():
            own = taste_in_log(self.workspace.log, person_id, self.resources.tool_context.catalog)
            if own != LongTermTaste():
                person.set(own)
        return person

    def person(self, person_id: str) -> Person:
        """What is known of a person across sessions: to look at, to edit, to erase.

        Raises:
            QueryError: a malformed id.
        """
        return Person(
            self._store,
            _check_id(person_id, "person"),
            self.resources.tool_context.catalog,
            self._erase_session,
            self._erase_users,
        )

    def prune(self, keep: Retention | None = None, now: datetime | None = None) -> Pruned:
        """Remove and compress conversations' records that are due, as ``retention.toml`` of the home says.

        Args:
            keep: in place of that file.
            now: the time; the clock's unless given.

        Raises:
            ConfigError: ``retention.toml`` is malformed.
        """
        folders = (self._home / "traces", self._log)
        chosen = keep or Retention.read(self._home)
        return prune(self._store, folders, chosen, self._erase_session, compress_lines, now)

    @property
    def home(self) -> Path:
        """The folder of sessions, traces and logs."""
        return self._home

    def _erase_session(self, session_id: str) -> None:
        self.session(session_id).erase()

    def _erase_users(self, names: Sequence[str]) -> None:
        users = [*names, *(PERSON + name for name in names)]
        try:
            if self._written:
                erase_events(self._home, users)
            forget_people(self.workspace.path, users)
        except OSError as error:
            raise unwritable(str(error.filename or self._home), error, str(error.strerror)) from error

    def tools(self) -> list[BaseTool]:
        """LangChain tools over this workspace: recommend, search, inspect, profile; for anybody's agent."""
        return langchain_tools(ExportedTools(self))

    def warm_up(self) -> None:
        """Do now what the first turn would otherwise wait for: load the embedder, learn labels, fill the prompt cache.

        Raises:
            ModelError: the model did not answer.
        """
        self.resources.tool_context.index.search("warm up", 1)
        self.resources.tool_context.satisfaction.warm_up()
        if matcher := self.resources.tool_context.facet_matcher:
            matcher.warm_up()
        profile = self.model_profile
        if self.model and (profile.leads or profile.reads):
            reader = self.resources.context_reader if profile.leads else self.resources.reader
            with suppress(ModelNonsense):  # an answer cut short has read the prompt all the same
                reader.warm_up(self.model)
        words = self._words is Words.MODEL and profile.words and not profile.leads
        if self.model and words and self.effort is not Effort.FAST:
            with suppress(ModelNonsense):
                wording.warm_up(self.model)

    def close(self) -> None:
        """Close the session store and the index."""
        self.resources.tool_context.index.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _policy(share: float, pool: int) -> ExplorationPolicy:
    if not 0 <= share < 1:
        raise ConfigError(f"a share of {share} to explore; give 0 to below 1, such as 0.05")
    if pool < 1:
        raise ConfigError(f"a pool of {pool} to explore; give at least 1, such as {POOL}")
    return ExplorationPolicy(share=share, pool=pool)


def _option(kind: type[Option], what: str, name: str) -> Option:
    try:
        return kind(name)
    except ValueError:
        raise ConfigError(f"no {what} {name!r}; {nearest_of(name, [str(one) for one in kind])}") from None


def _check_id(chosen: str, whose: str = "session") -> str:
    plain = chosen[: MAX_ID + 1].replace("-", "").replace("_", "")
    if not plain.isalnum() or len(chosen) > MAX_ID or len(chosen.encode()) > MAX_ID_BYTES:
        raise QueryError(
            f"{whose} id {chosen[:MAX_ID]!r}: use up to {MAX_ID} letters, digits, '-' and '_'"
            f" (in UTF-8 {MAX_ID_BYTES} bytes)"
        )
    return chosen
