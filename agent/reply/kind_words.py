"""What a list holds, the way somebody would say it: "five courtroom dramas", "three crime films"."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.facets.value_phrases import LABEL, THEME
from tastemaker.retrieval.text.joined import join_and, joined, number_in_words

NOUNS = {
    "comedy": "comedies",
    "documentary": "documentaries",
    "drama": "dramas",
    "musical": "musicals",
    "mystery": "mysteries",
    "romance": "romances",
    "thriller": "thrillers",
    "western": "westerns",
}
"""Labels that are what an item is, with their plurals; any other stands before the word for an item."""
ADJECTIVES = {"romance": "romantic"}
"""Labels in another form before a noun: "romantic comedies"."""
MAX_TOPIC_WORDS = 2
_LABEL = LABEL.removesuffix("{}")
_THEME = THEME.removeprefix("with {}")


def label_of(phrase: str) -> str:
    """The label or topic that a phrase says an item has, as it stands before a noun; "" for any other phrase.

    >>> label_of("listed as Sci-Fi"), label_of("with heist as a theme"), label_of("tense")
    ('sci-fi', 'heist', '')
    """
    if phrase.startswith(_LABEL):
        return phrase.removeprefix(_LABEL).lower()
    topic = phrase.removeprefix("with ").removesuffix(_THEME)
    is_topic = phrase.startswith("with ") and phrase.endswith(_THEME)
    return topic if is_topic and len(topic.split()) <= MAX_TOPIC_WORDS else ""


def kinds(number: int, labels: Sequence[str], item: str) -> str:
    """So many items of some kinds.

    Args:
        number: of items.
        labels: by :func:`label_of`; all hold for each item.
        item: what one item is called.

    >>> kinds(5, ["drama", "courtroom"], "film"), kinds(1, ["crime"], "film")
    ('five courtroom dramas', 'a crime film')
    >>> kinds(5, ["comedy and romance", "romantic comedy"], "film"), kinds(5, ["romance", "comedy"], "film")
    ('five romantic comedies', 'five romantic comedies')
    >>> kinds(2, ["comedy and romance"], "film"), kinds(3, ["action or romance"], "film")
    ('two romantic comedies', 'three action or romance films')
    """
    parts = [part for label in labels for part in label.split(" and ")]
    nouns = [part for part in parts if part in NOUNS]
    noun = next((part for part in nouns if part not in ADJECTIVES), nouns[0] if nouns else "")
    own = [part.removesuffix(f" {noun}") if noun else part for part in parts if part != noun]
    before = list(dict.fromkeys(ADJECTIVES.get(part, part) if noun else part for part in own))
    name = noun or item
    name = name if number == 1 else NOUNS.get(name, f"{name}s")
    text = f"{join_and(before)} {name}".strip()
    article = "an" if text[0] in "aeiou" else "a"
    return f"{article if number == 1 else number_in_words(number)} {text}"


def behind(phrases: Sequence[str], last: str = " and ") -> str:
    """Phrases behind "all" or "none of them", without a verb.

    >>> behind(["tense", "with little violence", "with a girl in the lead"])
    'tense, with little violence and with a girl in the lead'
    """
    if any(phrase.startswith("with ") for phrase in phrases):
        ordered = sorted(phrases, key=lambda phrase: phrase.startswith("with "))
        return last.join(part for part in (", ".join(ordered[:-1]), ordered[-1]) if part)
    return joined(phrases, last)
