"""Read a message without a language model: exact, fast, and deaf to what it has no rule for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tastemaker.agent.acts import CALLED, Act, act_of, asked_why_not, relatives
from tastemaker.agent.aggregate_said import Asked, aggregate_asked
from tastemaker.agent.forms import Intent, Mention, Sentiment, Understanding
from tastemaker.agent.negation import negated, negated_spans
from tastemaker.agent.numbers_said import Said, numbers_said, year_field
from tastemaker.agent.told import told
from tastemaker.agent.value_words import Named, ValueWords
from tastemaker.agent.wish_said import blanked, wish_said
from tastemaker.agent.words import STOPWORDS, Word, clause_starts, words
from tastemaker.retrieval.catalog import Catalog
from tastemaker.retrieval.constraints import Constraint, Op
from tastemaker.retrieval.everyday_words import is_everyday
from tastemaker.retrieval.schema import Kind
from tastemaker.retrieval.titles import TitleResolver
from tastemaker.retrieval.tokens import singular

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6,
}  # fmt: skip

_DISLIKED = re.compile(
    r"\b(hate|hated|dislike|disliked|didn't like|did not like|don't like|do not like|boring|bored|dull|awful|"
    r"neither|nor|less like|(?:couldn't|could not|didn't) finish|bored|asleep|left me cold|langweilig|schlecht|ennuyeux|"
    r"aburrid[oa]|no me gust[oó]|pas aimé|no more|skip|sucked|sucks|meh|waste|(?:didn't|did not) (?:care|enjoy)|(?:wasn't|isn't) (?:good|great|for me|my)|"
    r"couldn't stand|terrible|worst|bad|overrated|not like|nothing like|can't stand|not a fan|not(?! (?:sure|bad|only|just)\b))\b",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:seen|saw|(?:re)?watched|already (?:read|own|have|know)|own|i know|i've read|know\b.*\balready|gesehen|visto|vu)\b",
    re.IGNORECASE,
)
_LOVED = re.compile(
    r"\b(?:love[ds]?|like[ds]?|enjoy(?:ed)?|great|awesome|amazing|fantastic|excellent|good|best|brilliant|favou?rites?)\b",
    re.IGNORECASE,
)
_ASKS_OTHER = re.compile(
    r"\b(?:(?:have|did|do) you (?:ever )?(?:seen?|watch(?:ed)?|know|like|heard of)|rather than|instead of)\b[^.?!]*$",
    re.IGNORECASE,
)
_BARRED = re.compile(r"\b(?:no|no more|skip|without|nothing like|not)\s+$", re.IGNORECASE)
_UNDO = re.compile(r"^\W*(undo|go back|scratch that|take (that|it) back|never ?mind that)\b", re.IGNORECASE)
_REDO = re.compile(r"^\W*(redo|bring (that|it) back|put (that|it) back)\b", re.IGNORECASE)
_FORGET = re.compile(
    r"\b(?:forget(?: about)?|drop|remove|lift|ignore|scrap|take back|never ?mind|(?:don't|do not) care about|"
    r"(?:doesn't|does not|don't|needn't|need not) (?:have|need) to be)\s+(?:the\s+)?(.+)|"
    r"\b(\w+) (?:is not|isn't|are not|aren't) important\b|\bany (?:decade|era|age|year|genre|director|actor)\b|\bany\s+(\w+)\s+(?:is|will)\b|"
    r"\b(\w+)\s+(?:does not|doesn't)\s+matter\b",
    re.IGNORECASE,
)
_FINE = re.compile(
    r"[^.,;:!?\n]+\b(?:is|are)(?: also| totally| perfectly)? (?:fine|ok|okay|all right|allowed)\b",
    re.IGNORECASE,
)
_LIFTED = re.compile(
    r"\b(?:without|no|drop|lift|remove|forget)\s+(?:the |that |any )?(\w+)[\s-]+(?:limit|limits|condition|filter|restriction|"
    r"rule|range|requirement)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(?:older|newer|any age|any decade|any era|more recent|earlier|later)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(something else|anything else|others?\b.*\bplease|other ones|show me (?:more|others)|more please|"
    r"different ones|next ones|(?:like|liked|want|seen)? ?none of (?:these|them|those)|what else|"
    r"(?:i've|i have|already) (?:seen|read|watched|heard|know) (?:them all|all of (?:them|these|those)))\b|^\W*(more|others|next)\W*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*(who|whose|when|where|why|which year|what year|what(?:'s| is| was)\b.*\babout|"
    r"tell me (?:more )?about|how (?:long|old)|what did you show|what(?:'s| is) .* like)\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"^\W*(?:(?:hi|hello|hey|there|thanks|thank you|thx|a lot|so much|very much|many|bye|goodbye|good (?:morning|day|evening|"
    r"night|afternoon)|great|cool|ok|okay|nice|perfect|awesome|hallo|danke|bonjour|merci|hola|gracias)\b\W*)+$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"\b(?:the\s+)?({'|'.join(ORDINALS)})\s+(?:one|film|movie|book|item|suggestion|title)\b|(?:#|number )(\d)\b|"
    rf"\bthe ({'|'.join(ORDINALS)})\b(?=\s*(?:$|[.,!?;]|(?:and|or|but|was|were|is|looks?|sounds?|already)\b))",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(r"\bfirst (two|2|three|3)\b", re.IGNORECASE)
_REFERENCE = re.compile(
    rf"(?:\b(?:something |anything )?(?:more |rather |just )?like\s+)?(?:{_ORDINAL.pattern})", re.IGNORECASE
)
_JUDGED_NAME = re.compile(
    r"\b(?:[Ll]oved?|[Ll]iked?|[Ee]njoyed|[Hh]ated?|[Ss]een|[Ss]aw|[Ww]atched|[Rr]ead|[Pp]layed|[Oo]wn)\s+"
    r"((?:(?:The|A|An)\s+)?[A-Z][\w'’-]*(?:\s+(?:(?:of|the|and|in|to|for|with|a|on)\s+)*(?:[A-Z][\w'’-]*|\d{1,4}\b))*)"
)
_JUDGED_SUBJECT = re.compile(
    r"(?:^|[.!?;,\n]\s*)(?!(?:it|that|this|they|he|she|what|which|who|i|we|you)\b)(\w[\w'’]*(?: \w[\w'’]*){0,5}?) "
    r"(?:(?:was|is) (?:\w+ ){0,2}?(?:awesome|great|amazing|good|brilliant|fantastic|excellent|boring|awful|terrible|bad|dull|perfect|"
    r"okay|ok|fine|overrated)|wasn't|isn't|bored|left me|meets|yes|no|habe ich|war)\b",
    re.IGNORECASE,
)
_STARS_IN = re.compile(
    r"\b(?:stars?|is|was|plays?|played|acts?|acted) in ([A-Z][\w'’]*(?: [A-Z\d][\w'’]*)*)\s*\??\s*$"
)
_JUDGED_PHRASE = re.compile(
    r"\b(?:loved?|liked?|enjoyed|hated?|seen|watched|saw|(?:more|something|anything|movies?|films?|ones) like|visto|adoré|fand)\s+"
    r"([^,.;:!?\n]+)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?!(?:and|or|but|already|too|yesterday|last)\b)\S[^\n]*?(?=\s+(?:and|or|but|already|too|yesterday|last)\b|\s*$)"
)
MOST_TITLE_WORDS = 7
_IN_LIST = re.compile(r",\s*([A-Z][\w'’]*(?: [A-Z\d][\w'’]*)*)\s*,?(?:\s*(?:and|or))?\s*")
_THEN_JUDGED = re.compile(
    r"\band (?=(?:i |i've |i have )?(?:have seen|seen|saw|hated?|loved?|liked?|disliked?|enjoyed|didn't|less like|not))",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:not (?:as|so) \w+ as|(?:less|more) \w+ than|\w+er than)\s+(?:the (?:film|movie|book) )?$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\b(?:except(?: for)?|other than|apart from|anything but|but not)\s+$", re.IGNORECASE)
_REFUSED = re.compile(r"\W{1,3}no\b(?! (?:idea|doubt|matter|horror))(?:\W|\s+thanks?|$)", re.IGNORECASE)
_ASKS_OF_TITLE = re.compile(
    r"(?:^|[.,;:!?\n]\s*|\b(?:and|but|also) )(?:and |so |but |also |(?:can you |please )*(?:tell|remind) me |do you know )*(?:who\b[^.?!]*|what(?:'s| is| was| about)?|when (?:was|is)|tell me (?:more )?"
    r"about|how (?:long|old|good) is|(?:is|was|does|did|has))\s+$",
    re.IGNORECASE,
)
_BARE_ORDINAL = re.compile(
    rf"^\W*(?:(?:i (?:mean|meant)|it's|it is|yes|ok|okay|no)\W+)*(?:the\s+|number\s+|#)?(?:({'|'.join(ORDINALS)})|(\d))\W*$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(r"\b(?:no,? wait|i mean|or rather|sorry,? i meant)\b,?", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:(?<!how )(?<!what )(?<!thinking )about|based on|inspired by)\s+(?:(?:a|an|the|some|real|true)\s+){0,2}$|"
    r"\b(?:my|our|his|her|their|your|whole|live)\s+$",
    re.IGNORECASE,
)
"""What makes the next word a subject or a person's own, and no label: "about music", "with my family"."""
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
        titles = self._titles(message)
        blank = blanked(message, titles)
        act = act_of(message)
        if act:
            return self._of_act(act, message, titles, blank)
        intent = _intent(message, titles)
        forget, gone = self._forgotten(blank)
        blank = blanked(blank, gone)
        relative = relatives(blank, self._catalog)
        blank = blanked(blank, [(one.first, one.last) for one in relative])
        tokens = words(blank)
        named = list(self._values.find(blank, tokens))
        numbers = list(numbers_said(blank, self._catalog))
        asked = self._asked(blank, tokens, named, numbers)
        if asked:
            intent = Intent.QUESTION
        mentions = (*_title_mentions(message, titles, intent), *_ordinal_mentions(blank, intent))
        if asked:
            return Understanding(intent=intent, mentions=mentions, asked=asked)
        late = _corrected(blank)
        named = [one for one in named if not _only_told(blank, tokens, one, late)]
        kept = [c for c, start, end in numbers if start >= late and not told(blank, start, end)]
        spans = [(0, late), *((start, end) for _, start, end in numbers)]
        spans += [match.span() for match in _REFERENCE.finditer(blank)]
        places = [*titles, *(match.span() for match in _ORDINAL.finditer(blank))]
        wish = (
            "" if intent is not Intent.RECOMMEND else wish_said(blank, spans, _norms(tokens, named), places)
        )
        return Understanding(
            intent=intent, mentions=mentions, constraints=(*self._value_constraints(blank, tokens, named), *kept),
            forget=forget, wish=wish, relative=tuple(relative),
        )  # fmt: skip

    def _of_act(self, act: Act, message: str, titles: Sequence[tuple[int, int]], blank: str) -> Understanding:
        if act is Act.RESTART:
            return Understanding(intent=_intent(message, titles), act=act)
        mentions = (
            *_title_mentions(message, titles, Intent.QUESTION),
            *_ordinal_mentions(blank, Intent.QUESTION),
        )
        if not mentions and (unknown := asked_why_not(message)):
            mentions = (Mention(title=unknown, sentiment=Sentiment.ASKED),)
        return Understanding(intent=Intent.QUESTION, mentions=mentions, act=act)

    def _asked(
        self, blank: str, tokens: Sequence[Word], named: Sequence[Named], numbers: Sequence[Said]
    ) -> Asked | None:
        """The question about many items in a message; there, what is told narrows it too."""
        where = (*self._value_constraints(blank, tokens, named), *(c for c, _, _ in numbers))
        plain = blanked(blank, [(start, end) for _, start, end in numbers])
        return aggregate_asked(plain, self._catalog, where, _norms(tokens, named))

    def without_titles(self, message: str) -> str:
        """The message with the catalogue's titles blanked out."""
        return blanked(message, [(start, end) for start, end, _ in self._resolver.find_in(message)])

    def _titles(self, message: str) -> list[tuple[int, int]]:
        """Where titles stand, the catalogue's and those that are spoken of like one."""
        titles = [(start, end) for start, end, _ in self._resolver.find_in(message)]
        titles += self._unknown_titles(blanked(message, titles))
        titles += _listed_between(message, titles)
        titles += self._spoken_of(blanked(message, titles))
        return sorted(titles)

    def _spoken_of(self, text: str) -> list[tuple[int, int]]:
        """Words where a title stands, "I loved pulp ficton", that the resolver takes for one title."""
        spans = [match.span(1) for match in (*_JUDGED_SUBJECT.finditer(text), *_STARS_IN.finditer(text))]
        for match in _JUDGED_PHRASE.finditer(text):
            spans += [part.span() for part in _PART.finditer(text, *match.span(1))]
        return [(a, b) for a, b in spans if self._is_title(text[a:b])]

    def _is_title(self, phrase: str) -> bool:
        said = words(phrase)
        strange = any(not is_everyday(word.norm) and word.norm not in STOPWORDS for word in said)
        if not strange or len(said) > MOST_TITLE_WORDS or any(self._values.find(phrase, said)):
            return False
        return self._resolver.resolve(phrase).status == "one"

    def _unknown_titles(self, text: str) -> list[tuple[int, int]]:
        """Names after "I loved" and the like that are neither titles nor values of this catalogue."""
        spans = [match.span(1) for match in _JUDGED_NAME.finditer(text)]
        return [(a, b) for a, b in spans if not any(self._values.find(text[a:b], words(text[a:b])))]

    def _value_constraints(
        self, text: str, tokens: Sequence[Word], named: Sequence[Named]
    ) -> Iterable[Constraint]:
        wanted: dict[str, list[Named]] = {}
        spans = [(tokens[one.first].start, tokens[one.last].end) for one in named]
        for one, negative in zip(named, negated_spans(text, spans), strict=True):
            if negative:
                yield Constraint(field=one.field, op=Op.IS_NOT, value=one.value)
            else:
                wanted.setdefault(one.field, []).append(one)
        for field, group in wanted.items():
            yield _joined(field, group, text, tokens, self._catalog.schema[field].kind)

    def _forgotten(self, text: str) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
        """Attributes whose conditions are taken back, and the clause that says so."""
        match = _FORGET.search(text) or _LIFTED.search(text) or _FINE.search(text)
        if not match:
            return (), []
        end = next((place for place in clause_starts(text) if place > match.start()), len(text))
        said = text[match.start() : end]
        spoken = {singular(word.norm) for word in words(said)}
        called = {CALLED.get(word, word) for word in spoken}
        fields = [
            name
            for name in self._catalog.schema.names()
            if singular(name.casefold()) in spoken or name.casefold() in called
        ]
        fields += [one.field for one in self._values.find(said, words(said))]
        fields += [c.field for c, _, _ in numbers_said(said, self._catalog)]
        year = year_field(self._catalog)
        if year and (_AGE.search(said) or spoken & {"decade", "era", "age", "period", "year"}):
            fields.append(year)
        return tuple(dict.fromkeys(fields)), [(match.start(), end)] if fields else []


