"""What the page says, in the language of whoever reads it; all translations are in ``strings.toml``.

The English words are the key, as in gettext: what has no translation stays English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "es", "fr")
_FILE = Path(__file__).parent / "strings.toml"
_now: ContextVar[str] = ContextVar("language", default=ENGLISH)


def t(words: str, /, **values: object) -> str:
    """The words in the language of the page that is drawn, with ``{names}`` filled in.

    >>> t("More like {title}", title="Heat")
    'More like Heat'
    """
    said = translations().get(words, {}).get(_now.get(), words)
    return said.format(**values) if values else said


@contextmanager
def language(code: str) -> Iterator[None]:
    """Draw everything in the block in a language of :data:`LANGUAGES`."""
    token = _now.set(code)
    try:
        yield
    finally:
        _now.reset(token)


@cache
def translations() -> Mapping[str, Mapping[str, str]]:
    """English words -> language -> words."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def preferred(accepted: str) -> str:
    """The language that a browser's ``Accept-Language`` asks for first among those that there are.

    >>> preferred("pt-BR,pt;q=0.9,de-AT;q=0.8,en;q=0.7"), preferred("")
    ('de', 'en')
    """
    asked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")):
        code, _, weight = part.partition(";q=")
        try:
            asked.append((-float(weight or 1), place, code.strip().partition("-")[0].casefold()))
        except ValueError:
            continue
    return next((code for _, _, code in sorted(asked) if code in LANGUAGES), ENGLISH)
