"""Make what open words weigh ("gritty", "more far-fetched"), and score it on people's judgements of films.

``python -m tastemaker.evals.studies.open_words.quality_words make --ml-100k W --strong all-mpnet-base-v2 --cache F``
``python -m tastemaker.evals.studies.open_words.quality_words score --workspace W --films F --judgements J --ids msrd``

``make`` reads twenty qualities off the shipped facets, with titles from a workspace of MovieLens-100K, places
the words of the default encoder's vocabulary by a strong one, and fits the default encoder's map. Nothing is
fitted on judgements (SoftAttributes, Balog et al., SIGIR 2021). ``score`` prints the share of pairs in order
with the table as it is, without the word, and without the word and its kin.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tastemaker.evals.studies.attribute_words import accuracy, film_rows, pairs_in_order
from tastemaker.retrieval.atomic_write import replace_file
from tastemaker.retrieval.datasets.shipped_records import shipped_records
from tastemaker.retrieval.fetch.model_files import embedding_model
from tastemaker.retrieval.search import known_films, quality_words
from tastemaker.retrieval.search.known_films import film_key
from tastemaker.retrieval.search.qualities import qualities_of
from tastemaker.retrieval.text.normalise import title_forms
from tastemaker.retrieval.titles.item_years import item_year
from tastemaker.tools.workspace.embedding import DEFAULT_EMBEDDING, open_embedder
from tastemaker.tools.workspace.workspace import Workspace

DATA = Path(__file__).parents[3] / "retrieval" / "data"
RIDGE = {"strong": 1.0, "default": 0.3}
UNIT = 127.0
UNREAL = re.compile(
    "talking animals|magic|monster|alien|space|robot|ghost|toys|vampire|time travel|superhero|witch|dinosaur|"
    "fairy|curse|wizard|genie|angel|body swap|android|super weapon|werewolf|supernatural|possess|mermaid|dragon"
)
_DESCRIBES = re.compile(r".*(?:ful|less|ous|ive|able|ible|ical|ish|esque|some|y)$")
KIN = (
    ("gory", "crazy gore", "violent"),
    ("scary", "terrifying"),
    ("realistic", "feels real", "unrealistic", "believable", "far-fetched"),
    ("animated", "cartoonish"),
    ("original", "unique story"),
    ("exaggerated", "over the top"),
    ("budget", "big budget"),
    ("playful", "light-hearted"),
)
"""Judged attributes that say nearly the same or the opposite."""

Matrix = npt.NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the files, or print the figures."""
    parser = argparse.ArgumentParser(description="Place open words on qualities of films, and score them.")
    parts = parser.add_subparsers(required=True)
    make = parts.add_parser("make")
    make.add_argument("--ml-100k", type=Path, required=True)
    make.add_argument("--strong", default="all-mpnet-base-v2", help="encoder that places further words")
    make.add_argument("--cache", type=Path, required=True, help="keeps the vectors of the vocabulary (.npz)")
    make.set_defaults(run=_make)
    score = parts.add_parser("score")
    score.add_argument("--workspace", type=Path, required=True)
    score.add_argument("--films", type=Path, required=True)
    score.add_argument("--judgements", type=Path, required=True)
    score.add_argument("--ids", required=True, help="column of the films' table with the workspace's ids")
    score.add_argument("--strong", default="", help="leave words out as this encoder places them")
    score.add_argument("--cache", type=Path, help="keeps its vectors (.npz)")
    score.set_defaults(run=_score)
    chosen = parser.parse_args(arguments)
    chosen.run(chosen)


