"""What a list holds, the way somebody would say it: "five courtroom dramas", "three crime films"."""

from __future__ import annotations

from collections.abc import Sequence

from tastemaker.retrieval.facets.value_phrases import LABEL, THEME
from tastemaker.retrieval.text.joined import either, join_and, joined, number_in_words
from tastemaker.retrieval.text.tokens import tokens

NOUNS = {
    "comedy": "comedies",
    "documentary": "documentaries",
    "drama": "dramas",
    "film-noir": "films noirs",
    "musical": "musicals",
    "mystery": "mysteries",
    "romance": "romances",
    "thriller": "thrillers",
    "western": "westerns",
}
"""Labels that are what an item is, with their plurals; any other stands before the word for an item."""
ADJECTIVES = {"romance": "romantic"}
"""Labels in another form before a noun: "romantic comedies"."""
SAID_BY_LABEL = {"comedy": "funny", "horror": "scary", "musical": "with songs", "romance": "romantic"}
"""What a label says already of all that has it."""
MAX_TOPIC_WORDS = 2
MIN_PLURAL, NO_PLURALS = 5, ("ss", "us", "is", "ics", "ies", "ches", "shes", "xes", "'s")
PLURAL_ANYWAY = frozenset(
    {"sports", "news", "arts", "martial arts", "christmas", "texas", "paradise lost", "las vegas"}
)
"""Labels that end like a plural and are none, or stay so before a noun."""
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


def as_kind(phrase: str, number: int, item: str) -> str:
    """A label's phrase as what some items are: "westerns" for "listed as Western"; any other as it is.

    >>> as_kind("listed as Western", 4, "film"), as_kind("listed as Crime", 1, "film"), as_kind("tense", 2, "film")
    ('westerns', 'a crime film', 'tense')
    """
    if not phrase.startswith(_LABEL):
        return phrase
    text = kinds(number, [label_of(phrase)], item)
    return text if number == 1 else text.partition(" ")[2]


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
    >>> kinds(5, ["dinosaurs"], "film"), kinds(2, ["sports"], "film")
    ('five dinosaur films', 'two sports films')
    """
    parts = [part for label in labels for part in label.split(" and ")]
    nouns = [part for part in parts if part in NOUNS]
    noun = next((part for part in nouns if part not in ADJECTIVES), nouns[0] if nouns else "")
    own = [part.removesuffix(f" {noun}") if noun else part for part in parts if part != noun]
    before = list(dict.fromkeys(ADJECTIVES.get(part, part) if noun else _before_noun(part) for part in own))
    name = noun or item
    name = name if number == 1 else NOUNS.get(name, f"{name}s")
    text = f"{join_and(before)} {name}".strip()
    article = "an" if text[0] in "aeiou" else "a"
    return f"{article if number == 1 else number_in_words(number)} {text}"


def _before_noun(label: str) -> str:
    """A label as it stands before a noun: what there are many of in the film is one there."""
    plural = label.endswith("s") and len(label) >= MIN_PLURAL and not label.endswith(NO_PLURALS)
    return label[:-1] if plural and label not in PLURAL_ANYWAY else label


def without_empty(phrases: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Phrases without what the labels say already: no romances that are "all romantic".

    >>> without_empty(["romantic", "very funny"], ["romance"])
    ['very funny']
    """
    said = {SAID_BY_LABEL[part] for label in labels for part in label.split(" and ") if part in SAID_BY_LABEL}
    return [phrase for phrase in phrases if phrase not in said]


def offers_topics(phrase: str) -> bool:
    """Whether a phrase says that items have one of several topics, which tells nothing of any.

    >>> offers_topics("with romantic comedy, fantasy or farce as a theme"), offers_topics("with heist as a theme")
    (True, False)
    """
    return phrase.endswith(_THEME) and " or " in phrase


def is_told_by(label: str, said: Sequence[str]) -> bool:
    """Whether one of some phrases has all words of a label: "hitchcock" beside "by Alfred Hitchcock".

    >>> is_told_by("romantic comedy", ["five romantic comedies"]), is_told_by("", ["tense"])
    (True, False)
    """
    own = set(tokens(label))
    return bool(own) and any(own <= set(tokens(phrase)) for phrase in said)


def merge_alternatives(phrases: Sequence[str]) -> list[str]:
    """Phrases of which two that offer some of the same are one: all that are a or b, and b or c, are a, b or c.

    >>> merge_alternatives(["absurd or dreamy", "quirky or absurd", "from France"])
    ['absurd, dreamy or quirky', 'from France']
    >>> merge_alternatives(["scary", "disturbing or scary"])
    ['scary']
    """
    merged = list[list[str]]()
    for phrase in phrases:
        parts = phrase.replace(", ", " or ").split(" or ") if _is_choice(phrase) else [phrase]
        other = next((one for one in merged if set(one) & set(parts)), None)
        if other is None:
            merged.append(parts)
        elif len(other) > 1 and len(parts) > 1:
            other += [part for part in parts if part not in other]
        elif len(parts) == 1:
            other[:] = parts
    return [either(parts) for parts in merged]


def _is_choice(phrase: str) -> bool:
    """Whether a phrase offers plain words: "quirky or absurd", and no "with a boy or a girl in the lead"."""
    return " or " in phrase and all(
        len(part.split()) == 1 for part in phrase.replace(", ", " or ").split(" or ")
    )


def behind(phrases: Sequence[str], last: str = " and ") -> str:
    """Phrases behind "all" or "none of them", without a verb.

    >>> behind(["tense", "with little violence", "with a girl in the lead"])
    'tense, with little violence and with a girl in the lead'
    """
    if any(phrase.startswith("with ") for phrase in phrases):
        ordered = sorted(phrases, key=lambda phrase: phrase.startswith("with "))
        return last.join(part for part in (", ".join(ordered[:-1]), ordered[-1]) if part)
    return joined(phrases, last)
