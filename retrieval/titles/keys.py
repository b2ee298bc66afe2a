"""Every spelling under which a title may be looked up, in little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from tastemaker.retrieval.text.normalise import TitleForms, without_article

FULL, BARE, ALIAS, ALIAS_BARE, HEAD, TAIL, NAME = STANDINGS = (1.0, 0.98, 0.97, 0.96, 0.93, 0.92, 0.9)
"""How well a form stands for a title: the title, without article, from the brackets, before or
behind the colon, and a single word before a colon."""

SHORT_TAIL = 2
"""Words behind the colon from which a single word before it is a name: "Borat", but not "Mission"."""

MIN_INITIALS = 4
_LEVELS = len(STANDINGS)
_LEVEL = {standing: level for level, standing in enumerate(STANDINGS)}


class TitleKeys:
    """Normalised spelling -> rows of the titles it stands for, and how well."""

    def __init__(self, forms: Iterable[TitleForms]) -> None:
        self._keys: dict[str, int | tuple[int, ...]] = {}
        for row, form in enumerate(forms):
            for key, standing in _standings(form):
                self._add(key, row, _LEVEL[standing])
        self._listed = list(self._keys)
        self._joined, self._order = self._sorted_hashes()
        self._initials = self._initials_of_series()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def rows(self, key: str) -> dict[int, float]:
        """Row -> standing of the titles that a spelling is for."""
        held = self._keys.get(key, ())
        codes = (held,) if isinstance(held, int) else held
        return {code // _LEVELS: STANDINGS[code % _LEVELS] for code in codes}

    def without_spaces(self, joined: str) -> Iterator[str]:
        """Spellings that are the same but for spaces."""
        wanted = hash(joined)
        for at in range(int(np.searchsorted(self._joined, wanted)), len(self._joined)):
            if self._joined[at] != wanted:
                return
            key = self._listed[self._order[at]]
            if key.replace(" ", "") == joined:
                yield key

    def series(self, initials: str) -> str | None:
        """The name of the one series with these initials: "lotr" -> "lord of the rings"."""
        return self._initials.get(initials)

    def _add(self, key: str, row: int, level: int) -> None:
        code, held = row * _LEVELS + level, self._keys.get(key)
        if held is None:
            self._keys[key] = code
            return
        codes = (held,) if isinstance(held, int) else held
        if codes[-1] // _LEVELS != row:  # the best standing of a row comes first
            self._keys[key] = (*codes, code)

    def _sorted_hashes(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        hashes = np.fromiter(
            (hash(key.replace(" ", "")) for key in self._listed), np.int64, len(self._listed)
        )
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order

    def _initials_of_series(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for key, codes in self._keys.items():
            if isinstance(codes, int) or key.count(" ") + 1 < MIN_INITIALS:
                continue
            if key == without_article(key) and sum(code % _LEVELS == _LEVEL[HEAD] for code in codes) > 1:
                initials = "".join(word[0] for word in key.split(" "))
                found[initials] = None if initials in found else key
        return found


def _standings(form: TitleForms) -> Iterator[tuple[str, float]]:
    yield form.full, FULL
    yield form.whole, FULL
    yield form.bare, BARE
    for alias in form.aliases:
        yield alias, ALIAS
        yield without_article(alias), ALIAS_BARE
    if form.spelled_out != form.full:
        yield form.spelled_out, ALIAS
    for standing, parts in ((HEAD, form.heads), (TAIL, form.tails)):
        for part in parts:
            # "Mission" alone does not mean "Mission: Impossible", but "2001" does "2001: A Space Odyssey".
            if " " in part or part.isdigit():
                yield part, standing
                yield without_article(part), standing
    for head in form.heads:
        if " " not in head and any(tail.count(" ") + 1 > SHORT_TAIL for tail in form.tails):
            yield head, NAME
