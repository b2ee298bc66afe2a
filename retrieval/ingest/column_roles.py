"""Which column is the item, the title, the user, the time, the rating: by its name and by what is in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.cells import is_missing
from tastemaker.retrieval.ingest.infer_schema import Column, words_of


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


ITEM_ID_NAMES = _names(
    """
    itemid id movieid parentasin asin sku productid articleid bookid isbn isbn13 ean gtin trackid songid
    albumid artistid gameid appid recipeid courseid jobid newsid item product article code key
    """
)
TITLE_NAMES = _names(
    """
    title name itemtitle itemname movietitle producttitle productname booktitle originaltitle primarytitle
    trackname songtitle songname gamename prodname appname jobtitle coursetitle headline app song track movie
    book game titel bezeichnung nombre titre produktname titulo nome titolo designation denominacion
    libelle intitule naam namn navn nazwa название 名称 タイトル 标题 商品名 書名 제목
    """
)
USER_NAMES = _names(
    """
    userid user customerid customer reviewerid memberid member accountid account visitorid visitor uid
    personid person clientid buyerid profileid steamid authorid username sessionid session
    """
)
TIME_NAMES = _names(
    """
    timestamp time datetime date ts ratedat createdat boughtat eventtime eventdate unixreviewtime
    reviewtime orderdate purchasedate when datum
    """
)
RATING_NAMES = _names(
    """
    rating score stars overall points grade value vote voted preference feedback reaction opinion sentiment
    """
)
USER_WORDS = frozenset(
    _names(
        """
        user customer reviewer member account visitor client buyer shopper listener reader player subscriber
        profile person candidate applicant patient student learner guest viewer voter kunde kundennr kunden
        nutzer benutzer cliente utilisateur usuario session
        """
    )
)
ID_WORDS = frozenset(
    "id ids nr no code key sku asin isbn ean gtin upc handle slug uri uuid artikelnr ref reference referenz nummer "
    "numero kennung codigo codice".split()
)
TIME_WORDS = frozenset("time date timestamp dat at ts when datum zeit fecha played created day".split())
RATING_WORDS = frozenset("rating score stars overall grade bewertung note".split())
OTHER_ROLES = frozenset(
    (*USER_NAMES, *TIME_NAMES, *RATING_NAMES, "quantity", "qty", "count", "amount", "price")
)
"""Names of a log's columns that say what else they are than the item."""
OTHERS_NAMES = frozenset(
    "author authors artist artists brand publisher host user company label category store file seller city "
    "director genre studio developer manufacturer vendor type group department section album language".split()
)
"""A "name" or "title" of one of these is not the item's."""


def plain_name(name: str) -> str:
    """A column's name as the lists above write it."""
    return re.sub(r"[\W_]", "", _unaccented(name).casefold())


