"""The evaluation with simulated users: who wants what, who plays them, a run folder per pair of agent and user."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tastemaker.agent.llm.model import LanguageModel
from tastemaker.evals.next_item.questions import questions, sample
from tastemaker.evals.next_item.split import leave_one_out
from tastemaker.evals.runs.reply_record import reply_record
from tastemaker.evals.runs.run_cases import run_cases
from tastemaker.evals.runs.run_folder import Head, Row, RunFolder
from tastemaker.evals.simulation.conversation import METRICS, Exchange, Outcome, Wanted, converse
from tastemaker.evals.simulation.everyday_card import everyday_card
from tastemaker.evals.simulation.everyday_personas import EverydayPersona
from tastemaker.evals.simulation.everyday_user import EverydayUser, ImpatientUser
from tastemaker.evals.simulation.everyday_wishes import wishes_for
from tastemaker.evals.simulation.leak_audit import LeakAudit
from tastemaker.evals.simulation.llm_user import ModelUser
from tastemaker.evals.simulation.paraphrases import Paraphrases
from tastemaker.evals.simulation.personas import Persona
from tastemaker.evals.simulation.rule_user import RulesUser
from tastemaker.evals.simulation.target_card import MIN_FACTS, target_card
from tastemaker.evals.simulation.user import AgentUnderTest, SimulatedUser
from tastemaker.retrieval.catalog.catalog import Catalog, Item
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.titles.near_duplicates import DuplicateGroups

KIND = "simulate"
METRIC = "success"
NO_GROUPS = DuplicateGroups()


@dataclass(frozen=True)
class SimulationCase:
    """One conversation to hold."""

    wanted: Wanted
    persona: Persona
    repeat: int

    @property
    def id(self) -> str:
        """Person, persona and repeat."""
        return f"{self.wanted.person}/{self.persona.name}/{self.repeat}"

    @property
    def group(self) -> str:
        """The person."""
        return self.wanted.person


@dataclass(frozen=True)
class Cast:
    """Plays the users: by rules, or by a model that is given the card alone.

    Attributes:
        catalog, audit: what the cards come from and what must not be said.
        paraphrases: phrases in other words, for those who use them.
        model: None for rules.
        seed: equal seeds give equal users by rules, and the same order of facts to a model.
    """

    catalog: Catalog
    audit: LeakAudit
    paraphrases: Paraphrases
    model: LanguageModel | None = None
    seed: int = 0

    def user(self, case: SimulationCase) -> SimulatedUser:
        """The user of one conversation."""
        target = self.catalog[case.wanted.target]
        card = target_card(target, self.catalog, self.audit)
        dice = random.Random(f"{self.seed}/{case.id}")  # noqa: S311
        if isinstance(case.persona, EverydayPersona):
            return self._everyday(case.persona, target, dice)
        if self.model:
            return ModelUser(card, case.persona, self.catalog, self.audit.names, self.model, dice)
        return RulesUser(
            target, card, case.persona, self.catalog, self.audit, dice, other_words=self.paraphrases.of
        )

    def _everyday(self, persona: EverydayPersona, target: Item, dice: random.Random) -> SimulatedUser:
        card = everyday_card(
            target, self.catalog, self.audit, wishes_for(self.catalog), self.paraphrases.of, dice
        )
        inner: SimulatedUser
        if self.model:
            inner = ModelUser(card.card, persona, self.catalog, self.audit.names, self.model, dice)
        else:
            inner = EverydayUser(target, card, persona, self.catalog, self.audit, dice)
        return ImpatientUser(inner, card, persona.patience, self.catalog)


def people(
    log: Interactions,
    catalog: Catalog,
    audit: LeakAudit,
    limit: int | None,
    seed: int,
    history: int,
    groups: DuplicateGroups = NO_GROUPS,
) -> list[Wanted]:
    """Who is played: people of the log, each with their last item in mind and what came before it.

    Those whose item has too little that may be told are left out.

    Args:
        log: of the workspace.
        catalog: whose rows it refers to.
        audit: decides what may be told.
        limit: so many, drawn at random; None for all.
        seed: of the draw.
        history: the agent is given so many of the items before.
        groups: the catalogue's near-duplicates; those of one title are one item.

    Raises:
        DataError: nobody has three interactions.
    """
    held = leave_one_out(log).test
    asked = questions(held, catalog)
    twins = _twins(catalog, groups)
    found = [
        Wanted(
            log.users[user], one.target, one.query.history[-history:] if history else (), twins(one.target)
        )
        for user, one in zip(held.user, asked, strict=True)
        if len(target_card(catalog[one.target], catalog, audit).facts) >= MIN_FACTS
    ]
    return sample(found, limit, seed)


def _twins(catalog: Catalog, groups: DuplicateGroups) -> Callable[[str], tuple[str, ...]]:
    def twins(item_id: str) -> tuple[str, ...]:
        group = next((ids for ids in groups.members if item_id in ids), ())
        return tuple(i for i in group if i != item_id and catalog[i].title == catalog[item_id].title)

    return twins


def simulation_cases(
    wanted: Iterable[Wanted], personas: Sequence[Persona], repeats: int
) -> list[SimulationCase]:
    """Everyone in every persona, so many times."""
    return [
        SimulationCase(one, persona, repeat)
        for one in wanted
        for persona in personas
        for repeat in range(repeats)
    ]


def run_conversations(
    cases: Sequence[SimulationCase],
    cast: Cast,
    agent: AgentUnderTest,
    folder: Path,
    head: Head,
    most_turns: int,
    *,
    workers: int = 1,
    progress: bool = True,
) -> None:
    """Hold every conversation that has no row yet.

    Raises:
        WorkspaceError: the folder holds another run, or another process is at work there.
    """
    with RunFolder.open(folder, head) as run:
        run_cases(
            run,
            cases,
            asking(cast, agent, most_turns),
            lambda case: failure_row(case, most_turns),
            workers=workers,
            metric=METRIC,
            progress=progress,
        )


def asking(cast: Cast, agent: AgentUnderTest, most_turns: int) -> Callable[[SimulationCase], Row]:
    """A function that holds a conversation and gives its row."""

    def ask(case: SimulationCase) -> Row:
        user = cast.user(case)
        outcome = converse(case.wanted, user, agent, cast.catalog, cast.audit, most_turns)
        return row_of(case, outcome, cast.catalog, most_turns)

    return ask


def row_of(case: SimulationCase, outcome: Outcome, catalog: Catalog, most_turns: int) -> Row:
    """A conversation's row; the transcript is its trace."""
    last = outcome.exchanges[-1].turn
    usages = [one.turn.usage for one in outcome.exchanges if one.turn.usage]
    return {
        **_head(case),
        "items": list(last.items),
        "metrics": outcome.metrics(most_turns),
        "leaks": [f"{leak.kind}: {leak.said} ({leak.secret})" for leak in outcome.leaks],
        "text": last.text,
        "first_seconds": outcome.exchanges[0].turn.first_seconds,
        "usage": _sum_usage(usages),
        "trace": outcome.trace(catalog),
        "farewell": outcome.farewell,
        "replies": [_reply(one, case.wanted.history) for one in outcome.exchanges],
    }


def _reply(one: Exchange, history: Sequence[str]) -> Row:
    turn = one.turn
    return reply_record(
        said=[one.said.text],
        mentioned=(),
        known=history,
        items=turn.items,
        text=turn.text,
        places=turn.places,
        conditions=[condition.model_dump(mode="json") for condition in one.standing],
        first_seconds=turn.first_seconds,
        seconds=round(one.seconds, 4),
        usage=turn.usage,
    )


def failure_row(case: SimulationCase, most_turns: int) -> Row:
    """The row of a conversation that broke off with an error: a failure like any other."""
    missed = dict.fromkeys(METRICS, None) | {"success": 0.0, "turns": float(most_turns + 1)}
    return {**_head(case), "items": [], "metrics": missed, "leaks": [], "text": None, "trace": None}


def _head(case: SimulationCase) -> Row:
    return {
        "gold": [case.wanted.target],
        "slices": {"persona": case.persona.name},
        "repeat": case.repeat,
    }


def _sum_usage(usages: Sequence[dict[str, float]]) -> dict[str, float] | None:
    names = dict.fromkeys(name for one in usages for name in one)
    return {name: sum(one.get(name, 0) for one in usages) for name in names} or None
