"""Which words of a message name an attribute value of this catalogue."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tastemaker.agent.nlu.bare_values import is_plain, is_said_as_value
from tastemaker.agent.nlu.rules.label_synonyms import COMPOUNDS, FORMS, slip_of
from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.retrieval.catalog.catalog import Catalog, as_tags
from tastemaker.retrieval.catalog.item_text import labels_of, name_attributes
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.common_words import is_everyday
from tastemaker.retrieval.text.edit_distance import NearStrings
from tastemaker.retrieval.text.tokens import singular
from tastemaker.retrieval.text.unspaced import is_unspaced, places_of

PERSON_CUES = frozenset({"by", "with", "starring", "featuring", "directed", "from"})
NAME_CUES = PERSON_CUES | {"stars", "starred", "star", "actor", "actress", "director"}
REFUSAL_CUES = frozenset({"no", "not", "without", "except", "nor", "minus"})
"""Before a surname in capitals that is well known: "not Tarantino"."""
MORE_CUES = frozenset({"more", "other", "another", "else", "about"})
"""Before a surname whose works are asked for: those who make them are meant first."""
SURNAME_CUES = (
    PERSON_CUES
    | REFUSAL_CUES
    | MORE_CUES
    | frozenset("any some got sans ohne sin senza mit avec con com met von van de du di do da".split())
)
"""Before a surname that is well known and no word of any talk, in letters of any size: "more Lynch", "or pacino"."""
PLACE_CUES = frozenset("in to at near of into".split())
"""Before what is a place more likely than a person: "set in Washington"."""
FAMILY = frozenset({"brother", "bros", "sister"})
"""Behind a surname, all who have it are meant: the Coen brothers."""
NICKNAMES: Mapping[str, tuple[str, ...]] = {
    "arnie": ("arnold", "schwarzenegger"),
    "sly": ("sylvester", "stallone"),
    "bogie": ("humphrey", "bogart"),
    "hitch": ("alfred", "hitchcock"),
}
"""What some people are called by everybody, in catalogues that have them."""
ROLE_CUES: Mapping[str, tuple[str, ...]] = {
    "by": ("director", "author", "writer", "artist", "brand", "maker"),
    "directed": ("director",),
    "director": ("director",),
    **dict.fromkeys(
        ("with", "starring", "stars", "starred", "star", "actor", "actress"), ("cast", "actor", "star")
    ),
    "featuring": ("cast", "actor", "star", "artist"),
}
"""Beginnings of the attributes that a word before a name speaks of, where the name is a value of several."""
WORDS_AND_NAMES = frozenset(
    "banks bell berry best bishop black bloom brown bush cage carter chase church clay cook cross day dean diamond "
    "driver field fields fish flowers forest foster fox frost gold grant gray green grey hall hardy hill holiday hope "
    "hunt iron joy king knight lake lane law light little long lord love major marsh moon noble page paradise park "
    "penny play price quick rain rich rivers robin rock root roots rose row rush sand seal sharp shepherd short silver "
    "snow spring star stern stone storm strange street summer summers sweet swift temple thorn tree turner walker wall "
    "waters weaver white wild winter winters wise wolf wood woods young".split()
)
"""Surnames that are words as well: alone, without "by" or "with", they are words."""
WELL_KNOWN = 3
MIN_FIRST_NAME = 4
"""Letters of a first name that only one well-known person has, and that stands for them: "with Denzel"."""
"""Items that a surname after "from" must have: "from England" is hardly about a director of that name."""
MIN_NAME_LETTERS, MAX_SLIPS = 8, 2
"""Letters of a whole name that may be misspelt, and letters that may be wrong."""
PARTICLES = frozenset("de di da del della van von der la le mc el".split())
WORKS = frozenset(
    "movie movies film films flick flicks picture book books novel novels song songs album albums".split()
)
_GOES_ON = re.compile(r"\s*(?:,|,?\s*(?:or|and|nor))\s*", re.IGNORECASE)
LONGEST_VALUE = 6
_ELIDED = re.compile(r"^[dl]'(?=\w{3})")
"""The French article of "film d'horreur"."""
NO_PLURAL = frozenset({"news"})


@dataclass(frozen=True, slots=True)
class Named:
    """A value that a message names: words ``first`` to ``last`` (inclusive) stand for it.

    ``within`` is its place in the word where no blanks part words, else None.
    """

    field: str
    value: str
    first: int
    last: int
    within: tuple[int, int] | None = None


class ValueWords:
    """Finds values of the category and tags attributes in a message.

    Values of label-like attributes count wherever they stand. Values of large
    vocabularies (names, themes) count when the message has a full name of two or
    more capitalised words, or, after a word such as "by" or "with", a surname.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._labels: dict[tuple[str, ...], _Meaning] = {}
        self._names: dict[tuple[str, ...], list[_Meaning]] = {}
        self._surnames: dict[tuple[str, ...], list[_Meaning]] = {}
        singles = set[str]()  # words of tags in small letters, of any talk about items
        for field in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
            counts = Counter(value for item in catalog for value in as_tags(item.attributes.get(field)))
            labels = frozenset(labels_of(catalog, field))
            for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
                key = _key(words(value))
                if len(key) == 1:
                    singles.add(key[0])
                if value in labels and key:
                    self._labels.setdefault(key, _Meaning(field, value, count))
                elif len(key) > 1:
                    self._names.setdefault(key, []).append(_Meaning(field, value, count))
        self.people = frozenset(name_attributes(catalog))
        self._tag_words = {
            word
            for key, found in self._names.items()
            if not any(one.field in self.people for one in found)
            for word in key
        } | singles
        self._near_names = NearStrings(
            {
                " ".join(key)
                for key, found in self._names.items()
                if any(one.field in self.people and one.count >= WELL_KNOWN for one in found)
            }
        )
        self._add_forms()
        self._add_surnames()

    def _add_forms(self) -> None:
        for label, forms in FORMS.items():
            meaning = self._labels.get(_key(words(label)))
            for form in forms:
                key = _key(words(form))
                names = self._names.get(key, ())  # a tag "sci-fi" says the same; a person called so does not
                if meaning and not any(one.field in self.people for one in names):
                    self._labels.setdefault(key, meaning)
        self._compounds = {
            _key(words(compound)): tuple(self._labels[_key(words(label))] for label in labels)
            for compound, labels in COMPOUNDS.items()
            if all(_key(words(label)) in self._labels for label in labels)
        }
        self._unspaced = {
            key[0]: meaning for key, meaning in self._labels.items() if len(key) == 1 and is_unspaced(key[0])
        }
        self._single = {key[0]: key for key in self._labels if len(key) == 1}

    def _add_surnames(self) -> None:
        owners: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        for key in self._names:
            owners[_surname(key)].add(key)
        # Of several people with one surname, the only one whom many know is meant.
        known = {
            name: [key for key in keys if len(keys) == 1 or self._is_well_known(key)]
            for name, keys in owners.items()
        }
        self._surnames = {name: self._names[keys[0]] for name, keys in known.items() if len(keys) == 1}
        self._families = {
            name: found
            for name, keys in owners.items()
            if (found := self._people_of(keys, self._is_well_known))
        }
        self._siblings = {name: found for name, keys in owners.items() if (found := self._people_of(keys))}

        firsts: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for key in self._names:
            if self._is_well_known(key):
                firsts[key[0]].add(key)
        self._first_names = {
            name: self._names[next(iter(keys))]
            for name, keys in firsts.items()
            if len(keys) == 1 and len(name) >= MIN_FIRST_NAME and not is_everyday(name)
        }

    def _people_of(
        self, keys: Iterable[tuple[str, ...]], holds: Callable[[tuple[str, ...]], bool] = bool
    ) -> list[_Meaning]:
        """The people of some names, in the attribute that has each most often."""
        found = (
            [one for one in self._names[key] if one.field in self.people]
            for key in sorted(keys)
            if holds(key)
        )
        return [max(people, key=lambda one: one.count) for people in found if people]

    def _is_well_known(self, key: tuple[str, ...]) -> bool:
        return any(one.field in self.people and one.count >= WELL_KNOWN for one in self._names[key])

    def find(self, text: str, tokens: Sequence[Word]) -> Iterator[Named]:
        """Values named in a message, from left to right, the longest match first at each place."""
        position, last = 0, None
        key = _key(tokens)
        while position < len(tokens):
            length = next((n for n in (2, 1) if key[position : position + n] in self._compounds), 0)
            if length and position + length <= len(tokens):
                for meaning in self._compounds[key[position : position + length]]:
                    yield Named(meaning.field, meaning.value, position, position + length - 1)
                position += length
                continue
            named = self._at(text, tokens, key, position) or self._next_name(text, tokens, position, last)
            if not named and (family := self._family_at(text, tokens, position, last)):
                yield from family
                position, last = family[-1].last + 1, family[-1]
                continue
            if named:
                last = named
                yield named
            else:
                yield from self._inside(tokens[position], position)
            position = named.last + 1 if named else position + 1

    def _inside(self, word: Word, position: int) -> Iterator[Named]:
        """Labels inside a run of letters that no blanks part: the language in "中文电影"."""
        if self._unspaced and is_unspaced(word.norm):
            for start, end, label in places_of(list(self._unspaced), word.norm):
                meaning = self._unspaced[label]
                yield Named(meaning.field, meaning.value, position, position, (start, end))

    def _at(self, text: str, tokens: Sequence[Word], keys: tuple[str, ...], first: int) -> Named | None:
        for length in range(min(LONGEST_VALUE, len(tokens) - first), 0, -1):
            key = keys[first : first + length]
            meaning = self._labels.get(key)
            if meaning and is_plain(key) and not is_said_as_value(meaning.field, text, tokens, first):
                meaning = None
            if meaning is None and length > 1 and key in self._names:
                meaning = self._full_name(key, text, tokens, first)
            if meaning:
                return Named(meaning.field, meaning.value, first, first + length - 1)
        return (
            self._surname_at(text, tokens, first)
            or self._near_name(tokens, keys, first)
            or self._slip_at(text, tokens, first)
        )

    def _full_name(
        self, key: tuple[str, ...], text: str, tokens: Sequence[Word], first: int
    ) -> _Meaning | None:
        """A person in any case, unless all of it is everyday words and no known name; others with a capital only."""
        people = [one for one in self._names[key] if one.field in self.people]
        meaning = _choose_meaning(people or self._names[key], tokens, first)
        if text[tokens[first].start].isupper():
            return meaning
        if meaning.field not in self.people:
            return None
        # Chats are full of actors, so that "will smith" and "julia roberts" are everyday words too.
        known = key[-1] not in STOPWORDS and (
            meaning.count >= WELL_KNOWN or (bool(first) and tokens[first - 1].norm in NAME_CUES)
        )
        return meaning if known or not all(map(is_everyday, key)) else None

    def _surname_at(self, text: str, tokens: Sequence[Word], first: int) -> Named | None:
        """A surname after "by" and the like, or, of a well-known person, before "films" or as a whole clause."""
        span = _surname_span(tokens, first)
        length = len(span)
        known = self._surnames.get(_key(span)) or self._surnames.get(tuple(word.norm for word in span))
        if not known and first and tokens[first - 1].norm in PERSON_CUES - {"from"}:
            known = self._first_names.get(tokens[first].norm)
        if not known or span[-1].norm in STOPWORDS:
            return None
        cue = tokens[first - 1].norm if first else ""
        most = max(candidate.count for candidate in known)
        if cue in PERSON_CUES and text[span[0].start].isupper():
            sure = cue != "from" or most >= WELL_KNOWN
        elif cue in REFUSAL_CUES and text[span[0].start].isupper() and most >= WELL_KNOWN:
            sure = not any(is_everyday(w.norm) for w in span)
        else:
            person = any(candidate.field in self.people for candidate in known) and not any(
                is_everyday(w.norm) or w.norm in WORDS_AND_NAMES for w in span
            )
            named = self._is_name_here(text, span)
            sure = person and named and most >= WELL_KNOWN and _stands_alone(text, tokens, first, length)
        meaning = _choose_meaning(known, tokens, first)
        return Named(meaning.field, meaning.value, first, first + length - 1) if sure else None

    def _is_name_here(self, text: str, span: Sequence[Word]) -> bool:
        """Whether a surname that is also a word of the catalogue's tags is a name here: "Dance", no "music, dance"."""
        return span[-1].norm not in self._tag_words or _has_capital(text, span[-1])

    def _family_at(self, text: str, tokens: Sequence[Word], first: int, last: Named | None) -> list[Named]:
        """Everybody well known of a surname that is no word of any talk: "without Hepburn", "the Coen brothers"."""
        span = _surname_span(tokens, first)
        length = len(span)
        norms = tuple(word.norm for word in span)
        behind = tokens[first + length].norm if first + length < len(tokens) else ""
        if length == 1 and norms[0] in NICKNAMES:
            people = self._people_of([NICKNAMES[norms[0]]] if NICKNAMES[norms[0]] in self._names else [])
        elif singular(behind) in FAMILY:
            people, length = self._siblings.get(_key(span)) or self._siblings.get(norms, []), length + 1
            people = people if len(people) > 1 else []
        elif self._stands_as_surname(text, tokens, first, length, last):
            people = self._families.get(_key(span)) or self._families.get(norms, [])
            makers = (
                []
                if not first or tokens[first - 1].norm not in MORE_CUES
                else [
                    one for one in self._siblings.get(_key(span), []) if one.field.startswith(ROLE_CUES["by"])
                ]
            )
            people = makers or people
        else:
            people = []
        return [Named(one.field, one.value, first, first + length - 1) for one in people]

    def _stands_as_surname(
        self, text: str, tokens: Sequence[Word], first: int, length: int, last: Named | None
    ) -> bool:
        """Whether a word that might be somebody's surname is meant as one, and not as a tag or an everyday word."""
        span = tokens[first : first + length]
        norm = span[-1].norm
        if _key(span) in self._labels or is_everyday(norm) or norm in STOPWORDS | WORDS_AND_NAMES:
            return False
        before = tokens[first - 1].norm if first else ""
        behind = tokens[first + length].norm if first + length < len(tokens) else ""
        of_them = before == "of" and first > 1 and tokens[first - 2].norm in _HAD_OF
        if behind in _HAD or of_them:
            return self._is_name_here(text, span)
        if not first:
            return len(tokens) <= length + 1
        if before in SURNAME_CUES or self._goes_on(text, tokens, last, span[0].start):
            return self._is_name_here(text, span)
        capital = _has_capital(text, span[-1])
        if text[tokens[first - 1].end : span[0].start].strip():  # behind a comma, as another wish
            return capital
        # After another capital it is part of a name that nobody has here.
        in_talk = is_everyday(before) and before not in PLACE_CUES and text[tokens[first - 1].start].islower()
        return in_talk and capital

    def _goes_on(self, text: str, tokens: Sequence[Word], last: Named | None, start: int) -> bool:
        """Whether a word goes on from a person: the Stallone of "arnie or stallone"."""
        return bool(
            last and last.field in self.people and _GOES_ON.fullmatch(text, tokens[last.last].end, start)
        )

    def _near_name(self, tokens: Sequence[Word], keys: tuple[str, ...], first: int) -> Named | None:
        """A person's whole name with a slip, behind a word that speaks of people: "with jim carey"."""
        if not first or tokens[first - 1].norm not in PERSON_CUES:
            return None
        for length in (3, 2):
            said = " ".join(keys[first : first + length])
            if first + length > len(keys) or len(said) < MIN_NAME_LETTERS:
                continue
            near = [one for one in self._near_names.near(said, MAX_SLIPS) if one[0][0] == said[0]]
            if near and (len(near) == 1 or near[0][1] < near[1][1]):
                meaning = _choose_meaning(self._names[tuple(near[0][0].split(" "))], tokens, first)
                return Named(meaning.field, meaning.value, first, first + length - 1)
        return None

    def _next_name(self, text: str, tokens: Sequence[Word], first: int, last: Named | None) -> Named | None:
        """A surname that goes on from another: the Hitchcock of "by Kubrick or Hitchcock"."""
        if last is None or not self._goes_on(text, tokens, last, tokens[first].start):
            return None
        if not text[tokens[first].start].isupper():
            return None
        norm = tokens[first].norm
        known = self._surnames.get((_one(norm),)) or self._surnames.get((norm,)) or []
        meaning = next((candidate for candidate in known if candidate.field == last.field), None)
        return Named(meaning.field, meaning.value, first, first) if meaning else None

    def _slip_at(self, text: str, tokens: Sequence[Word], first: int) -> Named | None:
        """A label misspelt in small letters."""
        word = tokens[first]
        slip = slip_of(singular(word.norm), self._single) if text[word.start : word.end].islower() else None
        meaning = self._labels[self._single[slip]] if slip else None
        return Named(meaning.field, meaning.value, first, first) if meaning else None


