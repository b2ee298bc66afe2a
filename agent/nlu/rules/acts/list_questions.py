"""Questions about the list shown: which of it is the gentlest, where to begin, whether any of it is sad.

They are answered in a sentence from the items' values, and ask for no other list. What turns all of it down ("none
of these") or asks for more of something ("anything sad?") is no such question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tastemaker.agent.nlu.rules.acts.list_parts import FEW, REST, put_they, split_exception
from tastemaker.agent.nlu.rules.acts.shared_questions import read_common
from tastemaker.agent.nlu.rules.ordinals import ORDINALS

_THINGS = r"(?:ones?|films?|movies?|books?|items?|games?|recipes?|titles?|picks?|suggestions?)"
_LIST = (
    rf"(?:{REST}|{FEW}|these|those|them|(?:the|that|this|your) (?:list|lot|bunch|selection|{_THINGS})"
    rf"(?! (?:with|about|from|by|like)\b)|the (?:two|three|four|five)(?: {_THINGS})?|"
    rf"(?:these|those|all) (?:two|three|four|five)?(?: ?{_THINGS})?|what you (?:just )?(?:showed|listed|"
    r"suggested|gave)(?: me)?)"
)
_AMONG = (
    rf"(?:(?:among|amongst|of|out of|from) (?:all (?:of )?)?{_LIST}|(?:in|on) (?:there|here|that|this)|"
    r"(?:in|on|from) (?:the|this|that|your) (?:list|lot|bunch|selection|batch)|there)"
)
"""Where one looks for a thing: "any in colour among those?", "one by Kubrick in there"; not "songs in them"."""
_OF_LIST = rf"(?:of|among|amongst|from|out of|on|in) (?:all (?:of )?)?{_LIST}"
_WHICH = (
    rf"(?:which|what)(?: (?:single )?{_THINGS})?(?: {_OF_LIST})?(?:['’]s)?(?: (?:do|would) you (?:think|"
    rf"say))?"
    r"(?: (?:is|are|was|would be|will be|might be|comes? across as|looks?|sounds?|seems?|feels?|has|"
    r"have|has got))?"
)
_OPENS = (
    r"^\W*(?:(?:and|so|but|then|ok(?:ay)?|hm+|um+|well|oh|nice|great|cool|good|thanks|thank you|right|"
    r"yes|yeah|hey|"
    r"out of interest|just curious|wait|sorry)\b\W*)*"
)
_CLOSES = r"(?:\s+(?:please|then|though|tonight|first|overall|here|there|exactly))*\W*$"
_PICK = (
    r"(?:start|begin|kick off|go) (?:with|for)|start|begin|(?:pick|choose|take|watch|see|read|play|cook|"
    r"try|suggest|"
    r"recommend|go for)(?: (?:yourself|personally|first))?"
)
_START = re.compile(
    rf"{_OPENS}(?:(?:which|what)(?: {_THINGS})?(?: {_OF_LIST})? (?:would|do|should|could|might|shall|can) "
    rf"(?:you|i|we|one|she|he|they|a beginner|a newcomer)(?: (?:personally|yourself|really|rather|"
    rf"honestly))? "
    rf"(?:{_PICK})"
    rf"(?: {_OF_LIST})?|where (?:would|should|do|shall|could) (?:you|i|we|one) (?:start|begin)|"
    r"(?:if|suppose|say) (?:i|we|you) (?:only |just |could only |can only |had to )(?:\w+ )?"
    r"(?:see|watch|read|have time for|pick|choose|play|one)\b.*|"
    r"(?:what|which)(?:['’]s| is| would be) your (?:(?:own|personal|top|first|number one|absolute) )*"
    rf"(?:pick|choice|favou?rite|recommendation)(?: {_OF_LIST})?|"
    rf"(?:pick|choose) (?:just )?(?:one|the best)(?: {_OF_LIST})?(?: for (?:me|us))?|"
    rf"your (?:pick|favou?rite)(?: {_OF_LIST})?|which (?:one )?first)"
    rf"(?:,? if [^?]*)?{_CLOSES}",
    re.IGNORECASE,
)
_BEST = re.compile(
    rf"{_OPENS}(?:{_WHICH} (?:the )?(?:very )?best(?: {_THINGS})?(?: {_OF_LIST})?|"
    rf"(?:the )?best (?:one )?{_OF_LIST}|"
    rf"(?:is|are) any {_OF_LIST} (?:any |really |actually )?(?:good|worth (?:it|watching|seeing|reading|"
    rf"my time))|"
    rf"{_WHICH}(?: (?:got|gets|had|with))? (?:the )?(?:(?:best|highest|top|most|better|"
    rf"higher)[ -](?:rated|reviewed|scored|scoring|ranked|"
    r"regarded|rating|ratings|reviews?|scores?|marks|acclaimed|acclaim|praised|highly rated)|(?:rated|"
    r"ranked|scored|reviewed) (?:the )?"
    rf"(?:best|highest|top))(?: {_THINGS})?(?: {_OF_LIST})?|"
    rf"(?:the )?(?:best|highest|top)[ -](?:rated|reviewed|scored|ranked)(?: {_THINGS})? {_OF_LIST})"
    rf"{_CLOSES}",
    re.IGNORECASE,
)
_FOR = re.compile(
    rf"{_OPENS}{_WHICH}(?: the)? "
    r"(?:best|most suitable|suitable|better|good|right|ideal|perfect|safe|safest|ok|okay|fine)"
    rf"(?: {_THINGS})?(?: {_OF_LIST})? "
    r"(?P<what>(?:for|with|to watch with|to see with|to show|on|at|when|if)\b.+)",
    re.IGNORECASE,
)
_SUITS = re.compile(
    rf"{_OPENS}which(?: {_THINGS})?(?: {_OF_LIST})? (?:would|will|might|could|should|does) (?:best |most )?"
    r"(?:suit|fit|please|work (?:best )?for|appeal (?:most )?to|"
    r"be (?:best|good|fine|ok|okay|right|suitable|ideal|perfect) (?:for|with))(?P<what> .+|\W*$)",
    re.IGNORECASE,
)
_LIKES = re.compile(
    rf"{_OPENS}which(?: {_THINGS})?(?: {_OF_LIST})? (?:would|will|might|could|do you think|should) "
    r"(?P<who>(?:my|our|his|her|a|an|the) [\w'’-]+(?: [\w'’-]+)?|i|we|he|she|they|kids|children|"
    r"teenagers|grown-?ups) (?:would |might |will )?"
    r"(?:like|enjoy|love|prefer|appreciate|get on with)\b(?: (?:best|most))?(?P<what>[^?]*)\W*$",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"{_OPENS}(?:{_WHICH} |(?:what|which)(?:['’]s| is| are) )?(?:the (?:one|film|movie) (?:with|"
    rf"that has|that(?:['’]s| is)|which is) )?"
    rf"(?:the )?(?:(?P<degree>most|least|more|less) (?P<what>(?!(?:of|common|frequent)\b)[\w' -]+?)|"
    rf"(?P<est>\w{{3,}}(?:est|er)))"
    rf"(?: (?P<one>{_THINGS}))?(?: (?P<of>{_OF_LIST}))?{_CLOSES}",
    re.IGNORECASE,
)
_VERB = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|would|will)(?:n['’]?t)?"
_ANY_OF = rf"(?:any|either|one|some|all|both|none|each|every one|most|neither)(?: one)? (?:of )?{_LIST}\b"
_WORST = re.compile(
    rf"{_OPENS}{_WHICH}(?: (?:got|gets|had|with))? (?:the )?(?:worst|lowest|poorest)(?:[ -](?:rated|"
    rf"reviewed|scored|ranked|rating|ratings|"
    rf"reviews?|scores?|marks))?(?: {_THINGS})?(?: {_OF_LIST})?{_CLOSES}",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"{_OPENS}{_WHICH} (?:(?:was |is |were )?(?:made|released|shot|filmed|out|came|came out|"
    rf"done) )?(?:the )?(?P<which>first|earliest|oldest|last|latest|"
    rf"newest|most recent(?:ly)?)(?: (?:made|released|to come out))?(?: {_OF_LIST})?{_CLOSES}|"
    rf"{_OPENS}{_WHICH}(?: (?:was|is))? (?P<how>older|newer|more recent|earlier)(?: (?:one|film|"
    rf"movie))?(?: {_OF_LIST})?{_CLOSES}",
    re.IGNORECASE,
)
_CHECKS = r"(?:right|correct|yes|no|true|surely|i (?:hope|guess|suppose|take it)|" + rf"{_VERB} (?:they|it))"
_WHETHER = tuple(
    re.compile(rf"{_OPENS}{pattern}\W*$", re.IGNORECASE)
    for pattern in (
        rf"{_VERB} {_ANY_OF}(?P<what> .+)",
        rf"{_ANY_OF}(?P<what> .+?)(?:\?|,? {_CHECKS}\W*)+",
        rf"{_VERB} (?:they|these|those)(?: {_THINGS})? (?:all|both)\b(?P<what> .+)",
        r"(?:do|did|does|have|has) (?:any|all|both|none) (?P<what>(?:have|has|star|stars|end|ends|win|"
        r"won|take|"
        r"feature|involve|contain|get|count|include|come|play|cost)\b.+)",
        r"(?:are|is) (?:any|all|both|none) (?P<what>(?:in|by|set in|based on|from|suitable|ok|okay|fine|safe|"
        r"good for|appropriate|subtitled|dubbed)\b.+)",
        rf"(?:is|are) there (?:an?\b|any\b|some\b)?(?P<what> .+?) in (?:any|one|some) (?:of )?{_LIST}",
        rf"(?:is|are) there (?:an?y?|some|one)\b(?P<what> .+?) {_OF_LIST}",
        rf"any\b(?P<what> .+?) (?:of|among|in) {_LIST}\?",
        rf"{_VERB} {REST}(?P<what> .+)",
        rf"(?:(?:is|are) there |do you (?:see|have) |have you (?:got )?|(?:did|have) you (?:put|got) |"
        rf"i(?:['’]s| guess) there |got )?"
        rf"(?:any(?:thing|one)?|something|one|some|a)\b(?P<what>(?! (?:else|more|other|"
        rf"similar)\b) .+?) {_AMONG}",
        r"how many(?= (?:are|have|were|star|take)\b(?! there\b))(?P<what> .+)",
        r"(?:is|are) there (?:any|some)(?: of them)? here\b(?P<what> .+)",
        r"(?:(?:is|are) there )?(?:any(?:thing|one)?|something|one|some) (?:in|on) (?:there|(?:that|"
        r"this|the|your) list)\b(?P<what> .+)",
        r"(?:is|are|was) (?:any(?:thing|one)?|something|one) (?:in )?there\b(?P<what> .+)",
        r"(?:is|are) there (?:any(?:thing|one)|something|one) there\b(?P<what> .+)",
        rf"how many (?:of )?{_LIST}(?P<what> .+)",
        r"was there (?:an?|any(?:thing)?|one|something)\b(?P<what> .+?)(?: one)?",
        rf"{_VERB}(?P<what> (?!any of\b|all\b|there\b|you\b|it\b|they\b)[\w .'’-]+?)"
        rf"(?: appear| star| act| play| feature| turn up| pop up)? in (?:(?:all|any|most|both|some|one|"
        rf"each|every one|none|either)(?: of)? )?{_LIST}",
    )
)
_MADE_ANY = re.compile(
    rf"{_OPENS}(?:did|has|have) (?P<who>(?!any\b|you\b|they\b)[\w .'’-]+?) (?:directed|direct|made|make|"
    rf"shot|written|write|wrote)"
    rf" (?:any|all|both|most|some|one|which) (?:of )?{_LIST}(?: (?:himself|herself|too|as well))?\W*$",
    re.IGNORECASE,
)
_OR_NOT = re.compile(r",?\s+or not\s*\??\s*$", re.IGNORECASE)
_IS_THE_ONE = re.compile(
    rf"{_OPENS}(?:which|what)(?: one)?(?:['’]s| is| was) the (?:one|film|movie) (?P<what>(?:with|by|"
    rf"from|in|about|set|starring|without|where)\b.+)",
    re.IGNORECASE,
)
_WHICH_ARE = re.compile(
    rf"{_OPENS}(?:which ones?|which(?: {_THINGS})?(?= {_OF_LIST})|which(?= (?:is|are|has|have|was|were|"
    rf"do|does)(?:n['’]?t)?\b"
    rf"(?! (?:an?|some|your|the|there|you|it)\b)))(?: {_OF_LIST})?(?:['’]s(?= got)| )"
    r"(?P<what>(?:is|are|was|were|has|have|had|do|does|did|stars?|ends?|takes?|plays?|features?|"
    r"contains?|involves?|won|win|can|would| ?got)"
    r"(?:n['’]?t)?\b.+)",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(rf"{_OPENS}(?:which|what)\b", re.IGNORECASE)
_WORK = re.compile(r"\b(?:films?|movies?|books?|games?|recipes?|items?)\b", re.IGNORECASE)
_BY_PLACE = re.compile(
    rf"\b(?:the (?:{'|'.join(ORDINALS)})(?! (?:two|three|four|few|2|3|4)\b)|#\d|number \d)\b", re.IGNORECASE
)
_TAG = re.compile(
    r",?\s+(?:right|correct|(?:is|are|do|does|did|has|have)(?:n['’]?t)? (?:they|it)|in (?:them|it)|at all|"
    r"by any chance|though)\s*\W*$",
    re.IGNORECASE,
)
_MORE_ASKED = re.compile(
    r"\b(?:other than|another|else|more like|instead|show me|give me|recommend me)\b", re.IGNORECASE
)

OLDEST, NEWEST = "oldest", "newest"
_SENTENCE = re.compile(r"(?<=[.!;\n])\s+")
_WISHES = re.compile(
    r"\b(?:want|need|looking for|show|give|recommend|find|something|anything|another|please|more|"
    r"without|rather)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    rf"{_OPENS}{_OF_LIST}[,:]?\s+(?P<behind>(?:which|what|who|is|are|do|does|any|has|have|the|how)\b)",
    re.IGNORECASE,
)
"""Opens a question with the things it is asked of: "of those, which is the longest?"."""
_ANY_OF_THEM = re.compile(
    r"(?:(?:is|are|do|does|has|have) )?(?:any|one|which|what)\b(?P<what> .+)", re.IGNORECASE
)
_THE_PLACE = re.compile(rf"\bthe (?:{'|'.join(ORDINALS)}) (?:one|film|movie)\b|#\d|number \d", re.IGNORECASE)
_WORK_ASKED = re.compile(rf"{_OPENS}(?:which|what) (?:film|movie|book)s?\b(?! {_OF_LIST})", re.IGNORECASE)

MAX_BEHIND = 2
"""Words behind a question's mark ("which of these is funny? thanks a lot"); more of them ask for something else."""


