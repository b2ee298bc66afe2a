"""Which column is the item, the title, the user, the time, the rating: by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tastemaker.retrieval.errors import DataError
from tastemaker.retrieval.ingest.infer_schema import Column


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


ITEM_ID_NAMES = _names(
    """
    itemid id movieid asin parentasin sku productid articleid bookid isbn isbn13 ean gtin trackid songid
    albumid artistid gameid appid recipeid courseid jobid newsid item product article code key
    """
)
TITLE_NAMES = _names(
    """
    title name itemtitle itemname movietitle producttitle productname booktitle originaltitle trackname
    songtitle gamename headline label
    """
)
USER_NAMES = _names(
    """
    userid user customerid customer reviewerid memberid member accountid account visitorid visitor uid
    sessionid session person personid
    """
)
TIME_NAMES = _names(
    """
    timestamp time datetime date ts ratedat createdat boughtat eventtime eventdate unixreviewtime
    reviewtime orderdate purchasedate when
    """
)
RATING_NAMES = _names(
    """
    rating score stars overall points grade value
    """
)


def role_column(
    role: str,
    columns: Sequence[str],
    names: Sequence[str],
    named: str | None,
    path: Path,
    required: bool = True,
) -> Column | None:
    """The column that plays a role: the one named in the overrides, else the first likely name.

    Raises:
        DataError: the named one is not there, or none looks like it and one is required.
    """
    listed = ", ".join(columns)
    if named is not None:
        if named not in columns:
            raise DataError(
                f"no column {named!r}, which the overrides name as {role}; found: {listed}", path, 1
            )
        return Column(named, role, "named in the overrides")
    plain = {re.sub(r"[\W_]", "", column.casefold()): column for column in reversed(columns)}
    for name in names:
        if name in plain:
            return Column(plain[name], role, "by its name")
    if required:
        section = "items" if role in ("id", "title") else "interactions"
        raise DataError(
            f'no column looks like the {role}; found: {listed}; write {role} = "..." under [{section}] in an '
            "overrides file",
            path,
            1,
        )
    return None
