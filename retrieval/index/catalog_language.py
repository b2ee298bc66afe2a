"""Which language a catalogue is in, by the words of its texts."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Kind
from tastemaker.retrieval.text.languages import ENGLISH, detect_language

SAMPLE = 60
"""Items that are looked at."""
SHARE = 0.3
"""Of the items, how many must be in another language than English: titles alone tell little."""
MAX_LETTERS = 400


@lru_cache(maxsize=16)
def catalog_language(catalog: Catalog) -> str:
    """The language of most texts, as "en", "de", ...; English where none is sure."""
    step = max(1, len(catalog) // SAMPLE)
    named = list(catalog.schema.of_kind(Kind.TEXT, Kind.CATEGORY, Kind.TAGS))
    found = Counter[str]()
    for row in range(0, len(catalog), step):
        item = catalog.at(row)
        texts = [item.title, *(str(item.attributes[name]) for name in named if name in item.attributes)]
        found[detect_language(" ".join(texts)[:MAX_LETTERS])] += 1
    english = found.pop(ENGLISH, 0)
    language, count = found.most_common(1)[0] if found else (ENGLISH, 0)
    return language if count >= SHARE * (english + found.total()) else ENGLISH