class ListAsk(StrEnum):
    """What is asked of a list."""

    START = "start"
    BEST = "best"
    MOST = "most"
    LEAST = "least"
    FOR = "for"
    WHICH = "which"
    WORST = "worst"
    SHARED = "shared"


_OF_SEVERAL = (ListAsk.SHARED, ListAsk.MOST, ListAsk.LEAST, ListAsk.BEST)
"""What may be asked of several places: "which of the first and third is shorter?"."""


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """A question about the items shown.

    Attributes:
        ask: its sort.
        about: the property that it asks of them, in words; "" for the first and the best. Of what they share the
            sort of thing, see :func:`tastemaker.agent.nlu.rules.acts.shared_questions.read_common`.
    """

    ask: ListAsk
    about: str = ""


def read_list_question(message: str) -> ListQuestion | None:
    """The question that a message asks of the list shown; None where it asks none, or of a single place in it.

    >>> read_list_question("ok, which of them is the gentlest?")
    ListQuestion(ask=<ListAsk.MOST: 'most'>, about='gentlest')
    >>> read_list_question("do any of these have subtitles?").about
    'have subtitles'
    >>> read_list_question("where should we begin?").ask
    <ListAsk.START: 'start'>
    >>> read_list_question("none of these, thanks") is read_list_question("anything gentle?") is None
    True
    """
    said = message.strip().replace("’", "'")
    sentences = [one for one in _SENTENCE.split(said) if one]
    if len(sentences) > 1 and (found := _read_told_before(sentences)):
        return found
    return _read(said)


