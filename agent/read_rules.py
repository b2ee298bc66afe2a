"""Read a message without a language model: exact, fast, and deaf to what it has no rule for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from tastemaker.agent.acts import Act, act_of, asked_why_not, relatives
from tastemaker.agent.aggregate_said import aggregate_asked
from tastemaker.agent.forms import Intent, Mention, Sentiment, Understanding
from tastemaker.agent.numbers_said import numbers_said
from tastemaker.agent.value_words import Named, ValueWords
from tastemaker.agent.words import STOPWORDS, Word, clause_starts, words
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import Constraint, Op
from tastemaker.retrieval.schema import Kind
from tastemaker.retrieval.titles import TitleResolver

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}

_NEGATION = re.compile(
    r"\b(no|not|non|without|nothing|never|except|excluding|avoid|hate|hated|dislike|disliked|isn't|aren't|"
    r"don't|dont|didn't|skip|less|can't stand|cannot stand|sick of|tired of|anything but)\b",
    re.IGNORECASE,
)
_DISLIKED = re.compile(
    r"\b(hate|hated|dislike|disliked|didn't like|did not like|don't like|do not like|boring|bored|dull|awful|"
    r"terrible|worst|bad|overrated|not like|nothing like|can't stand|not a fan|not)\b",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:already (?:seen|watched|read|own|have|know)|(?:seen|watched|read)\b.*\balready|"
    r"i've seen|i have seen|i saw|i know)\b",
    re.IGNORECASE,
)
_UNDO = re.compile(r"^\W*(undo|go back|scratch that|take (that|it) back|never ?mind that)\b", re.IGNORECASE)
_REDO = re.compile(r"^\W*(redo|bring (that|it) back|put (that|it) back)\b", re.IGNORECASE)
_FORGET = re.compile(
    r"\b(?:forget(?: about)?|drop|remove|lift|ignore)\s+(?:the\s+)?(.+)|\bany\s+(\w+)\s+(?:is|will)\b|"
    r"\b(\w+)\s+(?:does not|doesn't)\s+matter\b",
    re.IGNORECASE,
)
_FINE = re.compile(r"[^.,;:!?\n]+\b(?:is|are) (?:fine|ok|okay|all right|allowed)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(something else|anything else|others?\b.*\bplease|other ones|show me (?:more|others)|more please|"
    r"different ones|next ones|none of these|what else)\b|^\W*(more|others|next)\W*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(who|whose|when|where|why|which year|what year|what(?:'s| is| was)\b.*\babout|"
    r"tell me (?:more )?about|how (?:long|old)|what did you show|what(?:'s| is) .* like)\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"^\W*(hi|hello|hey|thanks|thank you|thx|bye|goodbye|great|cool|ok|okay)\W*$", re.IGNORECASE
)
_ORDINAL = re.compile(
    rf"\b(?:the\s+)?({'|'.join(ORDINALS)})\s+(?:one|film|movie|book|item|suggestion|title)\b|"
    r"(?:#|number )(\d)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rf"(?:\b(?:something |anything )?(?:more |rather |just )?like\s+)?(?:{_ORDINAL.pattern})", re.IGNORECASE
)
_DANGLING = frozenset("a an and by but for from in like of on or the to with".split())
_JUDGED_NAME = re.compile(
    r"\b(?:[Ll]oved?|[Ll]iked?|[Ee]njoyed|[Hh]ated?|[Ss]een|[Ss]aw|[Ww]atched|[Rr]ead|[Pp]layed|[Oo]wn)\s+"
    r"((?:(?:The|A|An)\s+)?[A-Z][\w'’-]*(?:\s+(?:(?:of|the|and|in|to|for|with|a|on)\s+)*(?:[A-Z][\w'’-]*|\d{1,4}\b))*)"
)
_JOINS = re.compile(r"\b(or|and|nor)\b", re.IGNORECASE)


class RulesReader:
    """Reads messages about one catalogue with patterns and exact matches only."""

    name = "rules"

    def __init__(self, catalog: Catalog, resolver: TitleResolver) -> None:
        self._catalog = catalog
        self._resolver = resolver
        self._values = ValueWords(catalog)

    def read(self, message: str) -> Understanding:
        """Fill the form for a message; what no rule covers ends up in ``wish``."""
        titles = [(start, end) for start, end, _ in self._resolver.find_in(message)]
        titles += self._unknown_titles(_blanked(message, titles))
        blank = _blanked(message, titles)
        act, relative = act_of(message), relatives(blank, self._catalog)
        intent = Intent.QUESTION if act not in (None, Act.RESTART) else _intent(message)
        if act:
            mentions = (*_title_mentions(message, titles, intent), *_ordinal_mentions(blank, intent))
            if not mentions and (unknown := asked_why_not(message)):
                mentions = (Mention(title=unknown, sentiment=Sentiment.ASKED),)
            return Understanding(intent=intent, mentions=() if act is Act.RESTART else mentions, act=act)
        blank = _blanked(blank, [(one.first, one.last) for one in relative])
        forget, gone = self._forgotten(blank)
        blank = _blanked(blank, gone)
        named = list(self._values.find(blank, words(blank)))
        numbers = list(numbers_said(blank, self._catalog))
        constraints = (*self._value_constraints(blank, named), *(c for c, _, _ in numbers))
        spans = [(start, end) for _, start, end in numbers]
        labels = {word.norm for one in named for word in words(blank)[one.first : one.last + 1]}
        asked = aggregate_asked(_blanked(blank, spans), self._catalog, constraints, labels)
        if asked:
            intent = Intent.QUESTION
        mentions = (*_title_mentions(message, titles, intent), *_ordinal_mentions(blank, intent))
        if asked:
            return Understanding(intent=intent, mentions=mentions, asked=asked)
        spans += [match.span() for match in _REFERENCE.finditer(blank)]
        wish = "" if intent is not Intent.RECOMMEND else _wish(blank, spans, labels)
        return Understanding(
            intent=intent, mentions=mentions, constraints=constraints, forget=forget, wish=wish,
            relative=tuple(relative),
        )  # fmt: skip

    def without_titles(self, message: str) -> str:
        """The message with the catalogue's titles blanked out."""
        return _blanked(message, [(start, end) for start, end, _ in self._resolver.find_in(message)])

    def _unknown_titles(self, text: str) -> list[tuple[int, int]]:
        """Names after "I loved" and the like that are neither titles nor values of this catalogue."""
        spans = [match.span(1) for match in _JUDGED_NAME.finditer(text)]
        return [(a, b) for a, b in spans if not any(self._values.find(text[a:b], words(text[a:b])))]

    def _value_constraints(self, text: str, named: Sequence[Named]) -> Iterable[Constraint]:
        tokens = words(text)
        wanted: dict[str, list[Named]] = {}
        for one in named:
            if negated(text, tokens[one.first].start):
                yield Constraint(field=one.field, op=Op.IS_NOT, value=one.value)
            else:
                wanted.setdefault(one.field, []).append(one)
        for field, group in wanted.items():
            yield _joined(field, group, text, tokens, self._catalog.schema[field].kind)

    def _forgotten(self, text: str) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
        """Attributes whose conditions are taken back, and the clause that says so."""
        match = _FORGET.search(text) or _FINE.search(text)
        if not match:
            return (), []
        end = next((place for place in clause_starts(text) if place > match.start()), len(text))
        said = text[match.start() : end]
        fields = [name for name in self._catalog.schema.names() if name.casefold() in said.casefold()]
        fields += [one.field for one in self._values.find(said, words(said))]
        fields += [c.field for c, _, _ in numbers_said(said, self._catalog)]
        return tuple(dict.fromkeys(fields)), [(match.start(), end)] if fields else []


