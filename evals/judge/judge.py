"""Judges the replies of a run without asking a model: each reply's counts, and what was wrong with it.

A measure of a run is a ratio of sums over its replies, so that a sentence weighs as much as any
other; its interval draws whole groups, since the replies of one conversation depend on each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.evals.judge.claim_check import Claims
from tastemaker.evals.judge.grounding_check import Grounding
from tastemaker.evals.judge.judged_reply import JudgedReply, replies_of
from tastemaker.evals.judge.list_checks import (
    Features,
    broken,
    features,
    gini,
    intra_list_diversity,
    repeats,
    self_information,
)
from tastemaker.evals.runs.run_folder import Head, read_run
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.interactions import Interactions
from tastemaker.retrieval.errors import DataError

SHOWN = 10
"""Items of a list that are judged: further ones are asked for by evaluations, not shown to anybody."""

MEASURES = {
    "without text": "share of replies that are empty, failures among them",
    "grounded": "share of replies with text in which every quoted title, title with year, name and number comes "
    "from an item shown or named or from what was said",
    "claims held": "share of sentences citing values of an item in which the catalogue holds them all",
    "repeats": "share of items shown that had been shown or mentioned in the conversation",
    "violations": "share of items shown, where conditions were in force, that break one",
    "diversity": "mean over lists of 1 - Jaccard of two items' categories and tags",
    "novelty": "mean self-information of an item's popularity, in bits",
    "words": "of a reply",
    "calls": "to a model, per reply",
    "prompt tokens": "per reply",
    "cached tokens": "per reply",
    "written tokens": "per reply",
    "cost": "per reply",
}
"""Measure -> what it is, in the order of the report."""

USAGE = {
    "calls": "calls",
    "prompt tokens": "prompt_tokens",
    "cached tokens": "cached_tokens",
    "written tokens": "completion_tokens",
    "cost": "cost",
}

Tally = tuple[float, float]
"""A sum and how many things it is over."""

NOTHING: Tally = (0.0, 0.0)


@dataclass(frozen=True)
class Fault:
    """Something wrong with a reply: of which case, which measure, and what."""

    case: str
    measure: str
    what: str


@dataclass(frozen=True)
class Verdict:
    """What is said of one reply.

    Attributes:
        reply: the reply.
        tallies: by measure; None where the row did not record what it takes.
        faults: what was wrong.
    """

    reply: JudgedReply
    tallies: Mapping[str, Tally | None]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class JudgedRun:
    """All verdicts on a run, and its figures that belong to no single reply.

    Attributes:
        head: of the run.
        verdicts: reply by reply.
        coverage: share of the catalogue that any list showed; None where nothing was shown.
        gini: of how often each item of the catalogue was shown, likewise.
    """

    head: Head
    verdicts: tuple[Verdict, ...]
    coverage: float | None
    gini: float | None

    @property
    def faults(self) -> list[Fault]:
        """All faults."""
        return [fault for one in self.verdicts for fault in one.faults]


@dataclass
class Judge:
    """Judges replies about the items of one catalogue.

    Args:
        catalog: the catalogue that the runs were made with.
        log: whose popularity novelty goes by.
        k: so many items of each list are judged.
    """

    catalog: Catalog
    log: Interactions
    k: int = SHOWN
    _features: dict[str, Features] = field(default_factory=dict)

    def run(self, path: Path) -> JudgedRun:
        """Judge every reply in a run folder.

        Raises:
            DataError: no run there, one without replies, or one made with another catalogue.
        """
        head, rows = read_run(path)
        made_with = head["data"].get("catalog")
        if made_with and made_with != self.catalog.content_hash:
            raise DataError(
                f"this run was made with another catalogue ({made_with[:12]}, the workspace's is "
                f"{self.catalog.content_hash[:12]}); give the --workspace that it was made with",
                path,
            )
        return self.judge_run(head, [reply for row in rows for reply in replies_of(row, head)])

    def judge_run(self, head: Head, replies: Sequence[JudgedReply]) -> JudgedRun:
        """Judge some replies of one run."""
        counts = np.zeros(len(self.catalog))
        for reply in replies:
            np.add.at(counts, self.catalog.rows(i for i in reply.items[: self.k] if i in self.catalog), 1)
        shown = bool(counts.sum())
        return JudgedRun(
            head,
            tuple(self.verdict(reply) for reply in replies),
            float((counts > 0).mean()) if shown else None,
            gini(counts) if shown else None,
        )

    def verdict(self, reply: JudgedReply) -> Verdict:
        """Judge one reply. A failed one is without text, and nothing else is said of it but its words: none."""
        if reply.failed:
            known: dict[str, Tally | None] = dict.fromkeys(MEASURES, NOTHING)
            return Verdict(reply, known | {"without text": (1.0, 1.0), "words": (0.0, 1.0)}, ())
        faults = list[Fault]()
        tallies = {**self._of_text(reply, faults), **self._of_items(reply, faults), **_of_usage(reply)}
        return Verdict(reply, tallies, tuple(faults))

    def _of_text(self, reply: JudgedReply, faults: list[Fault]) -> dict[str, Tally | None]:
        if reply.text is None:
            return dict.fromkeys(("without text", "grounded", "claims held", "words"))
        wrong = self._grounding.unsupported_spans(reply)
        claims = self._claims.of(reply, self._grounding.came_up(reply)) or []
        faults += [
            Fault(reply.case, "grounded", f"{one.kind} {one.said!r} comes from nowhere")
            for one in wrong or ()
        ]
        false = [claim for claim in claims if claim.wrong]
        for one in false:
            told = f"{self.catalog[one.item].title} lacks {', '.join(one.wrong)}: {one.sentence}"
            faults.append(Fault(reply.case, "claims held", told))
        said = bool(reply.text.strip())
        return {
            "without text": (float(not said), 1.0),
            "grounded": None if wrong is None else (float(not wrong), 1.0) if said else NOTHING,
            "claims held": (float(len(claims) - len(false)), float(len(claims))),
            "words": (float(len(reply.text.split())), 1.0),
        }

    def _of_items(self, reply: JudgedReply, faults: list[Fault]) -> dict[str, Tally | None]:
        ids = reply.items[: self.k]
        items = [self.catalog[i] for i in ids if i in self.catalog]
        again = None if reply.mentioned is None else repeats(ids, (*reply.earlier, *reply.mentioned))
        wrong = broken(items, reply.conditions or ())
        faults += [Fault(reply.case, "repeats", f"{self._title(i)} again") for i in again or ()]
        faults += [Fault(reply.case, "violations", f"{item.title} breaks a condition") for item in wrong]
        spread = intra_list_diversity([self._of(item.id) for item in items])
        bits = self._bits[self.catalog.rows(item.id for item in items)]
        return {
            "repeats": None if again is None else (float(len(again)), float(len(ids))),
            "violations": None
            if reply.conditions is None
            else (float(len(wrong)), float(len(items)))
            if reply.conditions
            else NOTHING,
            "diversity": NOTHING if spread is None else (spread, 1.0),
            "novelty": (float(bits.sum()), float(len(items))),
        }

    def _title(self, item_id: str) -> str:
        return self.catalog[item_id].title if item_id in self.catalog else item_id

    def _of(self, item_id: str) -> Features:
        if item_id not in self._features:
            self._features[item_id] = features(self.catalog[item_id], self.catalog)
        return self._features[item_id]

    @cached_property
    def _grounding(self) -> Grounding:
        return Grounding(self.catalog)

    @cached_property
    def _claims(self) -> Claims:
        return Claims(self.catalog)

    @cached_property
    def _bits(self) -> npt.NDArray[np.float64]:
        return self_information(self.log, len(self.catalog))


def _of_usage(reply: JudgedReply) -> dict[str, Tally | None]:
    usage = reply.usage or {}
    return {
        measure: (float(usage[name]), 1.0) if isinstance(usage.get(name), int | float) else None
        for measure, name in USAGE.items()
    }