def _read_told_before(sentences: Sequence[str]) -> ListQuestion | None:
    """The question behind sentences that only tell something: "seen two. which of the rest is sad?"."""
    *told, last = sentences
    if any("?" in one or _WISHES.search(one) for one in told):
        return None
    return _read(last)


def _read(said: str) -> ListQuestion | None:
    said = split_exception(_OR_NOT.sub("?", said))[1]
    if (they := put_they(said)) != said and (several := _read(they)) and several.ask in _OF_SEVERAL:
        return several
    rest = said.partition("?")[2]
    if _MORE_ASKED.search(said) or len(rest.split()) > MAX_BEHIND:
        return None
    if (shared := read_common(said)) is not None:
        return ListQuestion(ListAsk.SHARED, shared)
    if _BY_PLACE.search(said):
        found = _FIRST.match(said)  # "which was made first?" speaks of no place
        return _read_age(found) if found and _ASKS_WHICH.match(said) and not _THE_PLACE.search(said) else None
    said = _OF_THEM.sub(lambda match: match["behind"], said) if (of := bool(_OF_THEM.match(said))) else said
    if _START.match(said):
        return ListQuestion(ListAsk.START)
    if _BEST.match(said):
        return ListQuestion(ListAsk.BEST)
    if _WORST.match(said):
        return ListQuestion(ListAsk.WORST)
    if (match := _FIRST.match(said)) and not _WORK_ASKED.match(said):
        return _read_age(match)
    if match := _FOR.match(said):
        return ListQuestion(ListAsk.FOR, _bare(match["what"]))
    if (match := _SUITS.match(said)) and _bare(match["what"]):
        return ListQuestion(ListAsk.FOR, f"for {_bare(match['what'])}")
    if match := _LIKES.match(said):
        return ListQuestion(ListAsk.FOR, f"for {_bare(match['who'] + match['what'])}")
    if (match := _MOST.match(said)) and (_ASKS_WHICH.match(said) or match["of"] or of):
        what = _bare(match["what"] or match["est"])
        least = (match["degree"] or "").casefold() in ("least", "less")
        return None if _WORK.search(what) else ListQuestion(ListAsk.LEAST if least else ListAsk.MOST, what)
    if match := _MADE_ANY.match(said):
        return ListQuestion(ListAsk.WHICH, f"by {match['who']}")
    for whether in _WHETHER:
        if (match := whether.match(said)) and (what := _bare(match["what"])):
            return ListQuestion(ListAsk.WHICH, what)
    if match := _IS_THE_ONE.match(said):
        return ListQuestion(ListAsk.WHICH, _bare(match["what"]))
    if match := _WHICH_ARE.match(said):
        return ListQuestion(ListAsk.WHICH, _bare(match["what"]))
    if of and (match := _ANY_OF_THEM.match(said)) and (what := _bare(match["what"])):
        return ListQuestion(ListAsk.WHICH, what)
    return None


def _read_age(match: re.Match[str]) -> ListQuestion:
    word = (match["which"] or match["how"]).casefold()
    old = word in ("first", "earliest", "oldest", "older", "earlier")
    return ListQuestion(ListAsk.MOST, OLDEST if old else NEWEST)


def _bare(what: str) -> str:
    """A property without a question tag, "... are they?", and the mark behind it."""
    return _TAG.sub("", what.strip().rstrip("?!. ")).strip(" ,?.!")
