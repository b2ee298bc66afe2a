"""Processed rows of ReDial and OpenDialKG: ``{dialog_id, turn_id, context, entity, rec, resp}``, a line each.

``context`` alternates between the two speakers and ends with the seeker; an empty text stands for a
speaker who had not said anything. ``entity`` lists what was named so far, items and other things, by
name and in order; ``rec`` the titles of the items in the answer. A name that is a genre or a person of the
catalogue is taken for that, even where a film is called so too ("Drama", "War").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tastemaker.evals.dialogue_case import (
    DialogueCase,
    Mention,
    Speaker,
    Utterance,
    in_order_of_last_naming,
)
from tastemaker.evals.dialogue_titles import DialogueTitles, cleaned
from tastemaker.evals.json_rows import Row

FIELDS = frozenset({"dialog_id", "turn_id", "context", "entity", "rec", "resp"})


def processed_cases(rows: Iterator[Row], titles: DialogueTitles) -> Iterator[DialogueCase | str]:
    """A case for every row, or the reason why a row is none.

    Raises:
        DataError: a field is missing or of the wrong kind.
    """
    for row in rows:
        gold = tuple(dict.fromkeys(titles.gold(title) for title in row.texts("rec")))
        if not gold:
            yield "answers without items"
            continue
        context = alternating(row.texts("context"))
        entities = [name for name in row.texts("entity") if not titles.is_value(name)]
        named = {titles.gold(name) for name in entities}
        conversation = row.label("dialog_id")
        turn = row.number("turn_id")
        yield DialogueCase(
            f"{conversation}/{turn}", conversation, turn, context, _mentions(entities, context, titles), gold,
            frozenset(named.intersection(gold)), row.text("resp"),
        )  # fmt: skip


def alternating(texts: Sequence[str]) -> tuple[Utterance, ...]:
    """Utterances by turns, the last one the seeker's; empty ones are left out.

    >>> [said.speaker.value for said in alternating(["", "Hi!", "Something tense?"])]
    ['recommender', 'seeker']
    """
    speakers = (Speaker.SEEKER, Speaker.RECOMMENDER)
    said = [
        Utterance(speakers[place % 2], " ".join(text.split())) for place, text in enumerate(reversed(texts))
    ]
    return tuple(one for one in reversed(said) if one.text)


def _mentions(
    entities: Sequence[str], context: Sequence[Utterance], titles: DialogueTitles
) -> tuple[Mention, ...]:
    """The entities that are titles of the catalogue."""
    said = [(one.speaker, cleaned(one.text)) for one in context]

    def speaker(name: str) -> Speaker | None:
        return next((who for who, text in said if cleaned(name) in text), None)

    named = [(item, name) for name in entities if (item := titles.named(name))]
    return in_order_of_last_naming([Mention(item, speaker(name)) for item, name in named])
