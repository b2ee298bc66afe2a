"""Items by what people call them: an id, or a title as typed."""

from __future__ import annotations

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.text.whole_characters import whole_characters
from tastemaker.retrieval.titles.resolver import TitleResolver

LONGEST_NAME = 2_000


def find_item(name: str, catalog: Catalog, resolver: TitleResolver) -> str:
    """The id of the item that an id or a typed title names.

    Raises:
        QueryError: it is not in the catalogue (names what looks alike), or could be several.
    """
    if name in catalog:
        return name
    if len(name) > LONGEST_NAME:
        raise QueryError(
            f"a title of {len(name):,} characters ({name[:40]!r}...); at most {LONGEST_NAME:,} are read"
        )
    name = whole_characters(name)
    resolution = resolver.resolve(name)
    if resolution.status == "one" and not resolution.matches[0].flagged_year:
        return resolution.matches[0].id
    if resolution.status == "none":
        near = _join_list([match.title for match in resolution.near])
        raise QueryError(f"{name!r} is not in the catalogue" + (f"; did you mean {near}?" if near else ""))
    choices = _join_list([match.title for match in resolution.matches])
    raise QueryError(f"{name!r} is not exact; write one of: {choices}")


def _join_list(titles: list[str]) -> str:
    return " or ".join(part for part in (", ".join(titles[:-1]), titles[-1] if titles else "") if part)
