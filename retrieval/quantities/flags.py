"""Yes-or-no columns in a sentence: "in stock", "vegan", "not dishwasher safe", "without wifi"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import NO, YES, Attribute, Kind
from tastemaker.retrieval.filters.conditions import Constraint, Op
from tastemaker.retrieval.quantities.comparisons import denies
from tastemaker.retrieval.quantities.concepts import name_words
from tastemaker.retrieval.quantities.reading import Reading
from tastemaker.retrieval.text.flat import flat

_PREFIXES = frozenset(
    "is has have with can does are was flag bool offers includes allows contains accepts".split()
)
_HELD: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "in stock": (
        (
            "in stock",
            "available",
            "on stock",
            "available now",
            "in store",
            "you have in stock",
            "auf lager",
            "lieferbar",
            "disponible",
            "en stock",
        ),
        (
            "out of stock",
            "sold out",
            "unavailable",
            "not available",
            "nicht lieferbar",
            "ausverkauft",
            "agotado",
        ),
    ),
    "available": (
        ("available", "in stock", "free now", "auf lager", "lieferbar"),
        ("unavailable", "sold out", "taken", "out of stock"),
    ),
    "lagernd": (
        ("auf lager", "lieferbar", "lagernd", "in stock", "available"),
        ("ausverkauft", "out of stock", "sold out"),
    ),
    "remote": (
        (
            "remote",
            "remotely",
            "work from home",
            "working from home",
            "home office",
            "from home",
            "wfh",
            "telecommute",
            "telework",
            "fully remote",
        ),
        (
            "on site",
            "on-site",
            "onsite",
            "in the office",
            "in-office",
            "office based",
            "office-based",
            "in person",
        ),
    ),
    "vegan": (("vegan", "plant based", "plant-based"), ("non-vegan", "non vegan")),
    "vegetarian": (
        ("vegetarian", "veggie", "meatless", "meat-free", "meat free"),
        ("non-vegetarian", "non vegetarian"),
    ),
    "gluten free": (
        ("gluten free", "gluten-free", "without gluten", "no gluten", "coeliac friendly"),
        ("with gluten", "containing gluten"),
    ),
    "dairy free": (
        ("dairy free", "dairy-free", "without dairy", "no dairy", "lactose free", "lactose-free"),
        ("with dairy",),
    ),
    "nut free": (("nut free", "nut-free", "without nuts", "no nuts"), ("with nuts",)),
    "wifi": (("wifi", "wi-fi", "wireless internet"), ()),
    "pet allowed": (
        (
            "pets allowed",
            "pet friendly",
            "pet-friendly",
            "pets are allowed",
            "allows pets",
            "accepts pets",
            "dogs allowed",
            "dog friendly",
            "dog-friendly",
            "where pets are welcome",
            "pets welcome",
            "takes pets",
            "allows dogs",
            "with my dog",
            "with a dog",
            "with a cat",
            "with pets",
        ),
        ("no pets", "without pets"),
    ),
    "pet friendly": (
        (
            "pets allowed",
            "pet friendly",
            "pet-friendly",
            "allows pets",
            "dogs allowed",
            "dog friendly",
            "pets welcome",
            "with my dog",
            "with a dog",
            "with a cat",
            "with pets",
        ),
        ("no pets", "without pets"),
    ),
    "furnished": (("furnished", "with furniture"), ("unfurnished", "without furniture", "no furniture")),
    "explicit": (
        ("explicit", "with swearing"),
        ("clean", "not explicit", "non-explicit", "without swearing", "no swearing", "family friendly"),
    ),
    "instrumental": (
        ("instrumental", "without vocals", "no vocals", "without singing", "no singing"),
        ("with vocals", "with singing"),
    ),
    "cooperative": (
        ("cooperative", "co-op", "coop", "co-operative", "we play together", "working together"),
        ("competitive", "non-cooperative"),
    ),
    "dishwasher safe": (
        (
            "dishwasher safe",
            "dishwasher-safe",
            "dishwasher proof",
            "goes in the dishwasher",
            "go in the dishwasher",
            "can go in the dishwasher",
            "for the dishwasher",
        ),
        ("hand wash only",),
    ),
    "waterproof": (("waterproof", "water proof", "water-proof", "water resistant"), ()),
    "full time": (("full time", "full-time"), ("part time", "part-time")),
    "part time": (("part time", "part-time"), ("full time", "full-time")),
    "organic": (("organic", "bio"), ("non-organic", "non organic")),
    "on sale": (
        ("on sale", "discounted", "reduced", "on offer", "on special offer"),
        ("full price", "not on sale"),
    ),
    "used": (("used", "second hand", "second-hand", "pre-owned"), ("brand new", "unused")),
    "ad free": (
        ("ad free", "ad-free", "without ads", "no ads", "no advertising", "without advertising"),
        ("with ads",),
    ),
    "contain ad": (
        ("with ads", "with advertising"),
        ("ad free", "ad-free", "without ads", "no ads", "no advertising", "without advertising"),
    ),
    "offline": (("offline", "works offline", "without internet", "no internet"), ("online only",)),
    "free shipping": (("free shipping", "free delivery", "ships free"), ()),
    "spicy": (("spicy", "hot and spicy"), ("mild", "not spicy", "not hot")),
    "parking": (("parking", "a parking space", "garage"), ()),
    "balcony": (("balcony",), ()),
    "illustrated": (
        ("illustrated", "with pictures", "with illustrations"),
        ("without pictures", "unillustrated"),
    ),
    "hardcover": (("hardcover", "hardback"), ("paperback", "softcover")),
}
"""By what a column's name says: words for yes, and for no."""
_NOUN_MARKS = re.compile(
    r"(?:\bwith|\bhas|\bhave|\bhaving|\bincluding|\bincludes)\s+(?:an?\s+|the\s+|free\s+|good\s+)?$"
)
_ASKED_WHETHER = re.compile(
    r"\b(?:is|are|does|do|was)\s+(?:it|they|this|that|the (?:first|second|third|"
    r"last)(?: one)?|#\d|number \d)\s+(?:\w+\s+)?$"
)
_MUST_NOT = re.compile(r"\b(?:or not|doesn'?t matter|does not matter|don'?t care|is fine too|optional)\b")
_OWN_NONE = re.compile(
    r"\b(?:i|we|he|she|they)(?:'ve| have| own| keep| don't have| do not have| got)+ (?:any )?$"
)
"""Who has "no pets" says nothing of the homes."""
_CHILDREN = {"child": "children", "kid": "children", "family": "families"}
_UN = re.compile(r"\b(?:non|un)[\s-]?$")


