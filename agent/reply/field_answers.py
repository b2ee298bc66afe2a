"""Answers to questions about items out of their fields: a sentence for one item, two columns for several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tastemaker.agent.nlu.rules.acts.people_asked import MAKERS
from tastemaker.agent.nlu.rules.acts.titles_asked import asks_to_see, asks_whether_here
from tastemaker.agent.nlu.rules.free_text_query import blank_out
from tastemaker.agent.nlu.tokenizer import STOPWORDS, words
from tastemaker.agent.reply.evidence import Evidence
from tastemaker.agent.reply.lead_in import of_unknown
from tastemaker.agent.reply.reasons import display_values
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import EVERY, SHOWN_ONLY, STATED, UNSTATED, Kind, Provenance
from tastemaker.retrieval.catalog.value_words import attribute_in_words
from tastemaker.retrieval.facets.matching import FacetMatcher
from tastemaker.retrieval.filters.conditions import Condition, Constraint, Op, leaves
from tastemaker.retrieval.text.joined import join_and, joined, predicate

LENGTHS = ("runtime", "length", "duration", "pages", "minutes", "hours", "time")
HEDGE = "as far as I can tell"
MAX_VALUES = 8
"""Values of one attribute that an answer lists."""
MAX_NAMED = 2
"""Items that are named where something is not known of them."""
MAX_STEM = 5
"""Letters by which a word of a question and an attribute's name are held for the same: "violent", "violence"."""

