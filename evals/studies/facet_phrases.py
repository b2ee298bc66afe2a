"""How well phrases in the words of people are mapped to facets: ``python -m tastemaker.evals.studies.facet_phrases``.

``data/facet-phrases.jsonl`` holds phrases and messages with the conditions that they ask for. A
group of conditions in ``expect`` is found by any of its members; what stands in ``also`` is neither
right nor wrong. Levels count as equal one step apart in the same direction, running times said
roughly within ten minutes, shares of the catalogue within ``OF_A_SHARE``; of several values half must
be wanted ones. A property that no facet holds counts as one condition.

The 429 phrases of the held-out half, by two writers, were never read by who mended the matcher: they are counted and
never shown. Rows marked ``fresh`` (four writers, one of them held out) were read by nobody who mended a pattern; the
weights of :mod:`tastemaker.retrieval.facets.learned_meanings` are fitted on those of them that are for fitting. What
words only suggest (``hints``) is no reading and is not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from tastemaker.evals.benchmarks.recommenders import say, say_table
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.facets.definition import Bound, FacetKind, FacetSet, Meaning, shipped_facets
from tastemaker.retrieval.facets.learned_meanings import learned_meanings
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.facets.phrase_vectors import NearestPhrases, Weights
from tastemaker.retrieval.facets.phrases import Cue, signs_in
from tastemaker.retrieval.facets.reading import FacetMatch, FacetReading
from tastemaker.retrieval.facets.words import flat, words_of
from tastemaker.retrieval.filters.conditions import Constraint, Op, describe, leaves, values_of
from tastemaker.retrieval.index.embedder import TextEmbedder
from tastemaker.tools.workspace.workspace import Workspace

SOURCE = "data/facet-phrases.jsonl"
HALVES = ("fit", "held_out")
RIDGE = 0.0005
ROUGHLY = 10
"""Minutes that running times said roughly may differ by."""
OF_A_SHARE = {"stars": 0.25, "percent": 10}
"""What limits may differ by that a share of the catalogue sets: "the best fifth" has another limit in each."""
_RANGES = {"at most": Op.AT_MOST, "at least": Op.AT_LEAST, "between": Op.BETWEEN}


@dataclass(frozen=True)
class LabelledPhrase:
    """A phrase and what it asks for.

    Attributes:
        text: of the phrase or message.
        expect: groups of conditions, of which one each must be found.
        also: conditions that are neither right nor wrong.
        unknown: names of properties that no facet holds; empty if there is none.
        half: ``fit`` or ``held_out``.
        fresh: whether no pattern was mended by it.
    """

    text: str
    expect: tuple[tuple[str, ...], ...]
    also: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    half: str = "fit"
    fresh: bool = False


@dataclass
class Tally:
    """Conditions wanted, found, and both."""

    wanted: int = 0
    found: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what was wanted that was found; 1 where nothing was wanted."""
        return self.right / self.wanted if self.wanted else 1.0


def labelled_phrases() -> list[LabelledPhrase]:
    """The labelled phrases of the package."""
    text = (files("tastemaker.evals") / SOURCE).read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [
        LabelledPhrase(
            row["text"],
            tuple(map(tuple, row["expect"])),
            tuple(row.get("also", ())),
            tuple(row.get("unknown", ())),
            row["half"],
            row.get("fresh", False),
        )
        for row in rows
    ]


def tally(phrases: Sequence[LabelledPhrase], matcher: FacetMatcher) -> dict[str, Tally]:
    """Counts for each half."""
    counts = {half: Tally() for half in HALVES}
    for phrase in phrases:
        _count(counts[phrase.half], phrase, matcher.read(phrase.text), matcher.facets)
    return counts


def _count(count: Tally, phrase: LabelledPhrase, reading: FacetReading, facets: FacetSet) -> None:
    groups = [group for group in phrase.expect if any(_is_known(one, facets) for one in group)]
    open_groups = list(groups)
    missed: list[str] = []
    extra: list[str] = []
    for match in reading.matches:
        group = next((one for one in open_groups if _meets(match, one, facets)), None)
        if group is not None:
            open_groups.remove(group)
            count.right += 1
            count.found += 1
        elif not any(_meets(match, (*one, *phrase.also), facets) for one in (*groups, ())):
            count.found += 1
            extra.append(describe(match.condition)[:80])
    missed += [" | ".join(group) for group in open_groups]
    count.wanted += len(groups) + bool(phrase.unknown)
    if reading.unknown:
        count.found += 1
        if phrase.unknown:
            count.right += 1
        else:
            extra.append(f"unknown {reading.unknown[0].name}")
    elif phrase.unknown:
        missed.append(f"unknown {phrase.unknown[0]}")
    if missed or extra:
        count.wrong.append(
            f"{phrase.text!r}\n    missed {'; '.join(missed) or '-'}   extra {'; '.join(extra) or '-'}"
        )


def is_right(match: FacetMatch, phrase: LabelledPhrase, facets: FacetSet) -> bool | None:
    """Whether a match is asked for; None where it is neither right nor wrong."""
    if any(_meets(match, group, facets) for group in phrase.expect):
        return True
    return None if _meets(match, phrase.also, facets) else False


def _is_known(label: str, facets: FacetSet) -> bool:
    return label.split(" ")[0] in facets.facets or label == "popularity"


def _meets(match: FacetMatch, labels: Sequence[str], facets: FacetSet) -> bool:
    return any(_same(leaf, label, facets) for leaf in leaves(match.condition) for label in labels)