def bare_wish(wish: str, constraints: Iterable[Constraint], catalog: Catalog) -> str:
    """A wish without the years and amounts in it; nothing, where constraints say all of it already."""
    bare = _trimmed(_blanked(wish, [(start, end) for _, start, end in numbers_said(wish, catalog)]))
    held = {word.norm for constraint in constraints for word in words(str(constraint.value))}
    return bare if _says_more(bare, held) else ""


def negated(text: str, at: int) -> bool:
    """Whether a negation governs the word at a character offset: same clause, at most 30 characters before.

    >>> negated("something tense, no horror", 20), negated("no horror, but a comedy", 18)
    (True, False)
    """
    start = max(place for place in clause_starts(text) if place <= at)
    return any(at - (start + match.end()) < 30 for match in _NEGATION.finditer(text[start:at]))


def _intent(message: str) -> Intent:
    patterns = (
        (_UNDO, Intent.UNDO),
        (_REDO, Intent.REDO),
        (_CHAT, Intent.CHAT),
        (_QUESTION, Intent.QUESTION),
        (_MORE, Intent.MORE),
    )
    return next((intent for pattern, intent in patterns if pattern.search(message)), Intent.RECOMMEND)


def _joined(field: str, group: Sequence[Named], text: str, tokens: Sequence[Word], kind: Kind) -> Constraint:
    values = tuple(dict.fromkeys(one.value for one in group))
    if len(values) == 1:
        return Constraint(field=field, op=Op.IS, value=values[0])
    between = text[tokens[group[0].last].end : tokens[group[-1].first].start]
    either = re.search(r"\bor\b|,", between, re.IGNORECASE) or kind is Kind.CATEGORY
    return Constraint(field=field, op=Op.ANY_OF if either else Op.ALL_OF, value=values)