def _make(chosen: argparse.Namespace) -> None:
    catalog = Workspace.open(chosen.ml_100k).catalog
    keys = list[int]()
    rows = list[dict[str, float]]()
    for item_id, record in shipped_records("ml-100k-facets"):
        if item_id not in catalog:
            continue
        item = catalog[item_id]
        forms = title_forms(item.title)
        year = forms.year or item_year(item, catalog)
        if year:
            keys.append(film_key(forms.bare, year))
            rows.append(qualities_from(record) | {"old": -float(year)})
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    values = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    with replace_file(DATA / known_films.FILE) as file:
        np.savez_compressed(
            file, keys=np.array(keys), names=np.array(names), values=values.astype(np.float16)
        )
    table = quality_words.read_table(names)
    default = open_embedder(DEFAULT_EMBEDDING)
    further = [word for word in _vocabulary() if word not in table]
    vectors = _keep_vectors(chosen.cache, chosen.strong, [*table, *further])
    matrix, shift = _map(vectors[: len(table)], list(table.values()), RIDGE["strong"])
    placed = vectors[len(table) :] @ matrix + shift
    unit = UNIT / float(np.abs(placed).max())
    own, own_shift = _map(_frame_vectors(default, list(table)), list(table.values()), RIDGE["default"])
    arrays = {
        "words": np.array(further),
        "weights": np.rint(placed * unit).astype(np.int8),
        "unit": np.array(unit, dtype=np.float32),
        f"{default.name}-matrix": own.astype(np.float16),
        f"{default.name}-shift": own_shift.astype(np.float16),
    }
    with replace_file(DATA / quality_words.WORDS) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    sys.stdout.write(f"{len(keys)} films, {len(table)} words by hand, {len(further)} by nearness\n")


def qualities_from(record: Mapping[str, Any]) -> dict[str, float]:
    """Twenty qualities but for age, read off one record of facets; NaN where it does not say."""

    def level(name: str) -> float:
        return float(record[name]) if record.get(name) is not None else np.nan

    def any_of(name: str, *values: str) -> float:
        held = record.get(name)
        if held is None:
            return np.nan
        return float(any(value in ([held] if isinstance(held, str) else held) for value in values))

    def known(value: float) -> float:
        return 0.0 if np.isnan(value) else value

    def moods(*values: str) -> float:
        return any_of("moods", *values)

    def acclaim(*values: str) -> float:
        return known(any_of("acclaim", *values))

    unreal = float(bool(UNREAL.search(" ".join(record.get("plot", ())))))
    return {
        **{name: level(name) for name in ("violence", "scares", "sadness", "humour", "romance", "sex")},
        "adult": level("age_from"),
        "slow": {"slow": 1.0, "medium": 0.0, "fast": -1.0}.get(record.get("pace", ""), np.nan),
        "long": level("runtime"),
        "known": level("known"),
        "acclaim": acclaim("critics' favourite")
        + acclaim("best picture", "best picture nominee", "palme d'or")
        - acclaim("widely panned"),
        "unreal": unreal
        + any_of("based_on", "comic", "fairy tale", "game")
        - any_of("based_on", "true story", "documentary subject"),
        "odd": moods("quirky", "absurd", "dreamy", "satirical"),
        "warm": moods("feel-good", "heart-warming", "cosy", "inspiring")
        + 0.5 * known(any_of("ending", "happy")),
        "thoughtful": moods("thought-provoking"),
        "tense": moods("tense", "thrilling"),
        "dark": moods("dark", "bleak", "disturbing"),
        "epic": moods("epic", "thrilling") + acclaim("box-office hit"),
        "child": any_of("occasions", "kids", "family night"),
    }


