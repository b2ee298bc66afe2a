"""Beside the titles people typed: names they picked, written with one liberty each, and words that are no title."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tastemaker.evals.studies.titles.title_noise import NOISES, noisy
from tastemaker.evals.studies.titles.title_tally import ask, bare_words, row, thirds, title_parts
from tastemaker.evals.studies.titles.typed_titles import PICKED, Redial, TypedTitle, plain
from tastemaker.retrieval.titles.resolver import TitleResolver

PER_NOISE = 300
PHRASES = 2_000


def supplement(redial: Redial, resolver: TitleResolver) -> Iterator[str]:
    """The tables, line by line, of the held-out dialogues."""
    yield "\n| picked or made up, held out | n | answered | right | precision | recall |"
    yield "| --- | --- | --- | --- | --- | --- |"
    picked = _pick(redial)
    yield row("picked names as they stand", [ask(resolver, one) for one in picked])
    named = _by_name(redial)
    for noise in NOISES:
        rng = random.Random(noise.__name__)  # noqa: S311 - a repeatable draw
        tried = [(one, noisy(one.text, noise, rng)) for one in rng.sample(picked, len(picked))]
        retyped = [_retype(one, text, named) for one, text in tried if text][:PER_NOISE]
        yield row(noise.__name__.replace("_", " "), [ask(resolver, one) for one in retyped])
    thinned, gone = next(thirds(redial.films))
    absent = [one.without(gone) for one in picked]
    yield row("picked names that are gone", [ask(thinned, one) for one in absent if not one.meant])
    phrases = _phrases(redial)
    answered = sum(resolver.resolve(phrase).status != "none" for phrase in phrases)
    yield f"\n{answered} of {len(phrases):,} ordinary runs of one to four words, no titles verbatim, were answered."


def _by_name(redial: Redial) -> Mapping[str, frozenset[str]]:
    """Ids of the films of a name, or of what stands before or behind its colon, without year and article."""
    named: dict[str, set[str]] = defaultdict(set)
    for film in redial.films:
        for part in title_parts(film.title):
            named[part].add(film.id)
    return {name: frozenset(ids) for name, ids in named.items()}


def _pick(redial: Redial) -> list[TypedTitle]:
    """Each name that was picked in a held-out dialogue, once; meant are the films of that very name."""
    exact: dict[str, set[str]] = defaultdict(set)
    for film in redial.films:
        exact[plain(film.title)].add(film.id)
    names = {name: dialogue for dialogue, name in redial.picked if dialogue % 2}
    found = [
        TypedTitle(dialogue, 0, 0, name, frozenset(exact[plain(name)]), frozenset())
        for name, dialogue in sorted(names.items())
        if plain(name) in exact
    ]
    everything = _by_name(redial)
    return [
        one if plain(one.text) != bare_words(one.text) else _retype(one, one.text, everything)
        for one in found
    ]


def _retype(one: TypedTitle, text: str, named: Mapping[str, frozenset[str]]) -> TypedTitle:
    """The same film under other words; its namesakes are as good, and so is another that the words fit."""
    meant = named[bare_words(one.text)] | named.get(bare_words(text), frozenset())
    return TypedTitle(one.dialogue, 0, 0, text, meant, frozenset())


def _phrases(redial: Redial) -> Sequence[str]:
    """Runs of one to four words in messages without a label, none a title of the catalogue."""
    rng = random.Random(0)  # noqa: S311 - a repeatable draw
    titles = {part for film in redial.films for part in title_parts(film.title)}
    labelled = {(one.dialogue, one.message) for one in redial.typed}
    texts = [text for place, text in redial.messages.items() if place[0] % 2 and place not in labelled]
    return [phrase for phrase in _runs(texts, rng) if plain(phrase) and bare_words(phrase) not in titles]


def _runs(texts: Sequence[str], rng: random.Random) -> Iterator[str]:
    for text in rng.choices(texts, k=PHRASES) if texts else ():
        words = PICKED.sub(" ", text).split()
        start = rng.randrange(max(1, len(words)))
        yield " ".join(words[start : start + rng.randint(1, 4)])
