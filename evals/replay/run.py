"""Logged turns held again under another model, prompt or configuration, each from the state it began with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tastemaker.agent import Tastemaker
from tastemaker.agent.feedback import KINDS
from tastemaker.evals.dialogues.agent_system import read_answer
from tastemaker.evals.dialogues.system import Answer
from tastemaker.evals.metrics.agreement import changes, overlap, rank_correlation
from tastemaker.evals.replay.log import LoggedTurn
from tastemaker.evals.runs.reply_record import last_conditions, reply_record
from tastemaker.evals.runs.run_cases import run_cases
from tastemaker.evals.runs.run_folder import Head, Row, RunFolder
from tastemaker.retrieval.catalog.catalog import Catalog

KIND = "replay"
METRIC = "overlap"
LATE = 5
"""Turns from this one on are one slice."""
HITS = ("chosen", "liked", "opened")
"""Kinds of event whose items a replayed list should hold."""


def run_turns(
    turns: Sequence[LoggedTurn],
    tm: Tastemaker,
    folder: Path,
    head: Head,
    *,
    workers: int = 1,
    progress: bool = True,
) -> None:
    """Hold every logged turn that has no row yet.

    Args:
        turns: from :func:`tastemaker.evals.replay.log.read_log`.
        tm: the agent to hold them with; its sessions should be kept apart from the logged ones.
        folder, head: of the run.
        workers: turns at the same time.
        progress: show a bar.

    Raises:
        WorkspaceError: the folder holds another run, or another process is at work there.
    """
    catalog = tm.resources.tool_context.catalog
    with RunFolder.open(folder, head) as run:
        run_cases(
            run,
            turns,
            asking(tm),
            lambda turn: miss_row(turn, catalog),
            workers=workers,
            metric=METRIC,
            progress=progress,
        )


def asking(tm: Tastemaker) -> Callable[[LoggedTurn], Row]:
    """A function that holds a turn again and gives its row."""
    return lambda turn: row_of(turn, hold_again(tm, turn), tm.resources.tool_context.catalog)


def miss_row(turn: LoggedTurn, catalog: Catalog) -> Row:
    """The row of a turn without an answer."""
    return row_of(turn, Answer(()), catalog)


def hold_again(tm: Tastemaker, turn: LoggedTurn) -> Answer:
    """One turn in a new session that is in the state of the logged one.

    Raises:
        QueryError: the state names an item that the catalogue no longer has.
    """
    session = tm.session()
    session.restore(turn.state)
    return read_answer(lambda: session.stream(turn.message, turn.k))


def row_of(turn: LoggedTurn, answer: Answer, catalog: Catalog) -> Row:
    """A turn's row: hits of what the person went for, agreement with what was shown, and what changed."""
    then, now = turn.items, answer.items
    gold = sorted(turn.later["chosen"])
    return {
        "items": list(now),
        "gold": gold,
        "text": answer.text,
        "usage": answer.usage,
        "first_seconds": answer.first_seconds,
        "trace": list(answer.trace) if answer.trace else None,
        "metrics": {
            **{f"{kind}_hit": _hit(now, turn.later[kind]) for kind in HITS},
            "chosen_rr": _reciprocal_rank(now, turn.later["chosen"]),
            "overlap": overlap(then, now, turn.k),
            "rank_correlation": rank_correlation(then, now),
            "same_first": float(then[0] == now[0]) if then and now else None,
        },
        "slices": {
            "turn": str(turn.number) if turn.number < LATE else f"{LATE}+",
            "logged llm": turn.made_by["llm"],
        },
        "message": turn.message,
        "changes": _in_words(then, now, catalog),
        "policy": policy_of(turn, now),
        "replies": [_reply(turn, answer)],
    }


def _reply(turn: LoggedTurn, answer: Answer) -> Row:
    profile = turn.state.get("profile") or {}
    earlier = [i for name in ("shown", "likes", "dislikes", "rejected") for i in profile.get(name) or ()]
    messages = turn.state.get("messages") or ()
    said = [str(one["text"]) for one in messages if one["role"] == "user"]
    return reply_record(
        said=[*said, turn.message],
        mentioned=dict.fromkeys(earlier),
        known=profile.get("history") or (),
        items=answer.items,
        text=answer.text,
        places=answer.places,
        conditions=last_conditions(answer.trace),
        first_seconds=answer.first_seconds,
        seconds=None,
        usage=answer.usage,
    )


def policy_of(turn: LoggedTurn, now: Sequence[str]) -> dict[str, Any] | None:
    """What off-policy estimates need of a turn; None where its list was not drawn from a ranking.

    Places are those in the logged ranking, from 0; None where an item is not on it.
    """
    if not turn.ranked:
        return None
    places = {item_id: place for place, item_id in enumerate(turn.ranked)}
    return {
        "k": turn.k,
        "share": turn.policy.share,
        "pool": turn.policy.pool,
        "shown": [
            {
                "item": one.item,
                "place": places.get(one.item),
                "inclusion": one.inclusion,
                "listed": one.item in now,
                "met_with": [kind for kind in KINDS if one.item in turn.met_with[kind]],
            }
            for one in turn.shown
        ],
        "listed": [{"item": i, "place": places.get(i), "inclusion": turn.inclusion(i)} for i in now],
    }


def _hit(now: Sequence[str], gold: Iterable[str]) -> float | None:
    wanted = set(gold)
    return float(bool(wanted & set(now))) if wanted else None


def _reciprocal_rank(now: Sequence[str], gold: Iterable[str]) -> float | None:
    wanted = set(gold)
    if not wanted:
        return None
    return next((1 / rank for rank, item_id in enumerate(now, 1) if item_id in wanted), 0.0)


def _in_words(then: Sequence[str], now: Sequence[str], catalog: Catalog) -> dict[str, list[str]]:
    found = changes(then, now)

    def title(item_id: str) -> str:
        return catalog[item_id].title if item_id in catalog else item_id

    return {
        "gone": [title(i) for i in found.gone],
        "new": [title(i) for i in found.new],
        "moved": [f"{title(i)}: {was} to {now_at}" for i, was, now_at in found.moved],
    }
