"""What happens in a story, by the catalogue's own words for it: "heist", "road trip", "courtroom"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker.retrieval.facets.phrase_trie import PhraseTrie
from tastemaker.retrieval.facets.words import SKIPPED, Word, keys_of

MIN_ITEMS_ONE_WORD = 3
"""Items that must have a topic of one word before it counts as one: rarer ones are words of any talk."""
MAX_VALUES = 60
"""Values that one phrase may stand for."""
_PLAIN = frozenset(
    "family friend friends life love man woman men women boy girl boys girls day night time world "
    "death music film game home "
    "house work dog money one two party new story happy short long fun good bad old young big "
    "school car children parent "
    "class book office western romance comedy horror thriller musical drama adventure action crime fantasy mystery "
    "documentary animation con train flight".split()
)
"""Words too common in any talk to mean a topic on their own, and genres, which are another attribute."""
_ALSO = {
    "whodunnit": "murder mystery",
    "whodunit": "murder mystery",
    "coming-of-age": "coming of age",
    "road movie": "road trip",
    "prison break": "prison escape",
    "jailbreak": "prison escape",
    "robbery": "heist",
    "bank robbery": "heist",
    "courtroom drama": "courtroom",
    "trial": "courtroom",
    "trials": "courtroom",
    "twist ending": "twist ending",
    "big twist": "twist ending",
    "huge twist": "twist ending",
    "twist": "twist ending",
    "plot twist": "twist ending",
    "huge twits": "twist ending",
    "twist at the end": "twist ending",
    "spies": "spy",
    "espionage": "spy",
    "secret agent": "spy",
    "mafia": "mafia",
    "mob": "mafia",
    "gangster": "gangsters",
    "impostor": "impostor",
    "imposter": "impostor",
    "con man": "con",
    "con artist": "con",
    "cross dressing": "cross-dressing",
    "man dressed as a woman": "cross-dressing",
    "drag": "cross-dressing",
    "murder mysteries": "murder mystery",
    "detective story": "police investigation",
    "dance": "dancing",
    "cooking": "food",
    "restaurant": "food",
    "sports": "sports",
    "sport": "sports",
    "vampires": "vampire",
    "ghosts": "ghost",
    "ghost story": "ghost",
    "aliens": "alien",
    "shipwreck": "shipwreck",
    "desert island": "shipwreck",
    "war": "war",
    "office life": "office",
    "bosses": "office",
    "on a train": "train",
    "guerra": "war",
    "guerre": "war",
    "krieg": "war",
    "tribunali": "courtroom",
    "juicios": "courtroom",
    "proces": "courtroom",
    "vampiros": "vampire",
    "vampiri": "vampire",
    "vampir": "vampire",
    "fantasmas": "ghost",
    "danse": "dancing",
    "baile": "dancing",
    "tanz": "dancing",
    "nourriture": "food",
    "comida": "food",
    "essen": "food",
    "cuisine": "food",
    "esporte": "sports",
    "deporte": "sports",
    "cibo": "food",
}
"""Other words for common topics; they count only where the catalogue has the topic."""


_PERSONS = frozenset("i we my he she they im ive were id ill weve hes shes theyre".split())
_WISHES = frozenset(
    "want need like love fancy prefer enjoy look looking show give recommend suggest find about with where which film "
    "story stories one something anything set no not without hate avoid watch see any some mood "
    "if on in of and or more real like senza pas e kein sin un una eine".split()
)


SHORT = 3
"""A message of so few words is all wish."""


class Topics:
    """Topics of a catalogue.

    Args:
        counts: how many items have each value of the topic attribute.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        keys = {value: keys_of(value) for value in counts}
        runs: dict[tuple[str, ...], list[str]] = {}
        for value, parts in keys.items():
            for size in range(1, len(parts) + 1):
                for at in range(len(parts) - size + 1):
                    runs.setdefault(parts[at : at + size], []).append(value)
        phrases: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        for run in dict.fromkeys(keys.values()):
            common = sum(counts[value] for value in runs[run]) >= MIN_ITEMS_ONE_WORD
            if run and (len(run) > 1 or (common and run[0] not in _PLAIN)) and not set(run) <= SKIPPED:
                phrases.append((run, tuple(runs[run][:MAX_VALUES])))
        for said, topic in _ALSO.items():
            if (topic_keys := keys_of(topic)) in runs:
                phrases.append((keys_of(said), tuple(runs[topic_keys][:MAX_VALUES])))
        self._trie: PhraseTrie[tuple[str, ...]] = PhraseTrie(phrases)
        self.vocabulary = self._trie.vocabulary

    def named(self, words: Sequence[Word]) -> list[tuple[int, int, tuple[str, ...]]]:
        """First word, word behind the last, and the values that each topic in a message stands for."""
        found = []
        for first, behind, meanings in self._trie.all(words):
            if words[first].text not in SKIPPED and _is_asked(words, first, behind):
                values = tuple(dict.fromkeys(value for meaning in meanings for value in meaning))
                found.append((first, behind, values))
        return found


def _is_asked(words: Sequence[Word], first: int, behind: int) -> bool:
    """Whether a topic is asked for: of one word, it must stand where a topic stands, not anywhere in a sentence."""
    if _of_oneself(words, first):
        return False
    if behind - first > 1 or first == 0 or len(words) <= SHORT:
        return True
    parted = words[first].start - words[first - 1].end > 1  # an article or punctuation stands between
    return parted or words[first - 1].key in _WISHES or (behind < len(words) and words[behind].key in _WISHES)


def _of_oneself(words: Sequence[Word], first: int) -> bool:
    """Whether a word is said of the people themselves: "my nephew plays football", not "I want football"."""
    at = first
    while at > 0 and words[at].start - words[at - 1].end <= 1:
        at -= 1
        if words[at].key in _WISHES:
            return False
        if words[at].key in _PERSONS:
            return True
    return False
