"""What rules read of typed film requests that others labelled: ``python -m tastemaker.evals.studies.descriptions.mit_movie``.

The requests are the MIT movie corpus (trivia10k13; Liu et al., "Asgard", ICASSP 2013), whose official ``train``
part is for making rules and whose ``test`` part is for figures. ``--show`` lists mistakes of ``train`` alone.

A label counts where the catalogue can express it: a person whom it holds, a genre of it, a year that the label's
words spell out. The share of labels that it cannot is printed. A condition that no label bears out is wrong.
Words of the labelled plot are found where they stay in the wish, which is searched for.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.nlu.understanding import Understanding
from tastemaker.agent.turn.state import TurnResources
from tastemaker.evals.benchmarks.recommenders import say, say_table
from tastemaker.evals.studies.understanding import Counts, Slot, slots
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.tools.workspace.workspace import Workspace

FIELDS = {
    "actors": "actors",
    "cast": "actors",
    "stars": "actors",
    "director": "director",
    "directors": "director",
    "genres": "genres",
    "genre": "genres",
    "year": "year",
    "rating": "rating",
    "certificate": "rating",
}
"""Attributes of film catalogues -> the labels that say the same."""
LABELS = ("genres", "year", "director", "actors", "rating")
_SAME_GENRE = {"sci-fi": "science fiction", "children": "family", "children's": "family", "noir": "film-noir"}


@dataclass(frozen=True)
class Request:
    """A request with its labels: the sort of label and what it names; ``plot`` are the spans labelled as plot."""

    message: str
    part: str
    labels: tuple[tuple[str, Any], ...]
    plot: tuple[str, ...]
    unclear: frozenset[str]


def read_requests(path: Path, part: str) -> list[Request]:
    """The requests of one part ("train" or "test") of a JSON-lines file."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [_request(row) for row in rows if row["split"] == part]


def _request(row: dict[str, Any]) -> Request:
    labels: list[tuple[str, Any]] = [("genres", _genre(name)) for name in row["genres"]]
    labels += [(sort, _name(who)) for sort in ("actors", "director") for who in row[sort]]
    labels += [("year", (float(row["year"][0]), float(row["year"][1])))] if row["year"] else []
    labels += [("rating", _name(one)) for one in row.get("rating", ())]
    unclear = {"year"} if row["year_said"] and not row["year"] else set()
    return Request(
        row["message"], row["split"], tuple(dict.fromkeys(labels)), tuple(row["wish"]), frozenset(unclear)
    )


class Expressible:
    """What a catalogue can say of these labels."""

    def __init__(self, catalog: Catalog) -> None:
        self._held: dict[str, set[str]] = {}
        names = [attribute.name for attribute in catalog.schema.attributes]
        self._fields = {FIELDS[name.casefold()] for name in names if name.casefold() in FIELDS}
        for name in names:
            sort = FIELDS.get(name.casefold())
            if sort and sort != "year":
                norm = _genre if sort == "genres" else _name
                self._held.setdefault(sort, set()).update(norm(value) for value in catalog.values(name))

    def __contains__(self, label: tuple[str, Any]) -> bool:
        sort, value = label
        return sort in self._fields if sort == "year" else value in self._held.get(sort, ())


def found_labels(said: Understanding, catalog: Catalog) -> Iterator[tuple[str, Any]]:
    """The conditions of an understanding as labels."""
    for slot in slots(said, catalog):
        sort = FIELDS.get(str(slot[1]).casefold()) if slot[0] == "condition" else None
        if sort == "year" and all(isinstance(end, int | float) for end in slot[2:]):
            yield "year", (float(slot[2]), float(slot[3]))
        elif sort and sort != "year" and slot[2] in ("has", "any"):
            norm = _genre if sort == "genres" else _name
            for value in sorted(slot[3]) if isinstance(slot[3], frozenset) else [slot[3]]:
                yield sort, norm(value)


