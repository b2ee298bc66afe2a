"""Fit the classifier of plain messages and score it on another writer's.

``python -m tastemaker.evals.studies.sentences.message_kind --workspace W``.

``evals/data/message-kinds.tsv`` holds short messages by three writers who saw no code, with what each does; titles are
marks. Two of them are for fitting, the third is held out, less what the others wrote too; how sure one has to be was
chosen on it. Wishes of ``facet-phrases.jsonl`` are fitted as ``other`` too. ``--write`` puts the weights of the
workspace's encoder into a folder; they ship in ``agent/nlu/data``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tastemaker.agent.nlu.message_kind import KINDS, MIN_SHARE, WEIGHTS, MessageKind
from tastemaker.evals.benchmarks.recommenders import say, say_table
from tastemaker.evals.studies.facet_phrases import labelled_phrases
from tastemaker.evals.studies.sentences.softmax_fit import Matrix, fit
from tastemaker.retrieval.index.encoder_weights import weights_file
from tastemaker.tools.workspace.workspace import Workspace

PENALTY = 0.03
"""Of the squared weights; on the held-out writer .03 and .1 have .93 of all right, .3 has .89."""
OF_RENOWN = ("popularity", "known", "acclaim", "rating_mean", "hidden_gem")
"""Facets of which a phrase alone may be a message of its own kind: "blockbusters"."""


class KnownMessage(NamedTuple):
    """A message, what it does, and whether it is held out."""

    kind: MessageKind
    text: str
    held_out: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, score the held-out writer's messages, and write weights where asked to."""
    parser = argparse.ArgumentParser(description="Fit the classifier of plain messages and score it.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--write", type=Path, help="folder for the weights")
    chosen = parser.parse_args(arguments)
    embedder = Workspace.open(chosen.workspace).embedder
    known = read_messages()
    fitted = [one for one in known if not one.held_out] + wishes()
    held = [one for one in known if one.held_out]
    vectors = embedder.encode([one.text for one in fitted]).astype(float)
    weights = fit(vectors, np.array([KINDS.index(one.kind) for one in fitted]), len(KINDS), PENALTY)
    shares = np.stack([weights.shares(vector) for vector in embedder.encode([one.text for one in held])])
    say_table([("kind", "messages", "recall", "precision"), *figures(shares, [one.kind for one in held])])
    if chosen.write:
        place = chosen.write / weights_file(WEIGHTS, embedder.name)
        np.savez(place, slope=weights.slope, shift=weights.shift)
        say(f"{place}: {place.stat().st_size} bytes")


def read_messages() -> list[KnownMessage]:
    """The labelled messages of the package."""
    text = (files("tastemaker.evals") / "data" / "message-kinds.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    return [KnownMessage(MessageKind(kind), said, half == "held_out") for half, kind, said in rows]


def wishes() -> list[KnownMessage]:
    """Phrases that ask for something else than renown, as messages of no kind of their own."""
    return [
        KnownMessage(MessageKind.OTHER, phrase.text, held_out=False)
        for phrase in labelled_phrases()
        if phrase.half == "fit"
        and phrase.expect
        and not any(label.split()[0] in OF_RENOWN for group in phrase.expect for label in group)
    ]


def figures(shares: Matrix, wanted: Sequence[MessageKind]) -> list[tuple[str, ...]]:
    """Rows of a table: per kind, what is told with enough certainty, and how much of that is right."""
    truth = np.array([KINDS.index(kind) for kind in wanted])
    sure = np.where(shares.max(axis=1) >= MIN_SHARE, shares.argmax(axis=1), KINDS.index(MessageKind.OTHER))
    rows = list[tuple[str, ...]]()
    for at, kind in enumerate(KINDS):
        own, told = truth == at, sure == at
        precision = (own & told).sum() / max(told.sum(), 1)
        rows.append((kind.value, f"{own.sum()}", f"{(own & told).sum() / own.sum():.3f}", f"{precision:.3f}"))
    rows.append(("all", f"{len(truth)}", f"{(sure == truth).mean():.3f}", ""))
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
