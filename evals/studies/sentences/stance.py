"""Fit the stance classifier and compare it with patterns.

``python -m tastemaker.evals.studies.sentences.stance --workspace W``.

``evals/data/stances.tsv`` holds sentences in the words of ordinary people, each with one value in brackets and
whether it is asked for, told of or refused. Ten folds give the honest figures; ``--write`` fits on all sentences
and puts the weights of the workspace's encoder into the package.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.stance import STANCES, Stance, framed
from tastemaker.evals.benchmarks.recommenders import say, say_table
from tastemaker.evals.studies.sentences.softmax_fit import by_folds, fit
from tastemaker.retrieval.filters.constraints import NEGATIVE
from tastemaker.retrieval.index.encoder_weights import weights_file
from tastemaker.tools.workspace.workspace import Workspace

Matrix = npt.NDArray[np.float64]
Sentence = tuple[Stance, str, tuple[int, int]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Score by folds beside the patterns, and write weights where asked to."""
    parser = argparse.ArgumentParser(description="Fit the stance classifier and score it by folds.")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--write", type=Path, help="folder for the weights of all sentences")
    chosen = parser.parse_args(arguments)
    context = Workspace.open(chosen.workspace).tool_context()
    said = read_sentences()
    vectors = np.stack([context.index.embed(framed(text, *span)) for _, text, span in said]).astype(float)
    wanted = np.array([STANCES.index(stance) for stance, _, _ in said])
    found = by_folds(vectors, wanted, len(STANCES))
    rules = RulesReader(context.catalog, context.resolver, context.facet_matcher)
    patterns = np.array([STANCES.index(_by_patterns(rules, text)) for _, text, _ in said])
    rows = [(name, *_figures(got, wanted)) for name, got in (("patterns", patterns), ("classifier", found))]
    say_table([("reader", "right", *(f"{stance} recall / precision" for stance in STANCES)), *rows])
    if chosen.write:
        weights = fit(vectors, wanted, len(STANCES))
        place = chosen.write / weights_file("stance", context.index.encoder)
        np.savez(place, slope=weights.slope, shift=weights.shift)
        say(f"{place}: {place.stat().st_size} bytes")


def read_sentences() -> list[Sentence]:
    """The labelled sentences with the place of their value."""
    text = (files("tastemaker.evals") / "data" / "stances.tsv").read_text(encoding="utf-8")
    found = list[Sentence]()
    for line in text.splitlines()[1:]:
        stance, marked = line.split("\t")
        value = re.search(r"\[(.+?)\]", marked)
        if value:
            plain = marked.replace("[", "").replace("]", "")
            found.append((Stance(stance), plain, (value.start(), value.start() + len(value[1]))))
    return found


def _by_patterns(rules: RulesReader, text: str) -> Stance:
    """What the rules alone make of the only value of a sentence."""
    conditions = [one for one in rules.read(text).constraints if one.field == "genres"]
    if not conditions:
        return Stance.TOLD
    return Stance.REFUSED if conditions[0].op in NEGATIVE else Stance.ASKED


def _figures(found: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> list[str]:
    shares = [f"{(found == wanted).mean():.3f}"]
    for at in range(len(STANCES)):
        recall = (found[wanted == at] == at).mean()
        precision = (wanted[found == at] == at).mean()
        shares.append(f"{recall:.3f} / {precision:.3f}")
    return shares


if __name__ == "__main__":
    main(sys.argv[1:])
