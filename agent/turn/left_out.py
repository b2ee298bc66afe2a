"""Things turned down by words that are no value: items with them in title or texts are left out, which is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tastemaker.agent.memory.profile import TasteProfile
from tastemaker.retrieval.catalog.catalog import Catalog, Item, as_tags
from tastemaker.retrieval.catalog.schema import Kind, Provenance
from tastemaker.retrieval.text.food_groups import food_groups
from tastemaker.retrieval.text.joined import either
from tastemaker.retrieval.text.tokens import singular, tokens

MAX_SHARE = 0.9
"""Share of the catalogue from which a word says what all items are, and turns down none: "no jobs for now"."""


def leave_out(
    refused: Sequence[str], profile: TasteProfile, catalog: Catalog
) -> tuple[TasteProfile, tuple[str, ...]]:
    """The profile without the items that have what is turned down, and sentences that say what was done."""
    # Where facets say what items are about, what is avoided ranks by them, and a text may name what it is not.
    known = any(one.provenance is Provenance.INFERRED for one in catalog.schema.attributes)
    names = () if known else tuple(catalog.schema.of_kind(Kind.TEXT, Kind.TAGS, Kind.CATEGORY))
    left, done, unknown = list(profile.request.left_out), list[str](), list[str]()
    for phrase in refused:
        wanted = [singular(word) for word in tokens(phrase)]
        group = food_groups().get(wanted[0]) if len(wanted) == 1 else None
        ids = [
            item.id
            for item in catalog
            if any(_has(part, wanted) or (group and group.holds(part)) for part in _parts(item, names))
        ]
        if not ids:
            unknown.append(phrase)
        elif len(ids) <= MAX_SHARE * len(catalog):
            done.append(phrase)
            left += ids
    request = profile.request.model_copy(update={"left_out": tuple(dict.fromkeys(left))})
    return profile.with_request(request), tuple(_sentences(done, () if known else unknown))


def _parts(item: Item, names: Sequence[str]) -> Iterator[str]:
    yield item.title
    for name in names:
        yield from as_tags(item.attributes.get(name))


def _has(text: str, wanted: Sequence[str]) -> bool:
    small = text.casefold()
    if not all(word[:3] in small for word in wanted):
        return False
    held = set(tokens(text))
    return all(word in held for word in wanted)


def _sentences(done: Sequence[str], unknown: Sequence[str]) -> Iterator[str]:
    if done:
        yield f"I leave out what has {either([f'“{phrase}”' for phrase in done])} in its title or description."
    if unknown:
        yield f"Nothing here mentions {either([f'“{phrase}”' for phrase in unknown])}, so nothing is left out for that."