def _norms(tokens: Sequence[Word], named: Iterable[Named]) -> set[str]:
    """Normal forms of the words that stand for values."""
    return {word.norm for one in named for word in tokens[one.first : one.last + 1]}


def _only_told(text: str, tokens: Sequence[Word], one: Named, late: int) -> bool:
    """Whether a value is no condition: told of, what a story is about, or taken back in the same breath."""
    start, end = tokens[one.first].start, tokens[one.last].end
    if start < late or _SUBJECT.search(text[:start]):
        return True
    return not negated(text, start) and told(text, start, end)


def _corrected(text: str) -> int:
    """Where the message corrects itself: what stands before "no wait" in its clause does not count. 0 if nowhere."""
    found = _CORRECTION.search(text)
    return found.end() if found and words(text[found.end() :]) else 0


def _listed_between(message: str, titles: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A name that stands in a list of titles, as in "Braveheart, Gladiator and Rob Roy"."""
    found = []
    for (_, end), (start, _) in pairwise(sorted(titles)):
        match = _IN_LIST.fullmatch(message, end, start)
        if match:
            found.append(match.span(1))
    return found


def _intent(message: str, titles: Sequence[tuple[int, int]]) -> Intent:
    patterns = (
        (_UNDO, Intent.UNDO),
        (_REDO, Intent.REDO),
        (_CHAT, Intent.CHAT),
        (_QUESTION, Intent.QUESTION),
        (_MORE, Intent.MORE),
    )
    found = next((intent for pattern, intent in patterns if pattern.search(message)), None)
    asks = any(_ASKS_OF_TITLE.search(message[:start]) for start, _ in titles)
    return found or (Intent.QUESTION if asks else Intent.RECOMMEND)


def _joined(field: str, group: Sequence[Named], text: str, tokens: Sequence[Word], kind: Kind) -> Constraint:
    values = tuple(dict.fromkeys(one.value for one in group))
    if len(values) == 1:
        return Constraint(field=field, op=Op.IS, value=values[0])
    between = text[tokens[group[0].last].end : tokens[group[-1].first].start]
    plurals = all(tokens[one.last].norm.endswith("s") and not one.value.endswith("s") for one in group)
    either = re.search(r"\bor\b|,", between, re.IGNORECASE) or plurals or kind is Kind.CATEGORY
    return Constraint(field=field, op=Op.ANY_OF if either else Op.ALL_OF, value=values)


def _title_mentions(message: str, titles: Sequence[tuple[int, int]], intent: Intent) -> Iterable[Mention]:
    plain = blanked(message, titles)
    asks = [place for place in _sentences(plain) if "?" in plain[slice(*place)]] or [(0, len(plain))]
    for start, end in titles:
        asked = intent is Intent.QUESTION and any(first <= start <= last for first, last in asks)
        sentiment = Sentiment.ASKED if asked else _sentiment(message, start, end, titles)
        yield Mention(title=message[start:end], sentiment=sentiment)


def _sentences(text: str) -> list[tuple[int, int]]:
    places = [0, *(match.end() for match in re.finditer(r"[.?!\n]+", text)), len(text)]
    return list(pairwise(places))


def _ordinal_mentions(text: str, intent: Intent) -> Iterable[Mention]:
    found = [(match, _numbers_of(match)) for match in _ORDINAL.finditer(text)]
    found = found or [(match, _numbers_of(match)) for match in _BARE_ORDINAL.finditer(text)]
    found += [(match, range(1, 3 if match[1] in ("two", "2") else 4)) for match in _FIRST_FEW.finditer(text)]
    for match, numbers in found:
        asks = intent is Intent.QUESTION
        sentiment = Sentiment.ASKED if asks else _sentiment(text, *match.span(), [match.span()])
        for number in numbers:
            yield Mention(title=f"#{number}", sentiment=sentiment)


def _numbers_of(match: re.Match[str]) -> tuple[int, ...]:
    said = next(group for group in match.groups() if group)
    return (int(said) if said.isdigit() else ORDINALS[said.lower()],)


def _sentiment(text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> Sentiment:
    if _COMPARED.search(text[:start]) or _ASKS_OTHER.search(blanked(text, titles)[:start]):
        return Sentiment.ASKED
    clause = _clause(text, start, end, titles)
    if _EXCEPT.search(text[:start]) or _BARRED.search(text[:start]) or _REFUSED.match(text[end:]):
        return Sentiment.DISLIKED
    if _DISLIKED.search(clause):
        return Sentiment.DISLIKED
    return Sentiment.SEEN if _SEEN.search(clause) and not _LOVED.search(clause) else Sentiment.LIKED


def _clause(text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> str:
    """The clause around a title, titles blanked; "A, B and C" belongs to the clause that A stands in."""
    plain = blanked(text, titles)
    cuts = sorted([*clause_starts(plain), *(match.end() for match in _THEN_JUDGED.finditer(plain))])
    starts = [place for place in cuts if place <= start]
    while len(starts) > 1 and not words(_JOINS.sub(" ", plain[starts[-1] : start])):
        starts.pop()
    following = [place for place in cuts if place > end]
    return plain[starts[-1] : following[0] if following else len(plain)]