def scores(
    requests: Sequence[Request], read: Sequence[Understanding], catalog: Catalog
) -> tuple[dict[str, Counts], Counter[str], list[float]]:
    """Counts by sort of label, labels that the catalogue cannot express, and shares of plot words kept."""
    counts = {sort: Counts() for sort in ("all", *LABELS)}
    expressible, lost, kept = Expressible(catalog), Counter[str](), list[float]()
    for request, said in zip(requests, read, strict=True):
        found, wanted = _slots(found_labels(said, catalog), request), _wanted(request, expressible)
        lost.update(sort for sort, value in request.labels if (sort, value) not in expressible)
        counts["all"].add(found, wanted)
        for sort in LABELS:
            counts[sort].add([s for s in found if s[0] == sort], [s for s in wanted if s[0] == sort])
        telling = {word.norm for span in request.plot for word in words(span)} - STOPWORDS
        if telling:
            kept.append(len(telling & {word.norm for word in words(said.wish)}) / len(telling))
    return counts, lost, kept


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the requests of a part and print the figures."""
    parser = argparse.ArgumentParser(description="Measure what rules read of labelled film requests.")
    parser.add_argument("--workspace", type=Path, default=Path("workspaces/msrd"))
    parser.add_argument("--data-file", type=Path, required=True, help="messages.jsonl of the corpus")
    parser.add_argument("--part", choices=("train", "test"), default="test")
    parser.add_argument("--limit", type=int, default=None, help="only so many requests")
    parser.add_argument("--show", action="store_true", help="list what was read wrongly in the train part")
    chosen = parser.parse_args(arguments)
    requests = read_requests(chosen.data_file, chosen.part)[: chosen.limit]
    tool_context = Workspace.open(chosen.workspace).tool_context()
    rules, catalog = TurnResources.of(tool_context).rules, tool_context.catalog
    began = time.perf_counter()
    read = [rules.read(request.message) for request in requests]
    seconds = (time.perf_counter() - began) / max(1, len(requests))
    if chosen.show and chosen.part == "train":
        for line in _wrong(requests, read, catalog):
            say(line)
    counts, lost, kept = scores(requests, read, catalog)
    _report(chosen.part, counts, lost, kept, seconds)


def _report(
    part: str, counts: dict[str, Counts], lost: Counter[str], kept: Sequence[float], seconds: float
) -> None:
    rows = [(f"labels, {part}", "wanted", "not expressible", "precision", "recall", "F1")]
    lost = lost + Counter({"all": lost.total()})
    for name, c in counts.items():
        share = lost[name] / (lost[name] + c.wanted) if lost[name] else 0.0
        rows.append(
            (name, str(c.wanted), f"{share:.3f}", f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}")
        )
    say_table(rows)
    if kept:
        say(f"words of the plot kept in the wish: {sum(kept) / len(kept):.3f}")
    say(f"{1000 * seconds:.1f} ms a request")


def _wanted(request: Request, expressible: Expressible) -> list[Slot]:
    return [label for label in request.labels if label in expressible]


def _slots(found: Iterable[tuple[str, Any]], request: Request) -> list[Slot]:
    """What was found, but for sorts of label that nobody can read as a value."""
    return [label for label in dict.fromkeys(found) if label[0] not in request.unclear]


def _wrong(requests: Sequence[Request], read: Sequence[Understanding], catalog: Catalog) -> Iterator[str]:
    expressible = Expressible(catalog)
    for request, said in zip(requests, read, strict=True):
        found, wanted = _slots(found_labels(said, catalog), request), _wanted(request, expressible)
        extra, missed = [s for s in found if s not in wanted], [s for s in wanted if s not in found]
        if extra or missed:
            yield f"{request.message!r}\n    {said.intent} missed {missed} extra {extra}"


def _genre(name: str) -> str:
    return _SAME_GENRE.get(name.casefold(), name.casefold())


def _name(name: str) -> str:
    return re.sub(r"[^\w]+", " ", name.casefold()).strip()


if __name__ == "__main__":
    main()
