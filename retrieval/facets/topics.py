"""What happens in a story, by the catalogue's own words for it: "heist", "road trip", "courtroom"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from tastemaker.retrieval.facets.phrase_trie import PhraseTrie
from tastemaker.retrieval.facets.words import SKIPPED, Word, key_of, keys_of
from tastemaker.retrieval.text.common_words import is_everyday

MIN_ITEMS_ONE_WORD = 3
"""Items that must have a topic of one word before it counts as one: rarer ones are words of any talk."""
MIN_ITEMS_OPENING = 4
"""Items whose topics open with a word that counts before a kind of work alone: a "political thriller"."""
MIN_ITEMS_OWN = 2
"""Of these, items whose topic is the word alone: "hero" is part of many topics and itself hardly one."""
MAX_VALUES = 60
"""Values that one phrase may stand for."""
_PLAIN = frozenset(
    "family friend friends life love man woman men women boy girl boys girls day night time world "
    "film cinema actor actors actress character ending game home "
    "house work one two party new story happy short long fun good bad old young big "
    "car children parent "
    "older younger newer "
    "class book office western romance comedy horror thriller musical drama adventure action crime fantasy mystery "
    "documentary animation con train flight three four five six seven eight nine ten first second third fourth "
    "fifth last next other same".split()
)
"""Words too common in any talk to mean a topic on their own, and genres, which are another attribute."""
_NAMED_ONLY = frozenset(map(key_of, "dog animal school music money death song".split()))
"""Words that are a topic only where they are named as what a story is about: "about dogs", "a school film"."""
_HARDLY_WORDS = frozenset(
    map(key_of, "has been last day first time long way up down out on off again".split())
)
"""Topics of such words alone are words of any talk: "what a day it has been", "the last day of term"."""
_OTHER_WORDS = {
    "murder mystery": "whodunnit; whodunit; murder mysteries",
    "coming of age": "coming-of-age",
    "road trip": "road movie",
    "prison escape": "prison break; jailbreak",
    "heist": "robbery; bank robbery",
    "courtroom": "courtroom drama; trial; trials; tribunali; juicios; proces",
    "twist ending": "twist ending; big twist; huge twist; twist; plot twist; huge twits; twist at the end",
    "aviation": "planes; aeroplanes; airplanes; aircraft; flying",
    "spy": "spies; espionage; secret agent",
    "mafia": "mafia; mob",
    "gangsters": "gangster",
    "impostor": "impostor; imposter",
    "con": "con man; con artist",
    "cross-dressing": "cross dressing; man dressed as a woman; in drag; drag queen; drag queens",
    "police investigation": "detective story",
    "dancing": "dance; danse; baile; tanz",
    "food": "cooking; restaurant; nourriture; comida; essen; cuisine; cibo",
    "sports": "sports; sport; esporte; deporte",
    "vampire": "vampires; vampiros; vampiri; vampir",
    "ghost": "ghosts; ghost story; fantasmas",
    "alien": "aliens",
    "shipwreck": "shipwreck; desert island",
    "war": "war; guerra; guerre; krieg",
    "world war ii": "ww2; wwii; ww 2; ww ii; world war 2; world war two; second world war; segunda guerra mundial; "
    "seconde guerre mondiale; zweiter weltkrieg; zweiten weltkrieg; seconda guerra mondiale",
    "world war i": "ww1; wwi; world war 1; world war one; first world war; the great war",
    "office": "office life; bosses",
    "train": "on a train",
    "father and daughter": "father daughter; dad and daughter; dads and daughters; fathers and daughters; "
    "daughter and father",
    "mother and daughter": "mother daughter; mum and daughter; mums and daughters; mothers and daughters",
    "father and son": "father son; dad and son; dads and sons; fathers and sons; son and father",
    "mother and son": "mother son; mum and son; mothers and sons",
}
_ALSO = {phrase: topic for topic, phrases in _OTHER_WORDS.items() for phrase in phrases.split("; ")}
"""Other words for common topics; they count only where the catalogue has the topic."""
_ONLY_SO = frozenset({("mob",), keys_of("love story")})
"""Words that as parts of other topics mean something else, or that levels tell better than a tag that few have."""


_LEADS = ("about", "deal with", "dealing with")
_PERSONS = frozenset("i we my he she they im ive were id ill weve hes shes theyre".split())
_WISHES = frozenset(
    "want need like love fancy prefer enjoy into look looking show give recommend suggest find about with where "
    "which "
    "film story stories one something anything set no not without hate avoid watch see any some mood "
    "if on in of and or more real like doing studying teaching learning senza pas e kein sin un una eine".split()
)


_TELLING = _PERSONS | frozenset(
    "my who what how why when play plays played is are was were made did does".split()
)
"""Words by which something is told or asked: "who plays the killer", "are you a robot"."""
_ABOUT = frozenset(map(key_of, "about on with of involving featuring".split()))
_STORIES = frozenset(map(key_of, "film story drama comedy thriller one stuff theme".split()))
_OF_OTHERS = frozenset({"loves", "likes", "enjoys"})
"""What somebody else is fond of is no wish yet: "my nephew loves football", but "she loves football films"."""
_SAYS_OF_IT = frozenset("is was says said are were has had looks starts started went came rang broke".split())
"""Behind the first word: a sentence about it follows."""
NEAR = 3
"""Words between a wish and the topic, at most."""
LONGEST_ARTICLE = 5
"""Letters between two words where an article was left out (" the ")."""
MIN_DOING = 6
"""Letters of a word in -ing that somebody does: "boxing", and not "king"."""
SHORT = 3
"""A message of so few words is all wish."""


class Topics:
    """Topics of a catalogue.

    Args:
        counts: how many items have each value of the topic attribute.
        not_alone: words that alone are no topic: where something is from belongs to what follows ("about French wine").
    """

    def __init__(self, counts: Mapping[str, int], not_alone: Collection[str] = ()) -> None:
        self._not_alone = frozenset(not_alone)
        keys = {value: keys_of(value) for value in counts}
        runs: dict[tuple[str, ...], list[str]] = {}
        for value, parts in keys.items():
            for size in range(1, len(parts) + 1):
                for at in range(len(parts) - size + 1):
                    runs.setdefault(parts[at : at + size], []).append(value)
        for word, doing in _trades(run[0] for run in list(runs) if len(run) == 1):
            runs[word,] = [*dict.fromkeys((*runs.get((word,), ()), *runs[doing,]))]
            keys.setdefault(word, (word,))
        phrases: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        for run in dict.fromkeys(keys.values()):
            if run in _ONLY_SO:  # "the mob" is the Mafia and no lynch mob
                continue
            own = sum(counts[value] for value in runs[run] if keys[value] == run)
            common = own >= MIN_ITEMS_OWN and sum(counts[v] for v in runs[run]) >= MIN_ITEMS_ONE_WORD
            if (
                not run
                or set(run) <= SKIPPED | _PERSONS
                or all(part.isdecimal() or part in _HARDLY_WORDS for part in run)
                or (len(run) == 1 and run[0] in self._not_alone)
                or (len(run) == 1 and run[0] in _PLAIN)
            ):
                continue
            if len(run) > 1 or common:
                phrases.append((run, tuple(runs[run][:MAX_VALUES])))
            else:  # a rarer word counts only where it is named as what the story is about
                phrases += [((*lead, *run), tuple(runs[run][:MAX_VALUES])) for lead in map(keys_of, _LEADS)]
        for run, values in runs.items():
            opening = [value for value in values if keys[value][: len(run)] == run]
            if (
                len(run) == 1
                and run[0] not in _PLAIN | _PERSONS | self._not_alone
                and sum(counts[v] for v in opening) >= MIN_ITEMS_OPENING
            ):
                phrases += [((*run, work), tuple(opening[:MAX_VALUES])) for work in _STORIES]
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


def _trades(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Who does what a topic names, for the words a catalogue has for doing it.

    >>> list(_trades(["boxing", "king", "heist"]))
    [('boxer', 'boxing')]
    """
    for word in words:
        if word.endswith("ing") and len(word) >= MIN_DOING:
            yield f"{word.removesuffix('ing')}er", word