class FlagReader:
    """Reads the yes-or-no properties of sentences for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._said: dict[str, tuple[str, str]] = {}
        for name in catalog.schema.of_kind(Kind.BOOLEAN):
            for phrase, value in _phrases(catalog.schema[name]):
                self._said.setdefault(flat(phrase), (name, value))
        self._pattern = _pattern_of(self._said) if self._said else None

    def read(self, text: str) -> list[Reading]:
        """Yes-or-no properties that a sentence asks for, from left to right."""
        if self._pattern is None:
            return []
        said, found = flat(text), dict[str, Reading]()
        for match in self._pattern.finditer(said):
            named = self._said.get(re.sub(r"[_-]", " ", match[0])) or self._said.get(match[0])
            lead = said[: match.start()]
            if named is None or _ASKED_WHETHER.search(lead) or _OWN_NONE.search(lead):
                continue
            name, value = named
            start = match.start()
            denied = denies(said, start, _opens(said, start), tuple(self._said))
            prefixed = _UN.search(said[:start])
            if denied is None and prefixed:
                denied = prefixed.start()
            if denied is not None:
                value, start = NO if value == YES else YES, denied
            if _MUST_NOT.match(said, match.end() + 1):
                found[name] = Reading(start, match.end())
                continue
            found.setdefault(
                name, Reading(start, match.end(), condition=Constraint(field=name, op=Op.IS, value=value))
            )
        return sorted(found.values(), key=lambda one: one.start)


def _pattern_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Matches the phrases, longer ones first; the "gluten" of "gluten-free" is none."""
    said = sorted(phrases, key=len, reverse=True)
    free = [one for one in said if one.endswith("free")]
    alternatives = [
        _alternatives([one for one in said if one not in free], r"(?![\s-]free\b)"),
        _alternatives(free, ""),
    ]
    return re.compile("|".join(filter(None, alternatives)))


def _alternatives(phrases: Sequence[str], behind: str) -> str:
    escaped = "|".join(re.escape(one).replace(r"\ ", "[ _-]") for one in phrases)
    return rf"(?<!\w)(?:{escaped})(?!\w){behind}" if phrases else ""


def _opens(text: str, at: int) -> int:
    return max((match.end() for match in re.finditer(r"[.;!?\n,]", text[:at])), default=0)


def _phrases(attribute: Attribute) -> Iterator[tuple[str, str]]:
    words = [
        word
        for word in re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", attribute.name).casefold())
        if word
    ]
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    own = " ".join(words)
    singulars = " ".join(name_words(own))
    for key, (held, lacking) in _HELD.items():
        if key in (own, singulars) or (f" {key} " in f" {singulars} " and len(key) > 3):
            yield from ((phrase, NO) for phrase in lacking)
            yield from ((phrase, YES) for phrase in held)
    if len(attribute.answers) == 2:
        yield attribute.answers[0], NO
        yield attribute.answers[1], YES
    for form in dict.fromkeys((own, singulars)):
        yield form, YES
    if len(words) > 1 and words[-1] in (
        "allowed",
        "included",
        "available",
        "safe",
        "friendly",
        "required",
        "proof",
    ):
        yield f"{' '.join(words[:-1])} is {words[-1]}", YES
        yield f"{' '.join(words[:-1])} are {words[-1]}", YES
        if words[-1] in ("allowed", "friendly"):
            stem = " ".join(words[:-1])
            for form in dict.fromkeys((stem, f"{stem}s", _CHILDREN.get(stem, stem))):
                yield f"no {form}", NO
                yield f"no {form} allowed", NO
        if words[-1] in ("included", "available", "required"):
            yield f"with {' '.join(words[:-1])}", YES
            yield f"without {' '.join(words[:-1])}", NO
            yield f"no {' '.join(words[:-1])}", NO
