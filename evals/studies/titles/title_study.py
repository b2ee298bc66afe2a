"""How well typed titles are linked: ``python -m tastemaker.evals.studies.titles.title_study --redial FOLDER``.

The main figure are titles that people really typed (see ``typed_titles``), by the half of the
dialogues that was not fitted on. *Right* is an answer that names only films the words fit, and
all whose whole title was typed. Precision is the right among the answers that are not "none",
recall the right among the titles that the catalogue has. Intervals are bootstraps over dialogues.

Beside it: the same with a random third of all films, namesakes together, taken out of the
catalogue, where they must be "none"; films picked in the dialogues, written with one liberty each
(made up, ``title_noise``); ordinary words of the messages; and titles found in whole messages.

``--fit`` fits the scores on the other half and writes ``retrieval/data/title-scores.json``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from tastemaker.evals.studies.titles.title_calibration import fit_curve, reliability
from tastemaker.evals.studies.titles.title_supplement import supplement
from tastemaker.evals.studies.titles.title_tally import (
    THIRDS,
    Tally,
    ask,
    bare_words,
    row,
    thirds,
    title_parts,
)
from tastemaker.evals.studies.titles.typed_titles import PICKED, Redial, TypedTitle, load_redial, right
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.titles.mentions_in_text import find_titles
from tastemaker.retrieval.titles.resolver import Match, Resolution, TitleResolver

EVERYDAY = 700
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")

LIKE = 80
"""Words less like a title than this (of 100) are a short name for it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, or fit the scores."""
    parser = argparse.ArgumentParser(description="Measure how well typed titles are linked.")
    parser.add_argument("--redial", type=Path, required=True, help="folder with ReDial's files")
    parser.add_argument(
        "--fit",
        type=Path,
        nargs="?",
        const=Path("retrieval/data"),
        metavar="FOLDER",
        help="fit, and write there",
    )
    chosen = parser.parse_args(arguments)
    redial = load_redial(chosen.redial)
    if chosen.fit:
        fit(redial, chosen.fit)
        return
    for line in report(redial):
        sys.stdout.write(line + "\n")


def fit(redial: Redial, folder: Path) -> None:
    """Write the everyday words and the curve of probabilities, both from the even dialogues."""
    words = "\n".join(everyday_words(redial)) + "\n"
    write_atomically(folder / "everyday-words.txt", words.encode())
    seen = [(matches[0].likeness, ok) for matches, ok in answers(redial, held_out=False)]
    likenesses, probabilities = fit_curve(seen)
    curve = {
        "format": "tastemaker-title-scores",
        "fitted by": "python -m tastemaker.evals.studies.titles.title_study --redial FOLDER --fit",
        "answers": len(seen),
        "likeness": likenesses,
        "probability": probabilities,
    }
    write_atomically(folder / "title-scores.json", (json.dumps(curve, indent=1) + "\n").encode())


def everyday_words(redial: Redial) -> list[str]:
    """The words most used in the even dialogues outside of titles, in the order of the alphabet."""
    texts = {place: PICKED.sub(" ", text) for place, text in redial.messages.items() if place[0] % 2 == 0}
    for one in redial.typed:
        if not one.held_out:
            place = (one.dialogue, one.message)
            texts[place] = texts[place].replace(one.text, " ")
    seen = Counter(word for text in texts.values() for word in set(_WORD.findall(text.casefold())))
    return sorted(word for word, _ in seen.most_common(EVERYDAY))


def report(redial: Redial) -> Iterator[str]:
    """The tables, line by line."""
    resolver = TitleResolver(redial.films)
    typed = [one for one in redial.typed if one.counted]
    yield "| typed titles | n | answered | right | precision | recall |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield row("all", [ask(resolver, one) for one in typed])
    for name, held_out in (("held out", True), ("fitted on", False)):
        half = [one for one in typed if one.held_out == held_out]
        whole = [one for one in half if not is_part_of_title(one, redial.films)]
        yield row(f"{name}, all", [ask(resolver, one) for one in half])
        yield row(f"{name}, whole titles", [ask(resolver, one) for one in whole])
        short = [one for one in half if one not in whole]
        yield row(f"{name}, series and short names", [ask(resolver, one) for one in short])
        thinned = [
            tally
            for small, gone in thirds(redial.films)
            for tally in (ask(small, one.without(gone)) for one in half)
        ]
        yield row(f"{name}, all, a third of the films gone ({THIRDS} times)", thinned)
        yield row(f"{name}, titles in whole messages", list(_tally_messages(redial, resolver, held_out)))
    yield from supplement(redial, resolver)
    yield from _reliability(redial)


def is_part_of_title(typed: TypedTitle, films: Catalog) -> bool:
    """Whether less was typed than a title or what stands before or behind its colon: a series, a short name."""
    words = bare_words(typed.text)
    parts = [part for film in typed.meant for part in title_parts(films[film].title)]
    return bool(parts) and max(fuzz.ratio(words, part) for part in parts) < LIKE


def _tally_messages(redial: Redial, resolver: TitleResolver, held_out: bool) -> Iterator[Tally]:
    labels: dict[tuple[int, int], list[TypedTitle]] = {}
    for one in redial.typed:
        labels.setdefault((one.dialogue, one.message), []).append(one)
    for place, text in redial.messages.items():
        if bool(place[0] % 2) == held_out:
            blanked = PICKED.sub(lambda found: "@" + " " * (len(found[0]) - 1), text)
            yield _message_tally(place[0], find_titles(blanked, resolver), labels.get(place, []))


def _message_tally(
    dialogue: int, spans: Iterable[tuple[int, int, Resolution]], labels: Sequence[TypedTitle]
) -> Tally:
    linked, hits = 0, set()
    for start, end, resolution in spans:
        under = [one for one in labels if start < one.start + len(one.text) and one.start < end]
        if resolution.status == "none" or any(not one.counted for one in under):
            continue
        linked += 1
        hits |= {one for one in under if right(resolution, one)}
    wanted = sum(one.counted and bool(one.meant) for one in labels)
    return Tally(dialogue, linked, len(hits), wanted)


def answers(redial: Redial, *, held_out: bool) -> Iterator[tuple[tuple[Match, ...], bool]]:
    """What half of the labels is answered, of the full catalogue and the thinned ones, and whether it is right.

    For "none" it is the nearest title, right where that one is meant.
    """
    full = (TitleResolver(redial.films), frozenset[str]())
    half = [one for one in redial.typed if one.counted and one.held_out == held_out]
    for resolver, gone in (full, *thirds(redial.films)):
        for one in half:
            question = one.without(gone)
            resolution = resolver.resolve(question.text)
            if resolution.matches:
                yield resolution.matches, right(resolution, question)
            elif resolution.near:
                yield resolution.near[:1], resolution.near[0].id in question.meant


def _reliability(redial: Redial) -> Iterator[str]:
    held = [
        (min(1.0, sum(match.score for match in matches)), ok)
        for matches, ok in answers(redial, held_out=True)
    ]
    yield "\n| score, held out | answers | mean score | right |"
    yield "| --- | --- | --- | --- |"
    for one in reliability(held):
        yield f"| {one.low:g} to {one.high:g} | {one.count} | {one.promised:.3f} | {one.kept:.3f} |"


if __name__ == "__main__":
    main()