def _same(leaf: Constraint, label: str, facets: FacetSet) -> bool:
    name, _, rest = label.partition(" ")
    if not rest:
        return leaf.field.startswith(name)
    if leaf.field != name:
        return False
    facet = facets.facets[name]
    for words, op in _RANGES.items():
        if rest.startswith(words):
            numbers = [float(word) for word in rest.removeprefix(words).split(" and ")]
            return _same_range(leaf, op, numbers, facet.kind, facet.unit)
    denied = rest.startswith("none of ")
    wanted = {
        value.strip().casefold() for value in rest.removeprefix("none of ").removeprefix("any of ").split(",")
    }
    if (leaf.op in (Op.NONE_OF, Op.IS_NOT)) != denied:
        return False
    have = {str(value).casefold() for value in values_of(leaf)}
    if facet.open and not facet.values:
        return any(want in value for want in wanted for value in have)
    return 2 * len(have & wanted) >= len(have)


def _same_range(leaf: Constraint, op: Op, numbers: Sequence[float], kind: FacetKind, unit: str) -> bool:
    if leaf.op is not op:
        return False
    have = [float(value) for value in values_of(leaf)]  # type: ignore[arg-type]
    if op is Op.BETWEEN:
        return abs(sum(have) / len(have) - sum(numbers) / len(numbers)) <= ROUGHLY
    return abs(have[0] - numbers[0]) <= (1 if kind is FacetKind.LEVEL else OF_A_SHARE.get(unit, 0))


def fit_weights(
    phrases: Sequence[LabelledPhrase], nearest: NearestPhrases, embedder: TextEmbedder
) -> Weights:
    """Weights by which the nearest phrase of a text is rightly its meaning, fitted on the fit half.

    Texts with several wishes or a denial are left out: a matcher looks at the parts of those.
    """
    some = [
        phrase
        for phrase in phrases
        if phrase.half == "fit" and len(phrase.expect) <= 1 and not _denies(phrase)
    ]
    near = nearest.nearest(embedder.encode([phrase.text for phrase in some]))
    features = np.array([[similarity, margin, 1.0] for similarity, margin, _ in near])
    right = np.array(
        [_is_meant(phrase, nearest.meanings(one[2])) for phrase, one in zip(some, near, strict=True)]
    )

    def loss(weights: npt.NDArray[np.float64]) -> float:
        scores = features @ weights
        return float(
            np.logaddexp(0, np.where(right, -scores, scores)).sum() + RIDGE * (weights[:2] ** 2).sum()
        )

    found = minimize(loss, np.array([10.0, 5.0, -6.0]), method="Nelder-Mead", options={"maxiter": 5_000})
    return Weights(*(round(float(weight), 3) for weight in found.x))


def _denies(phrase: LabelledPhrase) -> bool:
    words = words_of(flat(phrase.text))
    return any(sign.cue is not Cue.SOFTEN for sign in signs_in(words, [False] * len(words)))


def _is_meant(phrase: LabelledPhrase, meanings: Sequence[tuple[str, Meaning]]) -> bool:
    labels = [label for group in (*phrase.expect, phrase.also) for label in group]
    return any(
        label.split(" ")[0] == name and _agrees(label, meaning)
        for name, meaning in meanings
        for label in labels
    )


def _agrees(label: str, meaning: Meaning) -> bool:
    if meaning.bound in (Bound.ANY_OF, Bound.NONE_OF):
        return f" {meaning.bound} " in label and any(str(value) in label for value in meaning.values)
    return f" {meaning.bound} " in label


def report(counts: dict[str, Tally]) -> Iterator[tuple[str, ...]]:
    """Rows of a table of the figures."""
    yield ("half", "wanted", "found", "right", "precision", "recall")
    for half, count in counts.items():
        yield (
            half,
            f"{count.wanted}",
            f"{count.found}",
            f"{count.right}",
            f"{count.precision:.3f}",
            f"{count.recall:.3f}",
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read every phrase and print the figures; with ``--show`` what was read wrongly in the fit half."""
    parser = argparse.ArgumentParser(description="Measure how well phrases are mapped to facets.")
    parser.add_argument("--workspace", type=Path, default=Path("workspaces/ml-100k"))
    parser.add_argument("--facets", default="films", help="name of a shipped facet set")
    parser.add_argument("--no-vectors", action="store_true", help="patterns alone")
    parser.add_argument("--fit", type=Path, help="fit the weights of the nearest phrase and write them there")
    parser.add_argument("--show", action="store_true", help="list what was read wrongly in the fit half")
    chosen = parser.parse_args(arguments)
    workspace = Workspace.open(chosen.workspace)
    embedder = None if chosen.no_vectors else workspace.embedder
    index = workspace.tool_context().index if embedder else None
    learned = learned_meanings(index.encoder, index.embed, index.prepare) if index else None
    matcher = FacetMatcher(shipped_facets(chosen.facets), workspace.catalog, embedder, learned=learned)
    if chosen.fit and embedder:
        nearest = NearestPhrases(matcher.facets, embedder, frozenset(matcher.facets.facets))
        weights = fit_weights(labelled_phrases(), nearest, embedder)
        write_atomically(chosen.fit, (json.dumps(asdict(weights)) + "\n").encode())
        say(f"fitted: {weights}")
        return
    counts = tally(labelled_phrases(), matcher)
    if chosen.show:
        for line in counts["fit"].wrong:
            say(line)
    say_table(list(report(counts)))


if __name__ == "__main__":
    main(sys.argv[1:])