def _title_mentions(message: str, titles: Sequence[tuple[int, int]], intent: Intent) -> Iterable[Mention]:
    for start, end in titles:
        sentiment = Sentiment.ASKED if intent is Intent.QUESTION else _sentiment(message, start, end, titles)
        yield Mention(title=message[start:end], sentiment=sentiment)


def _ordinal_mentions(text: str, intent: Intent) -> Iterable[Mention]:
    for match in _ORDINAL.finditer(text):
        number = ORDINALS[match[1].lower()] if match[1] else int(match[2])
        span = [match.span()]
        sentiment = Sentiment.ASKED if intent is Intent.QUESTION else _sentiment(text, *match.span(), span)
        yield Mention(title=f"#{number}", sentiment=sentiment)


def _sentiment(text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> Sentiment:
    clause = _clause(text, start, end, titles)
    if _DISLIKED.search(clause):
        return Sentiment.DISLIKED
    return Sentiment.SEEN if _SEEN.search(clause) else Sentiment.LIKED


def _clause(text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> str:
    """The clause around a title, titles blanked; "A, B and C" belongs to the clause that A stands in."""
    plain = _blanked(text, titles)
    starts = [place for place in clause_starts(plain) if place <= start]
    while len(starts) > 1 and not words(_JOINS.sub(" ", plain[starts[-1] : start])):
        starts.pop()
    following = [place for place in clause_starts(plain) if place > end]
    return plain[starts[-1] : following[0] if following else len(plain)]


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spans overwritten by blanks, so that offsets stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _wish(text: str, spans: Iterable[tuple[int, int]], labels: Collection[str]) -> str:
    """What is left to search for: clauses without negations and numbers that say more than constraints."""
    plain = _blanked(text, spans)
    places = [*clause_starts(plain), len(plain)]
    clauses = [_trimmed(plain[a:b]) for a, b in pairwise(places)]
    kept = [one for one in clauses if one and not _NEGATION.search(one) and _says_more(one, labels)]
    return ", ".join(kept)


def _trimmed(clause: str) -> str:
    """A clause without the little words at its end, which pointed at something that is now elsewhere."""
    tokens = words(clause)
    while tokens and tokens[-1].norm in _DANGLING:
        tokens.pop()
    return " ".join(clause[: tokens[-1].end].split()) if tokens else ""


def _says_more(clause: str, labels: Collection[str]) -> bool:
    return any(word.norm not in STOPWORDS and word.norm not in labels for word in words(clause))