def _score(chosen: argparse.Namespace) -> None:
    retriever = Workspace.open(chosen.workspace).retriever()
    index = retriever.ways.index
    rows = film_rows(chosen.films, chosen.ids, retriever)
    pairs = pairs_in_order(chosen.judgements, {film: n for n, film in enumerate(rows)})
    qualities = qualities_of(index)
    if qualities is None:
        raise SystemExit(f"{chosen.workspace} holds too few of the known films")
    scores = qualities.scores[np.array(list(rows.values()))]
    table = quality_words.read_table(qualities.names)
    words = [*table, *pairs]
    strong = chosen.strong and chosen.cache
    vectors = _keep_vectors(chosen.cache, chosen.strong, words) if strong else _frame_vectors(index, words)
    framed, ridge = dict(zip(words, vectors, strict=True)), RIDGE["strong" if strong else "default"]
    figures: dict[str, dict[str, float]] = {"as shipped": {}, "without the word": {}, "without its kin": {}}
    for name, pair in pairs.items():
        weighed = quality_words.quality_weights(name, index, qualities.names)
        if weighed is None:
            raise SystemExit(f"nothing places {name!r} under {index.encoder}")
        figures["as shipped"][name] = accuracy(scores @ weighed[0], pair)
        kin = next((group for group in KIN if name in group), (name,))
        for label, without in (("without the word", (name,)), ("without its kin", kin)):
            spelled = {word.replace("-", " ") for word in without}
            rest = {word: weights for word, weights in table.items() if word not in spelled}
            matrix, shift = _map(np.stack([framed[w] for w in rest]), list(rest.values()), ridge)
            figures[label][name] = accuracy(scores @ (framed[name] @ matrix + shift), pair)
    for label, right in figures.items():
        worst, best = min(right, key=lambda n: right[n]), max(right, key=lambda n: right[n])
        sys.stdout.write(
            f"{chosen.ids}, {chosen.strong or index.encoder}, {label}: "
            f"{np.mean(list(right.values())):.3f} of judged pairs, "
            f"worst {worst} {right[worst]:.2f}, best {best} {right[best]:.2f}\n"
        )


def _map(vectors: Matrix, weights: Sequence[npt.NDArray[np.float32]], ridge: float) -> tuple[Matrix, Matrix]:
    wanted, middle = np.stack(weights).astype(np.float64), vectors.mean(axis=0)
    apart = vectors - middle
    gram = apart @ apart.T + ridge * np.eye(len(apart))
    matrix = apart.T @ np.linalg.solve(gram, wanted - wanted.mean(axis=0))
    return matrix, wanted.mean(axis=0) - middle @ matrix


def _frame_vectors(encoder: Any, words: Sequence[str]) -> Matrix:
    encode = encoder.encode if hasattr(encoder, "encode") else encoder.embed_all
    return np.asarray(encode([quality_words.FRAME.format(word) for word in words]), dtype=np.float64)


def _keep_vectors(path: Path, name: str, words: Sequence[str]) -> Matrix:
    known: dict[str, npt.NDArray[np.float32]] = {}
    if path.exists():
        with np.load(path) as arrays:
            known = dict(zip(arrays["words"].tolist(), arrays["vectors"], strict=True))
    new = [word for word in words if word not in known]
    if new:
        known.update(zip(new, _frame_vectors(open_embedder(name), new).astype(np.float32), strict=True))
        with replace_file(path) as file:
            np.savez(file, words=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[word] for word in words]).astype(np.float64)


def _vocabulary() -> list[str]:
    """Words of the default encoder's vocabulary that describe, by their ending or by what is formed of them."""
    text = (Path(embedding_model(DEFAULT_EMBEDDING)) / "tokenizer.json").read_text(encoding="utf-8")
    vocabulary: dict[str, int] = json.loads(text)["model"]["vocab"]
    words = {word for word in vocabulary if re.fullmatch("[a-z]{4,}", word)}

    def describes(word: str) -> bool:
        stem = word[:-3]
        return bool(
            _DESCRIBES.match(word)
            or {f"{word}ly", f"{word}ally", f"{word}ness"} & words
            or {f"{word}er", f"{word}est"} <= words
            or (word.endswith("ing") and f"{stem}ed" in words)
            or (word.endswith(("ic", "al", "ent", "ant", "ary")) and len(word) > 5)
        )

    return sorted(word for word in words if describes(word) and not word.endswith("ly"))


if __name__ == "__main__":
    main()