def _has_capital(text: str, word: Word) -> bool:
    """Whether a word begins with a capital, and is not all capitals for stress: "where they DANCE"."""
    own = text[word.start : word.end]
    return own[0].isupper() and (len(own) == 1 or not own.isupper() or text.isupper())


@dataclass(frozen=True, slots=True)
class _Meaning:
    field: str
    value: str
    count: int


def _choose_meaning(meanings: Sequence[_Meaning], tokens: Sequence[Word], first: int) -> _Meaning:
    """Of the attributes that hold a name: the one that the words before it speak of, else where it is commonest."""
    for before in reversed(tokens[max(0, first - 2) : first]):
        for field in ROLE_CUES.get(before.norm, ()):
            if match := next((one for one in meanings if one.field.casefold().startswith(field)), None):
                return match
    return max(meanings, key=lambda meaning: meaning.count)


def _surname(key: tuple[str, ...]) -> tuple[str, ...]:
    """The last word of a name, with a particle before it: ("robert", "de", "niro") gives ("de", "niro")."""
    return key[-2:] if len(key) > 2 and key[-2] in PARTICLES else key[-1:]


def _surname_span(tokens: Sequence[Word], first: int) -> Sequence[Word]:
    """The words of a surname that begins at a word: two where that is a particle."""
    length = 2 if tokens[first].norm in PARTICLES and first + 1 < len(tokens) else 1
    return tokens[first : first + length]


_HAD = frozenset("seen done watched".split())
_HAD_OF = frozenset("enough sick tired bored all most fan fans fed".split())
"""Behind a surname, and before "of" and one, where people say whose works they have had: "leone seen"."""
_BEFORE_ALONE = frozenset({"just", "only"})


def _stands_alone(text: str, tokens: Sequence[Word], first: int, length: int) -> bool:
    """Whether words are followed by "films" and the like, or make up a clause."""
    after = tokens[first + length : first + length + 1]
    if after and after[0].norm in WORKS:
        return True
    if first and tokens[first - 1].norm in _BEFORE_ALONE:
        before = ","
    else:
        before = text[tokens[first - 1].end : tokens[first].start] if first else ","
    behind = text[tokens[first + length - 1].end : after[0].start] if after else ","
    return bool(re.search(r"[,;.!?]", before) and re.search(r"[,;.!?]", behind))


def _key(span: Sequence[Word]) -> tuple[str, ...]:
    return tuple(_one(_ELIDED.sub("", word.norm)).removesuffix("'s") for word in span)


def _one(word: str) -> str:
    """The singular; a word that only looks like a plural stays, so that "new" is not "News"."""
    return word if word in NO_PLURAL else singular(word)
