"""Languages and countries: codes, English names and their own names are one value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache

MOST = 0.9
"""Share of a column's different values that must be known."""
_LANGUAGE = re.compile(r"lang(?:uage)?s?|sprachen?|langues?|idiomas?|lingua|言語|语言", re.IGNORECASE)
_LAND = re.compile(
    r"countr(?:y|ies)|nation(?:ality)?|land|länder|pays|país(?:es)?|origin|territory", re.IGNORECASE
)


def one_spelling(name: str, values: Iterable[str]) -> dict[str, str]:
    """Value -> the spelling that a column of languages or countries uses for it; empty where nothing changes.

    Codes become English names; names stay as they are, unless two of them are the same language or country.

    >>> one_spelling("language", ["en", "English", "de"])
    {'en': 'English', 'de': 'German'}
    >>> one_spelling("language", ["中文", "日本語"]), one_spelling("size", ["de", "en"])
    ({}, {})
    """
    words = re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    if any(_LANGUAGE.fullmatch(word) for word in words):
        known, codes = _languages(), _language_codes()
    elif any(_LAND.fullmatch(word) for word in words):
        known, codes = _lands(), _land_codes()
    else:
        return {}
    different = list(dict.fromkeys(values))
    meant = {value: known[key] for value in different if (key := _key(value)) in known}
    if len(meant) < MOST * len(different):
        return {}
    twice = len(set(meant.values())) < len(meant)
    coded = any(_key(value) in codes for value in meant)
    if not (twice or coded):
        return {}
    return {value: english for value, english in meant.items() if value != english}


def _key(value: str) -> str:
    key = value.strip().casefold().replace("_", "-")
    return (
        key
        if key in _languages() or key in _lands()
        else key.partition("-")[0]
        if re.fullmatch(r"[a-z]{2}-[a-z]{2}", key)
        else key
    )


@cache
def _language_codes() -> frozenset[str]:
    import pycountry

    return frozenset(
        code.casefold()
        for one in pycountry.languages
        for code in (
            getattr(one, "alpha_2", ""),
            getattr(one, "alpha_3", ""),
            getattr(one, "bibliographic", ""),
        )
        if code and hasattr(one, "alpha_2")
    )


@cache
def _languages() -> Mapping[str, str]:
    import pycountry
    from babel import Locale, UnknownLocaleError

    known: dict[str, str] = {}
    english = Locale("en").languages
    for one in pycountry.languages:
        if not hasattr(one, "alpha_2"):
            continue
        name = english.get(one.alpha_2, one.name)
        own = [one.alpha_2, one.alpha_3, getattr(one, "bibliographic", ""), one.name, name]
        with suppress(UnknownLocaleError):
            own.append(Locale(one.alpha_2).get_language_name() or "")
        known |= {part.casefold(): name for part in own if part and part.casefold() not in known}
    for land in ("de", "fr", "es", "it", "pt", "nl"):
        for code, name in Locale(land).languages.items():
            if code in english and len(code) == 2:
                known.setdefault(name.casefold(), english[code])
    return known


@cache
def _land_codes() -> frozenset[str]:
    import pycountry

    return frozenset(code.casefold() for one in pycountry.countries for code in (one.alpha_2, one.alpha_3))


@cache
def _lands() -> Mapping[str, str]:
    import pycountry
    from babel import Locale

    english = Locale("en").territories
    known: dict[str, str] = {}
    for one in pycountry.countries:
        name = english.get(one.alpha_2, one.name)
        own = (
            one.alpha_2,
            one.alpha_3,
            one.name,
            name,
            getattr(one, "common_name", ""),
            getattr(one, "official_name", ""),
        )
        known |= {part.casefold(): name for part in own if part and part.casefold() not in known}
    for land in ("de", "fr", "es", "it", "pt", "nl", "ja", "zh"):
        for code, local in Locale(land).territories.items():
            if code in english and len(code) == 2:
                known.setdefault(local.casefold(), english[code])
    extra = {
        "usa": "US",
        "u.s.a.": "US",
        "u.s.": "US",
        "uk": "GB",
        "u.k.": "GB",
        "england": "GB",
        "uae": "AE",
    }
    return known | {part: english[code] for part, code in extra.items()}