def _is_asked(words: Sequence[Word], first: int, behind: int) -> bool:
    """Whether a topic is asked for: of one word, it must stand where a topic stands, not anywhere in a sentence."""
    if _of_oneself(words, first):
        return False
    if behind - first == 1 and (is_everyday(words[first].text) or words[first].key in _NAMED_ONLY):
        return _is_named_topic(words, first, behind)
    if behind - first > 1 or len(words) <= SHORT:
        return True
    if first == 0:  # "doctor says I should walk more" speaks of no film
        return behind == len(words) or words[behind].text not in _SAYS_OF_IT
    if behind < len(words) and words[behind].key in _WISHES:
        return True
    return _follows_wish(words, first)


def _is_named_topic(words: Sequence[Word], first: int, behind: int) -> bool:
    """Whether a word of any talk ("hero", "hell") is named as what a story is about: "about heroes", "war films"."""
    if len(words) == 1 or (behind < len(words) and words[behind].key in _STORIES):
        return True
    return any(word.key in _ABOUT for word in words[max(0, first - 2) : first])


def _follows_wish(words: Sequence[Word], first: int) -> bool:
    """Whether a wish, or the start of a clause, stands shortly before a word: "I'd like a good heist"."""
    for at in range(first - 1, max(-1, first - 1 - NEAR), -1):
        if words[at].key in _WISHES:
            return True
        if words[at].key in _TELLING:
            return False
        if words[at + 1].start - words[at].end > LONGEST_ARTICLE:  # punctuation, or a name left out
            return True
    return first <= NEAR


def _of_oneself(words: Sequence[Word], first: int) -> bool:
    """Whether a word is said of the people themselves: "my nephew plays football", not "I want football"."""
    at = first
    while at > 0 and words[at].start - words[at - 1].end <= 1:
        at -= 1
        if words[at].text in _OF_OTHERS and words[first + 1 : first + 2] and words[first + 1].key in _STORIES:
            return False
        if words[at].text in _OF_OTHERS:
            return True
        if words[at].key in _WISHES:
            return False
        if words[at].key in _PERSONS:
            return True
    return False