_YES_OR_NO = re.compile(
    r"(?:^|[.,!?]\s*)\W*(?:and |so |but |ok(?:ay)?,? )?(?:is|are|was|were|does|do|did|has|have|will|"
    r"would|can|could)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(r"^\W*(?:and |so |ok )?(?:where|how) (?:can|could|do|would)\b", re.IGNORECASE)
_ASKS_ALL = re.compile(
    r"\b(?:tell|more|describe|details?|info|information|know|say)\b|\bwhat(?:['’]s| is| are| about)\b|"
    r"^\W*about\b|^[^?]*$",
    re.IGNORECASE,
)
"""What asks for all that is known; whatever else is asked, and is no attribute, is not known."""
_ASKS_WHO_IS_IN = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*who(?: else| all)?(?:['’]s| is| was| are|"
    r" else is)?(?: else)?(?: the [\w ]{2,25}?)? (?:in|starring|appearing|acting)\b|"
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*who(?: else)? (?:plays?|played|acts|acted|appears|appeared|"
    r"stars|starred)\b|"
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*who(?:['’]s| is| was) the (?:lead|star|main (?:actor|actress))\b",
    re.IGNORECASE,
)
_OF_STORY = re.compile(
    r"\b(?:dies?|died|dead|kill(?:s|ed|er)?|murder(?:s|ed|er)?|survives?|survived|makes? it out|did it|"
    r"gets? (?:together|married|caught|away|out|the girl)|"
    r"ends? up|marry|marries|happens?|twist|wins? (?:in the end|the (?:case|match|game|race|girl|war|"
    r"fight))|escapes?|(?:is|get) (?:rescued|saved)|betray(?:s|ed)?|cheats?|breaks? up|find out|finds out|"
    r"come back|goes wrong)\b",
    re.IGNORECASE,
)
"""What asks how a story goes, of which a catalogue tells a part at most."""
_ASKS_ONE = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*(?:who|when|where|how|which)\b(?! about)", re.IGNORECASE
)
_OPPOSITE = re.compile(r"\b(?:free (?:of|from)|without|not|no)\b|n['’]t\b", re.IGNORECASE)
MIN_VALUE = 2
_ASKS_FOR = {
    "direct": ("director",),
    "made": ("director", "author", "artist", "brand", "maker"),
    "wrote": ("author", "writer"),
    "writte": ("author", "writer"),
    "stars": ("cast",),
    "starri": ("cast",),
    "starre": ("cast",),
    "plays": ("cast",),
    "acts": ("cast",),
    "actor": ("cast",),
    "voices": ("cast",),
    "voice": ("cast",),
    "critic": ("acclaim", "rating_mean", "rating", "stars"),
    **dict.fromkeys(("award", "awards", "oscar", "oscars", "prize", "prizes"), ("acclaim",)),
    "actors": ("cast",),
    "actres": ("cast",),
    "scary": ("scares",),
    "funny": ("humour",),
    "romant": ("romance",),
    "sad": ("sadness",),
    "sexy": ("sex",),
    "expens": ("price", "cost"),
    "cost": ("price", "cost"),
    "costs": ("price", "cost"),
    "cheap": ("price", "cost"),
    "where": ("place", "region"),
    "age": ("age_from",),
    "old": ("year",),
    "good": ("acclaim", "rating_mean", "rating", "stars"),
    "worth": ("acclaim", "rating_mean", "rating", "stars"),
    "end": ("ending",),
    "ends": ("ending",),
}


def answer_about(
    message: str, items: Sequence[Item], catalog: Catalog, evidence: Evidence, matcher: FacetMatcher | None
) -> str:
    """What is known of the property of items that a question asks for; all that is known where it asks for none."""
    found = matcher.read(message, _titles_in(message, items), wishes=False) if matcher else None
    where = matcher is not None and _WHERE.search(message)
    of_it = matcher.read(_call_it(message, items), (), wishes=False).unknown if matcher and where else ()
    unknown = tuple(dict.fromkeys(one.what for one in (*(found.unknown if found else ()), *of_it)))
    if unknown:
        return " ".join(of_unknown(unknown))
    levels = (
        all(_is_level(leaf.field, catalog) for one in found.matches for leaf in leaves(one.condition))
        if found
        else True
    )
    if (
        _OF_STORY.search(_without(message, items))
        and levels
        and not asked_attributes(_without(message, items), catalog)
    ):
        return "\n".join(_story_of(item, catalog) for item in items)
    if found and _YES_OR_NO.search(message) and found.matches:
        groups: dict[tuple[int, int], list[Condition]] = {}
        for match in found.matches:
            groups.setdefault(match.span, []).append(match.condition)
        return _rows([(item, _yes_or_no(item, list(groups.values()), evidence)) for item in items])
    rest = _without(message, items)
    if asks_whether_here(message, _titles_in(message, items) or _find_words_of(message, items)):
        return tell_here(message, items)
    if asks_to_see(message, _titles_in(message, items)):
        return "\n".join(_all_of(item, catalog) for item in items)
    if _YES_OR_NO.search(message) and (said := _values_said(rest, catalog)):
        return _rows([(item, _yes_or_no(item, [[one] for one in said], evidence)) for item in items])
    asked = asked_attributes(rest, catalog)
    if asked:
        return _rows([(item, _told(item, asked, catalog, evidence)) for item in items])
    if not _ASKS_ALL.search(message) or _YES_OR_NO.search(message) or _ASKS_ONE.match(message):
        whom = join_and([one.title for one in items]) if len(items) <= MAX_NAMED else "any of these"
        return f"I don't know that of {whom}: this catalogue does not say."
    return "\n".join(_all_of(item, catalog) for item in items)


def _is_level(name: str, catalog: Catalog) -> bool:
    return catalog.schema[name].kind is Kind.NUMBER


def _story_of(item: Item, catalog: Catalog) -> str:
    """What a catalogue tells of a story, where a question asks how it goes."""
    texts = [
        str(item.attributes[name]) for name in catalog.schema.of_kind(Kind.TEXT) if name in item.attributes
    ]
    ending = item.attributes.get("ending")
    end = f" Its ending is {ending}, {HEDGE}." if isinstance(ending, str) else ""
    told = f" All it tells: {texts[0]}" if texts else ""
    return f"This catalogue does not say how that goes in {item.title}.{told}{end}"


def compare_on(name: str, items: Sequence[Item], catalog: Catalog, evidence: Evidence) -> str:
    """What one attribute is of each of several items, the first being the one that was asked for.

    For instance "Fargo (1996): about 98 minutes long, against about 170 minutes long (Heat), as far as I can tell."
    """
    attribute = catalog.schema[name]
    told = [_phrase_of(name, item, evidence) for item in items]
    rest = join_and([f"{text} ({item.title})" for item, text in zip(items[1:], told[1:], strict=True)])
    hedge = "" if attribute.provenance is not Provenance.INFERRED else f", {HEDGE}"
    return f"{items[0].title}: {told[0]}, against {rest}{hedge}."


def _phrase_of(name: str, item: Item, evidence: Evidence) -> str:
    value = item.attributes.get(name)
    if value is None:
        return "not known"
    own = [phrase for one in list(display_values(value)) if (phrase := evidence.phrases.of(name, one))]  # type: ignore[arg-type]
    return _listed(own) if own else f"{attribute_in_words(name)} {value}"


def _values_said(message: str, catalog: Catalog) -> list[Condition]:
    """Values of the catalogue that a question names, as conditions; none where it asks for the opposite."""
    if _OPPOSITE.search(message):
        return []
    said = f" {' '.join(word.norm for word in words(message))} "
    found = list[Condition]()
    for name in catalog.schema.of_kind(Kind.CATEGORY, Kind.TAGS):
        for value in catalog.values(name):
            key = " ".join(word.norm for word in words(value))
            if len(key) > MIN_VALUE and f" {key} " in said:
                found.append(Constraint(field=name, op=Op.ANY_OF, value=(value,)))
    return found[:MAX_VALUES]


def asked_attributes(message: str, catalog: Catalog) -> list[str]:
    """Attributes that a question names or its words stand for ("when", "what about", "who directed")."""
    norms = [word.norm for word in words(message)]
    stems = {norm[:MAX_STEM] for norm in norms}
    asked = [
        name
        for name in catalog.schema.names(STATED)
        if any(w.norm[:MAX_STEM] in stems for w in words(attribute_in_words(name)))
    ]
    for name in catalog.schema.names(UNSTATED):  # "from" and "mean" alone do not ask for one of these
        telling = [w.norm[:MAX_STEM] for w in words(attribute_in_words(name)) if w.norm not in STOPWORDS]
        asked += [name] if telling and stems.issuperset(telling) else []
    placed = {"when", "where"} & set(norms)
    for norm in norms:
        if norm == "made" and (placed or "who" not in norms):
            continue
        asked += [
            name for name in _ASKS_FOR.get(norm[:6], ()) if name in catalog.schema and name not in asked
        ]
    if "long" in stems:
        numbers = catalog.schema.of_kind(Kind.NUMBER, provenance=EVERY)
        asked += [n for n in numbers if n not in asked and any(part in n.casefold() for part in LENGTHS)]
    if "when" in stems:
        asked += [n for n in catalog.schema.of_kind(Kind.NUMBER, Kind.DATE) if "year" in n or "date" in n]
    if texts := list(catalog.schema.of_kind(Kind.TEXT)) if stems & {"about", "plot", "story"} else []:
        asked = [name for name in asked if name != "plot"] + texts  # the sentence says more than its tags
    if re.search(r"\bwho(?:['’]s| is| was) (?:\w+ )?by\b|\bby whom\b", message, re.IGNORECASE):
        asked += [name for name in MAKERS if name in catalog.schema and name not in asked][:1]
    if _ASKS_WHO_IS_IN.match(message) and "cast" in catalog.schema and "cast" not in asked:
        asked.append("cast")
    return list(dict.fromkeys(asked))


def tell_here(message: str, items: Sequence[Item]) -> str:
    """That items are here; "if you mean" them where only a part of a title was said: "do you have Drive?"."""
    titles = join_and([one.title for one in items])
    if all(_titles_in(message, [item]) for item in items):
        return f"Yes, {titles} {'is' if len(items) == 1 else 'are'} here."
    return f"Yes, if you mean {titles}."


def _titles_in(message: str, items: Sequence[Item]) -> list[tuple[int, int]]:
    spans = []
    for item in items:
        for title in (item.title, re.sub(r"\s*\(\d{4}\)$", "", item.title)):
            spans += [m.span() for m in re.finditer(re.escape(title), message, re.IGNORECASE)][:1]
    return spans


def _without(message: str, items: Sequence[Item]) -> str:
    return blank_out(message, _titles_in(message, items))


def _find_words_of(message: str, items: Sequence[Item]) -> list[tuple[int, int]]:
    """Where words of titles stand, which may be said in part: "do you have Shawshank?"."""
    titles = {word.norm for item in items for word in words(item.title)} - STOPWORDS
    return [(word.start, word.end) for word in words(message) if word.norm in titles]


def _call_it(message: str, items: Sequence[Item]) -> str:
    """A message with "it" where a title stands: "where can I watch it?"."""
    for start, end in sorted(_titles_in(message, items), reverse=True):
        message = f"{message[:start]}it{message[end:]}"
    return message


def _rows(told: Sequence[tuple[Item, str]]) -> str:
    """A sentence for one item, and for several a line each with the title in the first column."""
    if len(told) == 1:
        item, text = told[0]
        return text.replace("{}", item.title, 1)
    hedge = f", {HEDGE}."
    rows = [f"{item.title} | {_cell(text.replace(hedge, '.'))}" for item, text in told]
    return "\n".join([f"{HEDGE[0].upper()}{HEDGE[1:]}:"] * any(hedge in text for _, text in told) + rows)


def _cell(text: str) -> str:
    """A sentence on an item as what stands beside its title."""
    text = re.sub(r"^\{\} (?:is |has |: )", "", text.replace("{}: ", "{} : "), count=1)
    return text.replace("{} :", "{}:").replace("{}", "it", 1)


def _yes_or_no(item: Item, asked: Sequence[Sequence[Condition]], evidence: Evidence) -> str:
    """Whether an item is what a question asks, by its own values; ``{}`` stands for its title."""
    good, bad, unknown = list[Condition](), list[Condition](), list[Condition]()
    for group in asked:  # conditions of the same words: one that holds will do
        known = {condition: evidence.shows(item, condition) for condition in group}
        kept = next((c for c, held in known.items() if held), None)
        fails = [c for c, held in known.items() if held is False]
        fails.sort(key=lambda c: any(_is_impression(leaf.field, evidence) for leaf in leaves(c)))
        failed = next(iter(fails), None)
        (good if kept else bad if failed else unknown).append(kept or failed or group[0])
    if bad:
        own = [phrase for one in bad for phrase in _own(item, one, evidence)]
        open_ = all(_is_impression(leaf.field, evidence) for one in bad for leaf in leaves(one))
        no = "Not that I know" if open_ else "I don't think so"
        return f"{no}: {{}} {predicate([joined(own)], plural=False)}." if own else f"{no}."
    if good:
        own = [phrase for one in good for fact in evidence.meets(item, one) for phrase in [fact.text]]
        return f"Yes, {HEDGE}: {{}} {predicate(own, plural=False)}." if own else f"Yes, {HEDGE}."
    return "I don't know that of {}: this catalogue does not say."


def _is_impression(name: str, evidence: Evidence) -> bool:
    """Whether an attribute lists some of what might be said of an item, so that what it lacks may hold as well."""
    return evidence.catalog.schema[name].kind is Kind.TAGS


def _own(item: Item, condition: Condition, evidence: Evidence) -> list[str]:
    """What an item has instead where it does not meet a condition."""
    found = []
    for leaf in leaves(condition):
        value = item.attributes.get(leaf.field)
        values = as_tags(value) if isinstance(value, tuple) else [value] if value is not None else []
        found += [phrase for one in values[:MAX_VALUES] if (phrase := evidence.phrases.of(leaf.field, one))]
    return list(dict.fromkeys(found))


def _told(item: Item, asked: Sequence[str], catalog: Catalog, evidence: Evidence) -> str:
    """The values of some attributes in a sentence; ``{}`` stands for the title."""
    phrases, texts, missing, is_sure = list[str](), list[str](), list[str](), True
    for name in asked:
        attribute, value = catalog.schema[name], item.attributes.get(name)
        if value is None:
            missing.append(attribute_in_words(name))
            continue
        if attribute.kind is Kind.TEXT:
            texts.append(str(value))
            continue
        own = [p for one in list(display_values(value))[:MAX_VALUES] if (p := evidence.phrases.of(name, one))]  # type: ignore[arg-type]
        phrases.append(_listed(own) if own else f"with {attribute_in_words(name)} {value}")
        is_sure &= attribute.provenance is not Provenance.INFERRED
    parts = []
    if phrases:
        parts.append(f"{{}} {predicate(phrases, plural=False)}{'' if is_sure else f', {HEDGE}'}.")
    parts += texts if parts or not texts else ["{}: " + texts[0], *texts[1:]]
    if missing and not (phrases or texts):
        parts.append(f"I don't know the {join_and(missing)} of {{}}: this catalogue does not say.")
    return " ".join(parts)


def _listed(phrases: Sequence[str]) -> str:
    """Phrases of one attribute with their first word said once: "by Ada Stone and Ben Marsh"."""
    first = phrases[0].partition(" ")[0]
    if len(phrases) > 1 and all(phrase.startswith(f"{first} ") for phrase in phrases):
        return f"{first} {join_and([phrase.partition(' ')[2] for phrase in phrases])}"
    return join_and(phrases)


def _all_of(item: Item, catalog: Catalog) -> str:
    text = [str(item.attributes[n]) for n in catalog.schema.of_kind(Kind.TEXT) if n in item.attributes]
    other = [
        f"{attribute_in_words(name)}: {', '.join(map(str, display_values(value)))}"
        for name, value in item.attributes.items()
        if catalog.schema[name].kind not in {Kind.TEXT, *SHOWN_ONLY}
        and catalog.schema[name].provenance in STATED
    ]
    return f"{item.title}. {' '.join([*text, '; '.join(other)])}."
