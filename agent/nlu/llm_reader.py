"""Read a message with a language model, and keep only what the message bears out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from string import Template
from typing import Any

from pydantic import ValidationError

from tastemaker import prompts
from tastemaker.agent.llm.model import FormAnswer, LanguageModel
from tastemaker.agent.nlu.fact_check import unsupported_words
from tastemaker.agent.nlu.rules.free_text_query import bare_query_text
from tastemaker.agent.nlu.rules.negation import is_negated
from tastemaker.agent.nlu.rules.rule_reader import RulesReader
from tastemaker.agent.nlu.rules.statement_or_request import is_statement
from tastemaker.agent.nlu.tokenizer import STOPWORDS, fold, words
from tastemaker.agent.nlu.understanding import Intent, Mention, Understanding, understanding_schema
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import holds_labels
from tastemaker.retrieval.catalog.schema import STATED, Kind
from tastemaker.retrieval.errors import ModelNonsense, QueryError
from tastemaker.retrieval.filters.constraints import NEGATIVE, Constraint, Op, canonicalise
from tastemaker.retrieval.text.tokens import singular

MAX_MESSAGE_CHARACTERS = 1500
MAX_ANSWER_TOKENS = 220
MAX_GREETING = 40
_NUMBER = re.compile(r"^#(-?\d+)$")
"""Words of small talk at most: what is longer, or states a condition, asks for something, whatever a model thinks."""


class ModelReader:
    """Fills the understand form with a model, then merges it with what the rules read.

    Rules are precise on what they cover; the model hears the rest: other words,
    other languages, what is wished for. A condition or title that the message
    does not contain is dropped, because a guessed hard constraint would silently
    hide items from the person.
    """

    def __init__(self, catalog: Catalog, rules: RulesReader) -> None:
        self._catalog = catalog
        self._rules = rules
        self._schema = understanding_schema(catalog)
        self._preamble, self.prompt_sha = _preamble(catalog)

    def read(
        self, message: str, model: LanguageModel, plainly: Understanding
    ) -> tuple[Understanding, FormAnswer]:
        """What the model makes of a message, merged with what the rules read, and its raw answer with its usage.

        Raises:
            ModelError: the model did not answer, or not in the form.
        """
        shown = prompts.fence("message", message, MAX_MESSAGE_CHARACTERS)
        filled = model.complete(self._schema, [*self._preamble, ("user", shown)], MAX_ANSWER_TOKENS)
        heard = self._parse_form(filled.value, message)
        return self._merge(plainly, heard, message, model.name), filled

    def warm_up(self, model: LanguageModel) -> None:
        """Let the server read the stable part of the prompt before the first person waits for it."""
        model.complete(self._schema, [*self._preamble, ("user", prompts.fence("message", "hello"))], 40)

    def _parse_form(self, form: Mapping[str, Any], message: str) -> Understanding:
        try:
            mentions = [_as_mention(one) for one in form["mentions"]]
            return Understanding(
                intent=Intent(form["intent"]),
                mentions=tuple(one for one in mentions if _contains(message, one.text)),
                constraints=tuple(
                    self._keep_supported(form["constraints"], self._rules.without_titles(message))
                ),
                wish=form["wish"] if _is_mostly_quoted(form["wish"], message) else "",
            )
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            raise ModelNonsense(f"the understand form does not fit: {error}") from error

    def _keep_supported(self, raw: Iterable[Mapping[str, Any]], message: str) -> Iterable[Constraint]:
        """Conditions that the message bears out, its titles aside: "like John Wick (2014)" asks for no year."""
        for one in raw:
            for constraint in _as_constraints(one):
                try:
                    checked = canonicalise(constraint, self._catalog)
                except QueryError:
                    continue  # a value this catalogue does not have is no condition on it
                if _borne_out(checked, message, self._catalog):
                    yield checked

    def _merge(self, rules: Understanding, heard: Understanding, message: str, name: str) -> Understanding:
        plain = rules.intent is Intent.RECOMMEND and not rules.forget  # what rules recognise, they know
        fields = {c.field for c in rules.constraints}
        fields |= set(rules.forget)
        added = tuple(c for c in heard.constraints if c.field not in fields)
        constraints = (*rules.constraints, *added)
        said = {fold(m.text) for m in rules.mentions}
        mentions = [
            m
            for m in heard.mentions
            if not any(fold(m.text) in s or s in fold(m.text) for s in said)
            and not self._rules.names_value(m.text)  # a person or a genre is no title
        ]
        intent = heard.intent if plain and heard.intent is not Intent.UNDO else rules.intent
        if intent is Intent.CHAT and (constraints or len(words(message)) > MAX_GREETING):
            intent = rules.intent
        titles = [m.text for m in (*rules.mentions, *mentions)]
        held = self._rules.value_words(heard.wish) if constraints else ()
        wish = bare_query_text(heard.wish, constraints, self._catalog, (*titles, *held)) or rules.wish
        return Understanding(
            intent=intent,
            mentions=(*rules.mentions, *mentions),
            constraints=constraints,
            forget=rules.forget,
            relative=rules.relative,
            wish=wish if intent is Intent.RECOMMEND else "",
            by=name,
        )


def _preamble(catalog: Catalog) -> tuple[list[tuple[str, str]], str]:
    system = prompts.load("understand", attributes=describe_attributes(catalog))
    turns = [("system", system.text)]
    for message, form in _examples(catalog):
        turns += [("user", prompts.fence("message", message)), ("assistant", form)]
    return turns, system.sha


def describe_attributes(catalog: Catalog, most: int = 20) -> str:
    """One line per attribute that can be asked for, with its commonest values or its range."""
    lines = []
    for name in catalog.schema.names(STATED):
        attribute = catalog.schema[name]
        if attribute.kind in (Kind.CATEGORY, Kind.TAGS):
            values = catalog.values(attribute.name)
            lines.append(f"- {attribute.name}: {', '.join(values[: most if len(values) <= 40 else 3])}")
        elif attribute.kind in (Kind.NUMBER, Kind.DATE):
            lines.append(f"- {attribute.name} ({attribute.kind})")
    return "\n".join(lines)


def _examples(catalog: Catalog) -> Iterable[tuple[str, str]]:
    """The worked examples that this catalogue has the attributes for, filled with its own values."""
    text = (resources.files(prompts.__name__) / "understand_examples.md").read_text(encoding="utf-8")
    words_of_catalog = _example_words(catalog)
    for block in text.strip().split("\n\n"):
        message, form = block.split("\n")
        try:
            filled = (
                Template(message).substitute(words_of_catalog),
                Template(form).substitute(
                    {name: json.dumps(value)[1:-1] for name, value in words_of_catalog.items()}
                ),
            )
        except KeyError:
            continue
        yield filled


def _example_words(catalog: Catalog) -> dict[str, str]:
    titles = [item.title for item in catalog if len(item.title.split()) <= 4][:4] or [catalog.at(0).title]
    found = {f"title{n}": titles[(n - 1) % len(titles)].split(" (")[0] for n in range(1, 5)}
    tags = list(catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS))
    labels = [name for name in tags if len(catalog.values(name)) >= 2 and holds_labels(catalog, name)]
    people = [name for name in tags if not holds_labels(catalog, name)]
    years = [name for name in catalog.schema.of_kind(Kind.NUMBER, Kind.DATE) if "year" in name]
    if labels:
        first, second = catalog.values(labels[0])[:2]
        found |= {"tags": labels[0], "tag1": first, "tag2": second}
    if people:
        found |= {"people": people[-1], "person1": catalog.values(people[-1])[0]}
    return found | ({"year": years[0]} if years else {})


def _as_constraints(raw: Mapping[str, Any]) -> Iterable[Constraint]:
    field = raw["field"]
    if "op" in raw:
        yield Constraint(field=field, op=Op(raw["op"]), value=raw["value"])
    elif "at_least" in raw and "at_most" in raw and raw["at_least"] <= raw["at_most"]:
        yield Constraint(field=field, op=Op.BETWEEN, value=(raw["at_least"], raw["at_most"]))
    else:
        yield from (
            Constraint(field=field, op=Op(op), value=raw[op]) for op in ("at_least", "at_most") if op in raw
        )


def _borne_out(constraint: Constraint, message: str, catalog: Catalog) -> bool:
    """Whether the message contains what the constraint says, with the same sign, and asks for it."""
    if catalog.schema[constraint.field].kind in (Kind.NUMBER, Kind.DATE):
        return _states_number(constraint.value, message)
    stems = {singular(w.norm)[:5]: w.start for w in words(message)}
    value = [singular(w.norm)[:5] for w in words(str(constraint.value))]
    places = [stems[stem] for stem in value if stem in stems]
    if not places:
        return False
    if is_negated(message, places[0]):
        return constraint.op in NEGATIVE
    return constraint.op not in NEGATIVE and not is_statement(message, places[0], places[0] + 1)


def _states_number(value: object, message: str) -> bool:
    """A number counts as said when its digits, or its decade's, stand in the message.

    >>> _states_number((1980, 1989), "aus den 80ern"), _states_number((1990, 1999), "a comedy")
    (True, False)
    """
    numbers: Sequence[object] = value if isinstance(value, tuple) else (value,)
    digits = "".join(c if c.isdigit() else " " for c in message).split()
    spoken = {int(d) for d in digits if len(d) < 9}
    return any(
        near in spoken for n in numbers if isinstance(n, int | float) for near in (n, n - 1, n + 1, n % 100)
    )


def _as_mention(form: Mapping[str, Any]) -> Mention:
    """A mention as the model writes it: the form has no place, so a model that wants one writes its number."""
    mention = Mention.model_validate(form)
    number = _NUMBER.match(mention.title)
    return Mention(place=int(number[1]), sentiment=mention.sentiment) if number else mention


def _contains(message: str, title: str) -> bool:
    wanted = [w.norm for w in words(title)]
    said = [w.norm for w in words(message)]
    return bool(wanted) and any(said[i : i + len(wanted)] == wanted for i in range(len(said)))


def _is_mostly_quoted(query_text: str, message: str) -> bool:
    norms = {singular(w.norm) for w in words(message)}
    telling = [singular(w.norm) for w in words(query_text) if w.norm not in STOPWORDS]
    mostly = bool(telling) and sum(word in norms for word in telling) * 2 >= len(telling)
    # no name, title or number that was not said
    return mostly and not unsupported_words(query_text, [message])
