"""Reading by a capable model: it sees the talk, the list shown and what stood, and writes the whole request.

It leads. The rules keep what they recognise for certain (undo, questions about many items), and where the
two disagree on a hard condition it becomes a preference, so that a slip of either hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tastemaker import prompts
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.memory.request import Critique, Preference
from tastemaker.agent.nlu.item_rows import ItemRows, describe_vocabulary
from tastemaker.agent.nlu.request_form import RequestForm, read_form, request_schema
from tastemaker.agent.nlu.talk import Talk, request_in_words
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.nlu.understanding import Intent, Mention, Understanding
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.filters.conditions import Condition, Constraint, leaves
from tastemaker.retrieval.filters.constraints import Op
from tastemaker.retrieval.titles.resolver import TitleResolver

MAX_PROPERTY_WORDS = 8
"""Words in which a model may name what nobody knows."""
MAX_MESSAGE = 1500
MAX_ANSWER_TOKENS = 4000
"""Generous: a reasoning model thinks within it."""
MAX_LIST = 10
"""Items of the list shown last that the prompt has."""
UNCONFIRMED = 0.5
"""What a condition weighs that rules read and the model did not."""


class ContextReader:
    """Fills in the request form with a capable model.

    Args:
        catalog: its attributes and values are asked for.
        resolver: finds the items that are compared with.
        rows: writes the list shown last.
        kinds: what the items are called, in the plural.
    """

    def __init__(self, catalog: Catalog, resolver: TitleResolver, rows: ItemRows, kinds: str) -> None:
        self._catalog = catalog
        self._resolver = resolver
        self._rows = rows
        self._schema = request_schema(catalog)
        self._system = prompts.load("read_request", kinds=kinds, attributes=describe_vocabulary(catalog))

    def read(
        self, message: str, talk: Talk, model: LanguageModel, plainly: Understanding
    ) -> tuple[Understanding, FormAnswer, str]:
        """What the model makes of a message, its raw answer, and the hash of what changes in the prompt.

        Raises:
            ModelError: the model did not answer, or not in the form.
        """
        state = self._state(message, talk)
        turns = [("system", self._system.text), ("user", state.text)]
        filled = model.complete(self._schema, turns, MAX_ANSWER_TOKENS)
        heard = read_form(filled.value, message, self._catalog)
        return self._merge(plainly, heard, message, talk, model.name), filled, state.sha

    def warm_up(self, model: LanguageModel) -> None:
        """Let the server read the stable part of the prompt before the first person waits for it."""
        model.complete(self._schema, [("system", self._system.text), ("user", "hello")], 40)

    def _state(self, message: str, talk: Talk) -> prompts.Prompt:
        shown = [item_id for item_id in talk.shown[:MAX_LIST] if item_id in self._catalog]
        rows = "\n".join(f"{n}. {self._rows.row(self._catalog[i])}" for n, i in enumerate(shown, 1))
        return prompts.load(
            "read_request_state",
            talk=talk.lines(self._catalog),
            taste=talk.taste(self._catalog),
            shown=prompts.fence("shown", rows, len(rows)) if rows else "",
            standing=request_in_words(talk.profile),
            message=prompts.fence("message", message, MAX_MESSAGE),
        )

    def _merge(
        self, rules: Understanding, heard: RequestForm, message: str, talk: Talk, name: str
    ) -> Understanding:
        # Only the person's own words take a step back, which brings back what was turned down.
        travels = heard.intent in (Intent.UNDO, Intent.REDO) and heard.intent is not rules.intent
        intent = rules.intent if travels else heard.intent
        known = rules.intent in (Intent.UNDO, Intent.REDO) or rules.asked or rules.act
        if known and intent not in (Intent.RECOMMEND, Intent.MORE):
            return rules
        must, softened = _agreed(rules.constraints, heard)
        return Understanding(
            intent=intent,
            mentions=tuple(self._mentions(heard.mentions, message)),
            constraints=must,
            forget=tuple(dict.fromkeys((*rules.forget, *heard.drop))),
            wish=rules.wish if intent is Intent.RECOMMEND else "",  # it is quoted: never the model's words
            scope=heard.scope,
            other_person=heard.other_person,
            prefer=(*softened, *heard.prefer),
            avoid=heard.avoid,
            critiques=tuple(
                Critique(field=one.field, more=one.more, than=tuple(self._items(one.than, talk)))
                for one in heard.critiques
            ),
            unknown=tuple(one for one in heard.unknown if _is_property(one, message)),
            query=heard.query,
            candidates=heard.candidates,
            how_many=heard.how_many,
            whole=True,
            by=name,
        )

    def _mentions(self, mentions: Sequence[Mention], message: str) -> Iterator[Mention]:
        """Those that the catalogue has, and those that it has not as the message calls them.

        A title that the model makes up vanishes, and one that it completes ("Dune" as a part that is not here)
        is never taken for another that is.
        """
        for mention in mentions:
            if mention.place is not None or self._resolver.resolve(mention.title).status == "one":
                yield mention
                continue
            spelled = _as_said(mention.title, message)
            if spelled and (spelled == mention.title or self._resolver.resolve(spelled).status == "none"):
                yield mention.model_copy(update={"title": spelled})

    def _items(self, than: Sequence[str], talk: Talk) -> list[str]:
        """The items that titles or places stand for; the whole list shown where none is named."""
        if not than:
            return [item_id for item_id in talk.shown if item_id in self._catalog]
        found = list[str]()
        for one in than:
            if one.startswith("#") and one[1:].isdigit():
                found += talk.shown[int(one[1:]) - 1 : int(one[1:])] if int(one[1:]) else []
            else:
                resolution = self._resolver.resolve(one)
                found += [resolution.matches[0].id] if resolution.status == "one" else []
        return [item_id for item_id in found if item_id in self._catalog]


def _is_property(text: str, message: str) -> bool:
    """Whether a model's words name a property, as they are repeated to the person: few, and no name but the person's.

    >>> _is_property("where it streams", "on Netflix?"), _is_property("whether Netflix has it", "on netflix?")
    (True, True)
    >>> _is_property("directed by Eve Stone", "a comedy"), _is_property("yes. Say hello", "a comedy")
    (False, False)
    """
    named = [word for word in text.split() if not word.islower()]
    plain = re.fullmatch(r"[^\W\d_][\w’' /-]*", text) is not None and len(text.split()) <= MAX_PROPERTY_WORDS
    return plain and all(word.casefold() in message.casefold() for word in named)


def _as_said(title: str, message: str) -> str:
    """The part of a title that a message has, in its own spelling; "" where it speaks of none.

    >>> _as_said("Dune: Part Two (2024)", "the new Dune, the second part"), _as_said("Heat (1995)", "something sad")
    ('Dune', '')
    """
    wanted = [word.norm for word in words(title)]
    said = words(message)
    runs = [
        said[start : start + size]
        for size in range(len(wanted), 0, -1)
        for start in range(len(said) - size + 1)
        if [word.norm for word in said[start : start + size]] == wanted[:size]
    ]
    run = next(iter(runs), [])
    if not any(word.norm not in STOPWORDS for word in run):
        return ""
    return message[run[0].start : run[-1].end]


def _agreed(
    by_rules: Sequence[Condition], heard: RequestForm
) -> tuple[tuple[Constraint, ...], list[Preference]]:
    """The hard conditions that stay hard, and those that become preferences."""
    ruled: dict[str, list[Condition]] = {}
    for condition in by_rules:
        for leaf in leaves(condition):
            ruled.setdefault(leaf.field, []).append(condition)
    hard, soft = list[Constraint](), list[Preference]()
    for condition in heard.must:
        others = ruled.get(condition.field, [])
        if not others or any(_agree(condition, other) for other in others):
            hard.append(condition)
        else:
            soft.append(Preference(condition=condition, weight=1.0))
    told = {condition.field for condition in heard.must}
    told |= {name for preference in heard.prefer for name in preference.fields}
    for condition in by_rules:
        if not told & {leaf.field for leaf in leaves(condition)}:
            soft.append(Preference(condition=condition, weight=UNCONFIRMED))
    return tuple(hard), soft


def _agree(one: Constraint, other: Condition) -> bool:
    """Whether two readings of one attribute are the same wish, perhaps with another bound."""
    if not isinstance(other, Constraint):
        return True  # joined conditions: the model heard a part of it
    if one == other:
        return True
    numbers = all(not isinstance(c.value, str) and not _has_text(c.value) for c in (one, other))
    if numbers:
        return {one.op, other.op} not in (
            {Op.AT_LEAST, Op.AT_MOST},
            {Op.IS, Op.IS_NOT},
        )
    negative = {Op.IS_NOT, Op.NONE_OF}
    return (one.op in negative) == (other.op in negative) and bool(_texts(one) & _texts(other))


def _has_text(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(part, str) for part in value)


def _texts(constraint: Constraint) -> set[str]:
    values = constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)
    return {str(value).casefold() for value in values}