def _unaccented(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def named_column(role: str, columns: Sequence[str], named: str | None, path: Path) -> Column | None:
    """The column that the overrides name for a role.

    Raises:
        DataError: it is not there.
    """
    if named is None:
        return None
    if named not in columns:
        found = ", ".join(columns)
        raise DataError(f"no column {named!r}, which the overrides name as {role}; found: {found}", path, 1)
    return Column(named, role, "named in the overrides")


def by_name(role: str, columns: Sequence[str], names: Sequence[str]) -> Column | None:
    """The column with the first of the usual names."""
    plain = {plain_name(column): column for column in reversed(columns)}
    name = next((name for name in names if name in plain), None)
    return None if name is None else Column(plain[name], role, "by its name")


def by_words(
    role: str, columns: Sequence[str], words: frozenset[str], but: frozenset[str] = frozenset()
) -> Column | None:
    """The first column with one of the words in its name."""
    for column in columns:
        held = set(words_of(column).split())
        if held & words and not held & but:
            return Column(column, role, "by its name")
    return None


def missing_role(role: str, columns: Sequence[str], path: Path, hint: str = "") -> DataError:
    """What to raise where no column plays a role that is needed."""
    section = "items" if role in ("id", "title") else "interactions"
    listed = ", ".join(columns)
    return DataError(
        f'no column looks like the {role}; found: {listed}; write {role} = "..." under [{section}] in an '
        f"overrides file{hint}",
        path,
        1,
    )


def item_id_column(columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> Column | None:
    """The id of a catalogue: a usual name whose values all differ, else a name that says id, likewise."""
    usual = [column for name in ITEM_ID_NAMES if (column := _called(name, names))]
    likely = [name for name in names if name not in usual and _says_id(name)]
    for name in (*usual, *likely):
        if _all_differ(columns[name]):
            others = [other for other in (*usual, *likely) if other != name and _all_differ(columns[other])]
            also = f" ({', '.join(others[:3])} would do as well)" if others else ""
            return Column(name, "id", f"by its name{also}")
    # With values twice it is still the id, and the second row is told to be wrong.
    first = next((name for name in usual if plain_name(name) != "id"), next(iter(usual), None))
    first = first or next((name for name in likely if _nearly_differ(columns[name])), None)
    return None if first is None else Column(first, "id", "by its name")


def title_column(
    columns: Mapping[str, Sequence[Any]], names: Sequence[str], read: Callable[[Sequence[Any]], bool]
) -> Column | None:
    """The title: a usual name, else one that ends in title or name, else the column whose words differ most.

    ``read`` says whether values are words.
    """
    if column := by_name("title", [name for name in names if read(columns[name])], TITLE_NAMES):
        return column
    for last in ("title", "titel", "name"):
        for name in names:
            words = words_of(name).split()
            if words[-1:] == [last] and not OTHERS_NAMES & set(words[:-1]) and read(columns[name]):
                return Column(name, "title", "by its name")
    best, score = None, 0.0
    for name in names:
        values = [value for value in columns[name] if not is_missing(value)]
        if not values or not read(values) or OTHERS_NAMES & set(words_of(name).split()) or _says_id(name):
            continue
        length = sum(len(str(value)) for value in values) / len(values)
        share = len(set(map(str, values))) / len(columns[name])
        if 3 <= length <= 80 and share > max(score, 0.8):
            best, score = name, share
    if best is None:
        return None
    doubt = (
        f"no column is called a title, {best!r} has the most different words; "
        'if it is another, write title = "..." under [items]'
    )
    return Column(best, "title", "its values differ most", doubt=doubt)


def user_column(names: Sequence[str]) -> Column | None:
    """The person of a log."""
    if column := by_name("user", names, USER_NAMES):
        return column
    likely = [name for name in names if USER_WORDS & set(words_of(name).split())]
    ids = [name for name in likely if _says_id(name)]
    return Column((ids or likely)[0], "user", "by its name") if likely else None


def log_item_column(
    columns: Mapping[str, Sequence[Any]], names: Sequence[str], known: Callable[[Any], bool]
) -> tuple[Column | None, float]:
    """The item of a log: the column whose values are in the catalogue, and the share of its rows that are.

    Of several, one whose values repeat before one that numbers the rows, then by name. A column that its name calls a
    rating, a time or a person is one only where no other holds an id: ratings of 1 to 5 are ids of many catalogues.
    """
    ranked: list[tuple[float, bool, int, str]] = []
    for name in names:
        values = [value for value in columns[name] if value is not None]
        if not values or isinstance(values[0], list | dict | bool):
            continue
        share = sum(map(known, values)) / len(values)
        numbers_rows = len(values) > 2 and len(set(map(str, values))) == len(values)
        ranked.append((round(share, 2), not numbers_rows, -_rank(name), name))
    if not ranked:
        return None, 0.0
    ranked = [one for one in ranked if one[0] and not _is_another_role(one[3])] or ranked
    best = max(ranked)
    good = [one for one in ranked if one[0] >= 0.9]
    if good:
        best = max(good, key=lambda one: (one[1], one[0] >= 0.99, one[2], one[0]))
    share, _, rank, name = best
    if share == 0.0:
        named = by_name("item", names, ITEM_ID_NAMES)
        return named, 0.0
    why = f"{share:.0%} of its values are ids of the catalogue" + (
        ", by its name" if -rank < len(ITEM_ID_NAMES) else ""
    )
    return Column(name, "item", why), share


def _is_another_role(name: str) -> bool:
    words = set(words_of(name).split())
    return plain_name(name) in OTHER_ROLES or bool(words & (USER_WORDS | RATING_WORDS))


def _rank(name: str) -> int:
    plain = plain_name(name)
    if plain in ITEM_ID_NAMES:
        return ITEM_ID_NAMES.index(plain) if plain != "id" else len(ITEM_ID_NAMES) - 1
    words = set(words_of(name).split())
    return len(ITEM_ID_NAMES) + (0 if words & ID_WORDS else 1) + (5 if words & USER_WORDS else 0)


def _called(plain: str, names: Sequence[str]) -> str | None:
    return next((name for name in names if plain_name(name) == plain), None)


def _says_id(name: str) -> bool:
    words = words_of(_unaccented(name)).split()
    return bool(ID_WORDS & set(words)) or plain_name(name).endswith(("id", "nr"))


def _all_differ(values: Sequence[Any]) -> bool:
    known = [str(value) for value in values if value is not None]
    return len(known) == len(values) and len(set(known)) == len(known)


def _nearly_differ(values: Sequence[Any]) -> bool:
    return len(set(map(str, values))) >= 0.9 * len(values)
