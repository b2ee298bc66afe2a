"""What of a message is denied, tolerated or said softly: cues, and how far they reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tastemaker.retrieval.facets.phrase_trie import PhraseTrie
from tastemaker.retrieval.facets.words import Word, keys_of

REACH = 6
"""Words between a denial and what it denies, at most."""


class Cue(StrEnum):
    """What a cue does to what stands near it."""

    DENY = "deny"
    SOFT_DENY = "soft deny"
    TOLERATE = "tolerate"
    SOFTEN = "soften"


_CUES: dict[Cue, str] = {
    Cue.DENY: """remove; drop; exclude; filter out; take out; get rid of; kick out; throw out;;
        not give me; dont give me; not show me; dont show me;
        no; not; nor; never; without; nothing; none; none of; neither; non; dont want; dont like;
    dont need; dont do; dont fancy;;
        dont have; dont; isnt; wont; shouldnt; mustnt; must not; should not; cant stand; cant bear;
        cant take; cant handle; cant do; cant;;
        havent; hate; hates; hated; dislike; avoid; avoiding; skip; skip the; skipping; except; minus;
        sick of; tired of; fed up with; bored of; bored with; had enough of; enough of;;
        no more; less; fewer; instead of; rather than; other than; anything but; everything but; free of;
        free from; allergic to; anti; zero; rather not have; rather not; would rather not;;
        refuse; refuses; refuses to; refuse to; could do without; do without; leave out; lay off;
        hold the; not in the mood for; keep away from; stay away from; steer clear of; spare me; out with;
        scared of; afraid of; put off by;;
        enough with; ban; banned; absolutely no; definitely no; definitely not; certainly not;
        absolutely not; nada de; sin; sans; ohne; senza; sem; pas de; pas; nicht; kein; keine; keinen;
        keiner; nao; ni; kein bisschen; niente; nulla; ningun; ninguna; rien de; bitte nicht; mai;;
        get off; far from; the opposite of; opposite of; hardly any; barely any; little; as little;
        minimum of; minimal; low on; not a; unlike; not into; not keen on; not a fan of; no fan of;
        not my thing; can live without; hates; loathe; despise; detest;;
    have thing about; terrified of; frightened of; petrified of; phobia of; phobia about; phobic about; has fear of;
    my fear of;
    cant look at; cant watch; cant abide; cant cope with; cant deal with; cant be doing with; cant have; wont watch;
    wont have; turned off by; bored by; bored stiff by; bored to tears by; upset by; triggered by; done with;
    through with; had it with; had my fill of; ditch; scrap; veto; vetoed; vetoes; pass on; no room for; no place for;
    no need for; no appetite for; no patience for; no patience with; no time for; no interest in; not interested in;
    not fussed on; object to; objects to; struggle with; struggles with; trouble with; has problem with;
    flinch at; recoil from; draw line at; draws line at; apart from; aside from; excluding; barring;
    please not; not another; not some; not any; not one of; not yet another; no one with;
    leaves room if there; leaves room when; leave room when; leave room if there; leaves room at; leaves if there;
    walks out if there; walk out if there; walks out at; walks out when; switch off if there; switches off when;
    turn it off if there; turns it off if there; allergy to; averse to; had enough; up to here with; weary of;
    sworn off; swore off; stay clear of; wary of; shy away from; lay off of; go without; nix; minus any; devoid of;
    empty of; clear of; never any; not so much of; as far from; nowhere near; hold off on; cut out; cut""",
    Cue.SOFT_DENY: """not too; not very; not so; nothing too; nothing very; nothing overly; isnt too;
    not overly; not particularly; not super; not all that; not that; not terribly; not excessively; too;
    too much; too many; overly; not exactly; without too much; less of; no ma; nicht zu; pas trop;
    non troppo; no muy; no demasiado; nicht so; nicht ganz so;
    niet te; niet zo; pas si; no tan; non cosi; nao muito; nao tao; not too much;
    without being too; without being; not really; not quite so""",
    Cue.TOLERATE: """dont mind; dont mind if; wouldnt mind; dont care if; dont care about;
    doesnt matter if; dont bother me; ok with; okay with; fine with; happy with; cool with;
    not fussed about; open to; no problem with; not bothered by; used to; whether or not; even if;
    no objection to; not against; forget; forget about; forget what i said about; not fussy about;
    i can handle; can handle; can take; can stand; can cope with; can live with; can put up with; can bear; can stomach;
    can deal with; dont have to; doesnt need to; neednt; dont need to be; dont object to; wouldnt object to;
    no issue with; alright with; all right with; indifferent to; no worries about; unbothered by; can be; may be""",
    Cue.SOFTEN: """maybe; perhaps; ideally; preferably; possibly; if possible; would be nice;
    would be good; would be great; bonus; bonus point; might; could be; not necessarily; or something;
    a plus; bonus if; wouldnt hurt; if you can; if you have; prefer; quiza; quizas; peut etre; vielleicht;
    forse; talvez; plutot; i guess; i suppose""",
}

_AFTER = re.compile(
    r"^(?:(?:\s+\w+){0,3}?\s+(?:is|are|would be|s)\s+(?:(?:perfectly|totally|absolutely|all|quite|"
    r"also|just)\s+)?(?:fine|ok|okay|alright|all right|no problem|not a problem|acceptable|cool|"
    r"allowed)\b"
    r"|(?:\s+\w+){0,2}?\s+(?:doesn'?t|don'?t|won'?t) (?:bother|matter|put me off|faze)\b|"
    r"\s*(?:,\s*)?(?:either way|or not)\b|(?:\s+\w+){0,2}?\s+welcome\b)"
)
"""Behind a phrase: it is allowed, not asked for."""
_WHOM = r"(?:me|us|him|her|them|you|people|(?:my|our) \w+|i|we)"
_DENIED_AFTER = re.compile(
    r"^(?:\s*\??\s+(?:is|are|would be)\s+(?:(?:my|our|the) (?:very )?last (?:choice|resort|thing)\b|"
    r"not (?:for (?:me|us)|my thing|my cup of tea|our thing|wanted|"
    r"allowed|what)|a no(?:-| )?(?:go|no)?\b|out\b|off the table|banned|too much for)"
    r"|\s+(?:isn'?t|aren'?t)\s+(?:for (?:me|us)|my|our|what|really my|allowed)|\s+puts? (?:me|us|her|"
    r"him) off|\s+(?:bores?|annoys?|irritates?|upsets?|scares?|bothers?) (?:me|us|her|him|them)\b"
    r"|\s+(?:bores?|annoys?|irritates?|upsets?|scares?|bothers?|puts? off|disturbs?) (?:my|our|the) \w+"
    rf"|\s+leaves? {_WHOM} (?:cold|flat|unmoved|indifferent|bored|yawning)\b|\s+puts? (?:my|our) \w+ off"
    rf"|\s+drives? {_WHOM} (?:up the wall|mad|crazy|nuts|insane|round the bend|bananas|bonkers|potty|to drink)"
    r"|\s+gets? on (?:my|our|his|her|their) (?:nerves|wick|tits)|\s+(?:does?|do) (?:my|our|his|her) head in"
    rf"|\s+turns? {_WHOM} off|\s+makes? {_WHOM} (?:too |really |very |so )?(?:sick|ill|anxious|queasy|"
    rf"uncomfortable|cringe|yawn|sleepy|"
    r"angry|feel (?:ill|sick)|squirm|nervous|itch|nauseous|panic|switch off|want to leave)\b"
    rf"|\s+(?:does|do) nothing for {_WHOM}|\s+(?:doesn'?t|don'?t|do not|does not) (?:do it|work|do anything|"
    rf"do much|appeal)\b"
    r"|\s+(?:can|could) (?:stay out|go away|go$|wait|stay away|stay where|take a hike|get lost|jump)"
    r"|\s+need not apply|\s*[,:;.-]+\s*(?:skip|avoid|no|leave|drop|ditch|forget|ban|not) (?:those|these|that|"
    r"them|thanks|any of)\b"
    r"|\s+(?:is|are)\s+(?:just |simply |always |really |such |definitely |absolutely )*(?:a |"
    r"an )?(?:turn[- ]?off|deal[- ]?breaker|"
    r"hard (?:no|pass)|not (?:on|okay|ok|acceptable|happening|my|our|welcome)|forbidden|unbearable|unwatchable|"
    r"insufferable|"
    r"overrated|bore\b|the worst|my (?:idea of hell|nightmare|pet hate)|beyond me|beneath me|excluded|no good|"
    r"of no interest)"
    r"|,?\s+(?:i|we|she|he|they) (?:really |simply |just |absolutely )?(?:can'?t|cannot|couldn'?t|"
    r"can not) (?:stand|bear|abide|take|do|"
    r"watch|stomach|handle|cope with)(?: (?:it|them|that|those))?\s*(?:$|[.,!;])"
    rf"|\s+sends? {_WHOM} (?:to sleep|running|packing)|\s+never again|\s+(?:was|were) a mistake"
    r"|,?\s+(?:but )?(?:isn'?t|aren'?t|is not|are not|does|do|not so much|less so)\s*(?:$|[.,!;])"
    rf"|\s+(?:is|are) what {_WHOM} (?:hates?|dislikes?|avoids?)|\s+(?:i|we) (?:can|could) (?:do|live) without"
    r"|\s*[?!]+\s*(?:no|nope|nah|never|absolutely not|definitely not|certainly not|not (?:for|in|on|today|"
    r"tonight|ever|"
    r"again|really|a chance|my)|hard pass|pass|ugh|yuck|god no|please no|skip|count me out|spare me|thanks but)\b"
    r"|\s*\?\s*no(?:pe)?\b|[\s-]free\b|\s+(?:kept )?to a minimum|\s+needs? not|\s+not (?:needed|"
    r"wanted|welcome|allowed)|\s*[:,-]?\s*no (?:thanks|thank you|way))"
)
"""Behind a phrase: it is not wanted."""

_RULED_OUT = re.compile(
    r"\b(?:anything|everything|whatever|stuff|films?|movies?|something|things) (?:that|which|with|where|over|"
    r"longer|involving|"
    r"about|featuring|in|too|set|made|from|by|containing|remotely|even|"
    r"starring)\b(?P<what>[^.!?;\n]{0,60}?)\s?(?:is|are|'s) "
    r"(?:just |simply |really |right |definitely |always |a |an )*(?:out\b(?! (?:in|now|there|on))|no[- ]?no\b|"
    r"no-?go\b|no\b|off the table|banned|no good|not for (?:me|us)|too much|turn[- ]?off|"
    r"deal[- ]?breaker|excluded|forbidden|hard (?:no|pass)|unbearable|waste of)"
    r"|\b(?:if|when) (?:the |a |an |any |there's |there is |it's |it has |"
    r"it gets )?(?P<leaves>[^.!?;\n,]{2,40}?),? (?:then )?"
    r"(?:i'?m|i am|we'?re|she'?s|he'?s|i'?ll|we'?ll|i|she|he) (?:leaving|out\b|off\b|walking out|switching off|"
    r"gone|leave|leaves|walk out|"
    r"walks out|turn it off|turns it off|switch off|switches off|hide|hides|run|look away|looks away)"
    r"|\b(?:anything|everything|films?|movies?|stuff) (?:with|about|involving|featuring|set in|"
    r"where)\b(?P<harms>[^.!?;\n]{2,40}?) (?:gives? "
    r"(?:me|her|him|us|them|my \w+) (?:nightmares|the creeps|a headache|headaches|the ick|anxiety)|makes? (?:me|"
    r"her|him|us|them|my \w+) "
    r"(?:ill|sick|anxious|queasy|uncomfortable|yawn|nervous)|upsets? |bores? |puts? (?:me|her|him|us) (?:off|"
    r"to sleep)|sends? (?:me|her|him|us) to sleep)"
)
"""Something ruled out at the end of the clause: "anything with subtitles is out"."""
_ONLY_FOR_OTHERS = re.compile(
    r"^\s+for (?:(?:my|our|the|some|most|many|other) \w+|him|her|them|others|everyone else)\s*[,;]?\s*(?:but |and )?"
    r"(?:perfect|just right|fine|great|ideal|not|right|spot on) for (?:me|us)\b"
)
"""Behind "too disturbing": "for my partner, perfect for me" asks for it."""
_IN_A_LIST = re.compile(r"\s*(?:,|,?\s*(?:and|or|&|nor))\s*(?:the |any |all )?")
_STOP = re.compile(r"[.!?;\n]|[-–—]\s|\s[-–—]|:(?=\s)")
_COMMA = re.compile(r"[,/()]")
_ENDS = frozenset(
    "but although however though instead something want wanting prefer give show looking just only "
    "yet still because since so when if while "
    "pero sondern mais aber ma mas besser lieber plutot mejor then "
    "ideally please preferably maybe with anything".split()
)
"""Words that end what a denial reaches."""
_OPENS = frozenset({"with", "so", "anything", "about"})
_DENIALS = frozenset("no not without nothing never dont cant wont isnt zero sin sans ohne senza sem".split())
_JOINS = frozenset("and or nor & y e et und o ou oder".split())
_SUBJECTS = frozenset("i im ive we were shes hes theyre my".split())
"""Words that begin another clause, which no list goes on in: "no blood im a wuss"."""
_LIST_JOINS = frozenset("or nor o ou oder ni neither".split())


@dataclass(frozen=True)
class Sign:
    """One cue in a message.

    Attributes:
        cue: what it does.
        first: its first word.
        behind: the word behind its last.
    """

    cue: Cue
    first: int
    behind: int


_TRIE: PhraseTrie[Cue] = PhraseTrie(
    (keys_of(phrase), cue) for cue, phrases in _CUES.items() for phrase in phrases.split(";")
)
CUE_WORDS = _TRIE.vocabulary
"""Words of cues, which are none that are misspelt: "remove" is no "remote"."""
MAX_BEFORE_SEEN = 5
"""Words between "never" and what was never done, with it: "never in my life seen"."""
_NOT_YET = frozenset({"never", "havent"})
_SEEN = frozenset({"seen", "saw", "watched", "tried", "heard", "read"})
_NOT_ONLY = frozenset({"only", "just", "necessarily", "sure", "much"})


def signs_in(words: Sequence[Word], taken: Sequence[bool]) -> list[Sign]:
    """Cues among the words that no phrase of a facet has ``taken``."""
    found: list[Sign] = []
    at = 0
    while at < len(words):
        best = None if taken[at] else _TRIE.longest(words, at)
        if best is None:
            at += 1
            continue
        end = best[0]
        while end > at + 1 and taken[end - 1]:
            end -= 1  # "not too" where "too" is part of a phrase
        cue = best[1][0]
        lone_not = words[at].text in ("not", "no") and end < len(words) and words[end].text in _NOT_ONLY
        if not (lone_not or _denies_nothing(words, at, end) or _is_a_little(words, at, end)):
            found.append(Sign(cue, at, end))
        at = end
    return found


def _denies_nothing(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a cue answers or tells, and turns nothing down: "no, make me laugh", "never seen a silent film"."""
    if words[at].text == "no" and end == at + 1 < len(words):
        return words[end].start - words[at].end > 1
    told = words[end : end + MAX_BEFORE_SEEN]
    return words[at].key in _NOT_YET and any(word.text in _SEEN for word in told)


