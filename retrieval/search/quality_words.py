"""What an open word says of qualities: "gritty" is violent, dark and for adults.

``data/quality-words.tsv`` places everyday words by hand. ``data/quality-words.npz`` places several thousand
others by their nearness to those under a strong encoder, and for one encoder holds a map for any phrase
(``python -m tastemaker.evals.studies.open_words.quality_words`` writes it).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.index.vector_index import VectorIndex
from tastemaker.retrieval.search.opposites import without_negation

TABLE, WORDS = "quality-words.tsv", "quality-words.npz"
FRAME = "a {} film"
"""Encoders place a quality better within a phrase than alone."""

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class WordTables:
    """Words placed without an encoder: each one's weight for every quality, float32[n_qualities]."""

    by_hand: Mapping[str, Weights]
    by_nearness: Mapping[str, Weights]


@dataclass(frozen=True, eq=False)
class PhraseMap:
    """From the vector of a framed phrase to its weights: float32[d, n_qualities] and float32[n_qualities]."""

    matrix: npt.NDArray[np.float32]
    shift: Weights


def quality_weights(word: str, index: VectorIndex, names: tuple[str, ...]) -> tuple[Weights, bool] | None:
    """What a word weighs for every quality, and whether a person has placed it; None where nothing tells.

    Args:
        word: an attribute such as "violent", or a short phrase; "unfunny" is "funny" turned round.
        index: gives the encoder.
        names: of the qualities.

    Raises:
        QueryError: the word is empty.
    """
    placed = word_tables(names)
    spelled = " ".join(word.casefold().replace("-", " ").split())
    bare, sign = without_negation(spelled)
    for table in (placed.by_hand, placed.by_nearness):
        for form, turn in ((spelled, 1), (bare, sign)):
            if form in table:
                return turn * table[form], table is placed.by_hand
    learned = phrase_map(index.encoder)
    if learned is None:
        return None
    vector = index.embed(FRAME.format(bare) if bare else bare)
    return np.asarray(sign * (vector @ learned.matrix + learned.shift), dtype=np.float32), False


def read_table(names: tuple[str, ...], without: Collection[str] = ()) -> dict[str, Weights]:
    """The words placed by hand, but for some; hyphens are spaces."""
    table: dict[str, Weights] = {}
    place = files("tastemaker.retrieval") / "data" / TABLE
    with place.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for word in row["words"].split(";"):
                spelled = word.strip().casefold().replace("-", " ")
                if spelled not in without:
                    weights = table.setdefault(spelled, np.zeros(len(names), dtype=np.float32))
                    weights[names.index(row["axis"])] += float(row["end"])
    return table


@cache
def word_tables(names: tuple[str, ...]) -> WordTables:
    """The words that ship with the project."""
    place = files("tastemaker.retrieval") / "data" / WORDS
    with place.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        near = arrays["weights"].astype(np.float32) / float(arrays["unit"])
        return WordTables(read_table(names), dict(zip(arrays["words"].tolist(), near, strict=True)))


@cache
def phrase_map(encoder: str) -> PhraseMap | None:
    """The map that ships for an encoder, by its name; None where there is none."""
    name = encoder.replace("/", "--")
    place = files("tastemaker.retrieval") / "data" / WORDS
    with place.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        if f"{name}-matrix" not in arrays:
            return None
        matrix, shift = arrays[f"{name}-matrix"], arrays[f"{name}-shift"]
        return PhraseMap(matrix.astype(np.float32), shift.astype(np.float32))
