"""Questions about many items in a message: "how many comedies", "the newest by this director"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from tastemaker.agent.nlu.rules.numeric_constraints import year_field
from tastemaker.agent.nlu.rules.stated_conditions import readers_of
from tastemaker.agent.nlu.tokenizer import STOPWORDS, Word, words
from tastemaker.agent.nlu.understanding import AggregateQuestion
from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.item_text import name_attributes
from tastemaker.retrieval.catalog.schema import EVERY, UNSTATED, Kind
from tastemaker.retrieval.filters.aggregates import KINDS, Aggregate, What
from tastemaker.retrieval.filters.conditions import Condition
from tastemaker.retrieval.quantities.concepts import concepts
from tastemaker.retrieval.quantities.superlatives import superlative_of, superlatives
from tastemaker.retrieval.text.tokens import singular

SEVERAL = 5
"""How many are meant by a plural without a number, as in "the newest comedies"."""

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_COUNT = re.compile(
    r"^\W*(?:\w+\W+){0,4}?(?:how many|(?:the )?(?:total )?number of|count (?:the|all|up))\s+"
    r"(?:different |distinct |unique )?(\w+)",
    re.IGNORECASE,
)
_WISHES = re.compile(r"\b(?:something|anything|similar|like)\b", re.IGNORECASE)
_TOP = r"newest|latest|most recent|most popular|longest|most expensive|(?:highest|best)[\s-](?:rated|scored)|highest"
_BOTTOM = r"oldest|earliest|least popular|shortest|cheapest|(?:lowest|worst)[\s-](?:rated|scored)|lowest"
_FORMS = "|".join(re.escape(form) for form in sorted(superlatives(), key=len, reverse=True) if form != "best")
_EXTREME = re.compile(
    rf"(?:\b(?:the|its|his|her|their|your)\s+|^\W*(?:(?:and|ok|okay|now|"
    rf"so)\W+)?)(?:(\d{{1,2}}|{'|'.join(_NUMBERS)})\s+)?(?:({_TOP})|"
    rf"({_BOTTOM})|({_FORMS}))\b(?:\s+(\w+))?",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:(?:and|so|then|now|ok|okay|please|hi|hello)\W+)*(?:what|which|who|show|tell|give|name|the|find|only|just|"
    rf"i(?:'d| would| just| only)? (?:want|need|like|take|prefer|love)|(?:can|could) (?:i|"
    rf"you|we)|do you have|have you got|{_TOP}|{_BOTTOM}|{_FORMS})\b",
    re.IGNORECASE,
)
_COMPARATIVES = "|".join(
    re.escape(word)
    for word in sorted({one for c in concepts() for one in (*c.less, *c.more)}, key=len, reverse=True)
)
_WHICH_IS = re.compile(
    rf"^(\W*(?:and |so )?which(?: one| ones| of (?:these|those|them))?(?:['’]s| is| are))\s+(?:the )?({_COMPARATIVES})"
    r"(?=(?: one| ones)?\W*$)",
    re.IGNORECASE,
)
_MOST = re.compile(r"\b(?:the )?most (common|frequent|often)\b|\bthe most\b", re.IGNORECASE)
_AVERAGE = re.compile(r"\b(?:average|mean)\s+(\w+)", re.IGNORECASE)
_SAME = re.compile(r"\b(?:this|that|the same|same)\s+(\w+)|\bthe\s+(\w+)\s+of\b", re.IGNORECASE)
_BY_THEM = re.compile(r"\bby (?:him|her|them)\b", re.IGNORECASE)
_MEASURES = {
    ("long", "shor"): ("runtime", "length", "duration", "minutes", "pages"),
    ("chea", "expe"): ("price", "cost"),
    ("rate", "scor"): ("rating", "score", "stars"),
    ("popular",): ("popularity",),
}
_ASKING = frozenset(
    "how many different distinct unique number total count average mean common frequent often newest latest recent"
    " oldest earliest longest shortest highest lowest best worst rated scored cheapest expensive same he she him her"
    " popular least made make makes directed starring whole altogether here catalogue catalog collection exist non"
    " without nothing never except excluding avoid isn't aren't either both only just".split()
) | frozenset(word for form in superlatives() for word in form.split())


def read_aggregate(
    text: str, catalog: Catalog, where: Sequence[Condition], understood: Collection[str]
) -> AggregateQuestion | None:
    """The question about many items that a message asks, or None where it asks none.

    Args:
        text: the message, titles blanked out.
        where: the conditions it states.
        understood: normal forms of the words that stand for these conditions.
    """
    text = _with_superlative(text)
    aggregate = (
        _count(text, catalog) or _extreme(text, catalog) or _commonest(text, catalog) or _mean(text, catalog)
    )
    if aggregate is None:
        return None
    same = tuple(dict.fromkeys(_same(text, catalog)))
    said = [w.norm for w in words(text) if w.norm not in STOPWORDS | _ASKING | set(understood)]
    asked = {word.norm for word in _singulars(aggregate.field or "")}
    left_out = tuple(
        word
        for word in said
        if not word.isdigit()
        and not (word in _NUMBERS and _EXTREME.search(text))
        and singular(word) not in asked
        and not find_attribute(word, catalog)
    )
    return AggregateQuestion(
        aggregate=aggregate.model_copy(update={"where": tuple(where)}), same=same, left_out=left_out
    )


def find_attribute(
    word: str, catalog: Catalog, kinds: Iterable[Kind] = Kind, unstated: bool = False
) -> str | None:
    """The attribute that a word stands for, compared by the first five letters ("directed", "genre").

    ``unstated``: also an inferred or computed one, by its whole name: "place" and "romance" are everyday words.
    """
    kinds = tuple(kinds)
    for name in catalog.schema.of_kind(*kinds):
        if any(part.norm[:5] == singular(word.casefold())[:5] for part in _singulars(name)):
            return name
    said = singular(word.casefold())
    names = catalog.schema.of_kind(*kinds, provenance=UNSTATED if unstated else ())
    return next((name for name in names if " ".join(w.norm for w in _singulars(name)) == said), None)


def _singulars(name: str) -> list[Word]:
    return words(" ".join(singular(word.norm) for word in words(name.replace("_", " "))))


def _with_superlative(text: str) -> str:
    """ "Which is lighter?", asked of several, is which is the lightest."""
    return _WHICH_IS.sub(
        lambda match: f"{match[1]} the {superlative_of(match[2].casefold()) or match[2]}", text
    )


def _count(text: str, catalog: Catalog) -> Aggregate | None:
    match = _COUNT.search(text)
    if not match:
        return None
    field = find_attribute(match[1], catalog, KINDS[What.DISTINCT])
    if field and catalog.schema[field].kind is Kind.NUMBER and field != year_field(catalog):
        return None  # "how many calories": of an item, not how many different ones there are
    return Aggregate(what=What.DISTINCT if field else What.COUNT, field=field)


def _extreme(text: str, catalog: Catalog) -> Aggregate | None:
    match = _EXTREME.search(text)
    if not match or not _ASKS.search(text) or _WISHES.search(text):
        return None
    phrase, following = (match[2] or match[3] or match[4]).casefold(), match[5] or ""
    field, top = _of_concept(phrase, catalog)
    if field is None and not match[4]:
        field, top = _measure(phrase, following, catalog), bool(match[2])
    if field is None:
        return None
    plural = following and singular(following.casefold()) != following.casefold()
    number = (match[1] or "").casefold()
    k = _NUMBERS.get(number) or int(number or 0) or (SEVERAL if plural else 1)
    return Aggregate(what=What.HIGHEST if top else What.LOWEST, field=field, k=k)


def _of_concept(phrase: str, catalog: Catalog) -> tuple[str | None, bool]:
    """The stated column that a superlative speaks of, and whether it means its high end."""
    meant = dict(superlatives().get(phrase, ()))
    columns = readers_of(catalog).amounts.columns.of_concepts(list(meant)) if meant else []
    for column in columns:
        if column.concept:
            return column.name, meant[column.concept.name]
    return None, False


def _measure(phrase: str, following: str, catalog: Catalog) -> str | None:
    """The number or date that a superlative compares by."""
    for stems, names in _MEASURES.items():
        if any(stem in phrase for stem in stems):
            numbers = catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY)
            return next((n for n in numbers if any(part in n.casefold() for part in names)), None)
    if phrase in ("highest", "lowest"):
        return find_attribute(following, catalog, KINDS[What.HIGHEST], unstated=True)
    return year_field(catalog)


def _commonest(text: str, catalog: Catalog) -> Aggregate | None:
    match = _MOST.search(text)
    if not match or not _ASKS.search(text):
        return None
    for word in words(text if match[1] else text[: match.start()]):
        field = find_attribute(word.norm, catalog, KINDS[What.COMMONEST], unstated=True)
        if field:
            plural = singular(word.norm) != word.norm
            return Aggregate(what=What.COMMONEST, field=field, k=SEVERAL if plural else 1)
    return None


def _mean(text: str, catalog: Catalog) -> Aggregate | None:
    match = _AVERAGE.search(text)
    field = find_attribute(match[1], catalog, KINDS[What.AVERAGE], unstated=True) if match else None
    return Aggregate(what=What.AVERAGE, field=field) if field else None


def _same(text: str, catalog: Catalog) -> Iterable[str]:
    """Attributes that the message takes over from the item spoken of."""
    for match in _SAME.finditer(text):
        field = find_attribute(match[1] or match[2], catalog)
        if field:
            yield field
    if _BY_THEM.search(text):
        yield from name_attributes(catalog)[:1]