def _is_a_little(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether "little" lessens nothing: "a little darker", with the article that words are without."""
    if words[at].text != "little" or end != at + 1:
        return False
    if at == 0:
        return words[at].start == len("a ")
    return words[at].start - words[at - 1].end == len(" a ") or words[at - 1].key in ("is", "be")


def reach(sign: Sign, words: Sequence[Word], text: str, places: Sequence[tuple[int, int]]) -> set[int]:
    """Which of some phrases (first word, word behind the last) a denial or tolerance reaches.

    It reaches over ``REACH`` words, and along a list: "no guns, swearing or nudity".

    Args:
        sign: the cue.
        words: of the message.
        text: the flat message.
        places: phrases from left to right.
    """
    found: set[int] = set()
    last = sign.behind
    for number, (first, behind) in enumerate(places):
        if behind <= sign.first:
            continue
        if first < sign.behind:
            if first >= sign.first:
                continue
            break
        gap = words[last:first]
        between = text[words[last - 1].end : words[first].start]
        if len(gap) > REACH or _STOP.search(between):
            break
        if any(word.text in _ENDS for word in (gap[1:] if gap and gap[0].text in _OPENS else gap)):
            break
        if any(word.text == "more" for word in gap[1:]):
            break  # "less war and more romance"
        if words[first].text in _DENIALS | _SUBJECTS and (found or gap or _COMMA.search(between)):
            break  # "no shooting and no swearing", "no war, no romance": the second has its own
        if found and not _goes_on(between, gap, text[words[behind - 1].end :]):
            break
        if not found and _COMMA.search(between) and len(gap) > 1:
            break
        found.add(number)
        last = behind
    return found


def _goes_on(between: str, gap: Sequence[Word], after: str) -> bool:
    """Whether a list of denied things goes on between two phrases."""
    inner = {word.text for word in gap}
    if inner & {"a", "with", "some", "more", "as"} or inner & _SUBJECTS:
        return False
    if inner & _LIST_JOINS:
        return True
    if not gap and not _COMMA.search(between):
        return True  # side by side: "scary ghost story"
    if inner & _JOINS:
        # "nothing sad and slow" goes on, "no blood, and a strong heroine" does not
        return (
            not _COMMA.search(between)
            and not re.search(r"\b(?:a|an|some|with|the)\s*$", between)
            and len(gap) <= 2
        )
    if _COMMA.search(between):
        return (
            bool(re.match(r"^[^.;!?]{0,60}?(?:,|\s)(?:or|nor|and|o|ou|oder|ni)\s", after)) and len(gap) <= 1
        )
    return len(gap) <= 1


def tolerated_after(text: str, end: int) -> bool:
    """Whether what ends at ``end`` is said to be fine: "subtitles are fine"."""
    return _AFTER.match(text[end : end + 60]) is not None


def denied_after(text: str, end: int) -> bool:
    """Whether what ends at ``end`` is turned down behind it: "horror isn't my thing"."""
    return _DENIED_AFTER.match(text[end : end + 60]) is not None


def ruled_out(text: str) -> list[tuple[int, int]]:
    """Spans of a flat text whose end turns down what stands in them.

    >>> text = "anything with subtitles is out, so english"
    >>> [text[a:b] for a, b in ruled_out(text)]
    ['subtitles']
    """
    spans = [
        match.span(name)
        for match in _RULED_OUT.finditer(text)
        for name in ("what", "leaves", "harms")
        if match[name] is not None
    ]
    return [(start + text[start:end].startswith(" "), end) for start, end in spans]


def others_too_much(text: str, end: int) -> int:
    """Where it ends that what is "too much" up to ``end`` is so for others alone; 0 if nothing says so.

    >>> others_too_much("too dark for my wife, perfect for me", len("too dark")) > 0
    True
    """
    match = _ONLY_FOR_OTHERS.match(text[end:])
    return end + match.end() if match else 0


def are_listed(between: str) -> bool:
    """Whether the text between two things is that of a list, so that what is said behind both is said of both."""
    return _IN_A_LIST.fullmatch(between) is not None


def softened(signs: Sequence[Sign], words: Sequence[Word], text: str, first: int, behind: int) -> bool:
    """Whether a softening word stands in the same clause as a phrase."""
    for sign in signs:
        if sign.cue is not Cue.SOFTEN:
            continue
        low, high = (sign.behind, first) if sign.behind <= first else (behind, sign.first)
        if low > high:
            continue
        between = text[words[low - 1].end : words[high].start] if high < len(words) and low else ""
        if (
            high - low <= REACH
            and not _STOP.search(between)
            and not (_COMMA.search(between) and sign.first > first)
        ):
            return True
    return False
