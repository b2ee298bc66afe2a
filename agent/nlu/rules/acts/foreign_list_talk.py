"""What people say of a list in other languages, in English: "den ersten kenne ich schon", "qui joue dans le deuxième?".

Only places, what was seen, and the plain questions about a thing: what is wished for is read elsewhere.
"""

from __future__ import annotations

import re
from functools import partial

_PLACES = {
    "first": r"erste[nrsm]?|premi[eè]re?s?|primer[oa]?|prim[oa]|primeir[oa]|eerste",
    "second": r"zweite[nrsm]?|deuxi[eè]me|seconde?|segund[oa]|second[oa]|tweede",
    "third": r"dritte[nrsm]?|troisi[eè]me|tercer[oa]?|terz[oa]|terceir[oa]|derde",
    "fourth": r"vierte[nrsm]?|quatri[eè]me|cuart[oa]|quart[oa]|vierde",
    "fifth": r"f[uü]nfte[nrsm]?|cinqui[eè]me|quint[oa]|vijfde",
    "last": r"letzte[nrsm]?|derni[eè]re?|[uú]ltim[oa]|laatste",
}
_NUMBERS = {
    "one": r"eins|un|uno|um|een",
    "two": r"zwei|deux|dos|due|dois|twee",
    "three": r"drei|trois|tres|tre|tr[eê]s|drie",
    "four": r"vier|quatre|cuatro|quattro|quatro",
    "five": r"f[uü]nf|cinq|cinco|cinque|vijf",
}
_THE = r"(?:der|die|das|den|dem|le|la|el|il|lo|o|a|de|het|l['’])"
_ENGLISH = r"(?!a\s+second\b)"
"""A Portuguese article before a French ordinal is English: "a second film" is one more, and no place of the list."""
_IN_THE = r"(?:im|beim|vom|zum|bei dem|von dem|in dem|in der|dans (?:le|la)|en (?:el|la)|nel(?:la)?|no|na)"
_JOINING = r"(?:und|oder|et|ou|y|o|e|en)"
_BEHIND = (
    r"(?=\s*(?:$|[.,!?;])|\s+(?:(?:film|pel[ií]cula)\b|(?:kenn\w*|kannte\w*|hab\w*|hat\w*|ist|war|"
    r"klingt|nehm\w*|wei[sß]\w*|"
    r"gef[aä]llt|dauert|geht|mit|da|noch|schon|bitte|dann|gesehen|sieht|je|j['’]|on|est|a|dure|me|ya|lo|"
    r"la|los|s[ií]|no|dura|"
    r"auch|aussi|tambi[eé]n|anche|ook|tamb[eé]m|suena|parece|[eè]|ho|l['’]ho|gi[aà]|conosco|j[aá]|vi|"
    r"heb|ken|is|duurt|und|oder|et|ou|y|e|en|o|regie|gedreht|gespielt|mitgespielt|geht)\b))"
)
_FILM = r"(?:\s+(?:film|pel[ií]cula)\b)?"
_ONE_OF = {
    number: re.compile(
        rf"{_ENGLISH}(?:(?P<within>\b{_IN_THE})\s+|\b{_THE}\s*)(?:{said}){_BEHIND}{_FILM}", re.IGNORECASE
    )
    for number, said in _PLACES.items()
}
_NUMBERED = {
    number: re.compile(rf"\b(?:nummer|num[eé]ro|n[uú]mero|nr\.?|n[°º])\s*(?:{said})\b", re.IGNORECASE)
    for number, said in _NUMBERS.items()
}
_THE_DIGIT = re.compile(rf"\b(?:der|die|das|den|le|la|el|il|lo)\s+([1-6])\b{_BEHIND}", re.IGNORECASE)
_BY_DIGIT = re.compile(r"\b(?:nummer|num[eé]ro|n[uú]mero|n[°º])\s*([1-6])\b", re.IGNORECASE)
_AGAIN = r"(?:\s+(?:schon|bereits|leider|auch|aber|d[ée]j[àa]|ya|gi[àa]|j[áa]|al))*"
_SEEN = re.compile(
    rf"\b(?:(?:ich|wir)\s+)?kenn(?:e|en)?\b(?:\s+(?:ich|wir))?{_AGAIN}|"
    rf"\b(?:ich|wir)\s+kenn(?:e|en)\b{_AGAIN}|"
    rf"\bhab(?:e|en)?\s+(?:ich|wir){_AGAIN}\s+ges(?:ehe?n|chaut)|"
    rf"\bj['’]ai{_AGAIN}\s+vue?s?\b|\b(?:on|nous)\s+(?:a|avons){_AGAIN}\s+vue?s?\b|"
    rf"\bje\s+(?:l[ae]s?\s+)?connais\b{_AGAIN}|\bje\s+l['’]ai{_AGAIN}\s+vue?s?\b|"
    rf"\b(?:ya\s+)?(?:l[aeo]s?\s+)?(?:he(?:mos)?\s+visto|vi(?:mos)?|conozco|conocemos){_AGAIN}(?=\s|\W*$)|"
    rf"\b(?:l['’])?(?:ho|abbiamo){_AGAIN}\s+vist[oaie]\b|\bconosc(?:o|iamo)\b{_AGAIN}|"
    rf"\bj[áa]\s+(?:vi|vimos|conhe[çc]o)\b|\b(?:heb|hebben)\s+(?:ik|we){_AGAIN}\s+gezien\b|"
    rf"\bken\s+ik{_AGAIN}",
    re.IGNORECASE,
)
_SEEN_AROUND = re.compile(
    rf"\b(?:ich|wir)\s+hab(?:e|en)?\b(?P<what>[^.!?]*?){_AGAIN}\s+(?:schon\s+)?ges(?:ehe?n|chaut)\b|"
    rf"\bik\s+heb\b(?P<dutch>[^.!?]*?){_AGAIN}\s+gezien\b",
    re.IGNORECASE,
)
_QUESTIONS = {
    "who else is in {}?": r"\bwer\s+(?:spielt|spielen|ist|macht|wirkt)\b[^.?!]*\b(?:mit|dabei)\b|"
    r"\bwer\s+sind\s+die\s+schauspieler|"
    r"\bqui\s+(?:d['’]autre\s+)?(?:y\s+)?(?:joue|est dedans)\b|\bavec qui\W*$|"
    r"\bqui[ée]n(?:es)?\s+(?:m[aá]s\s+)?"
    r"(?:sale|salen|act[uú]an?|trabajan?|aparecen?)\b|\bchi\s+(?:altro\s+)?(?:c['’][eè]|"
    r"(?:ci\s+)?recita)\b|\bquem\s+(?:mais\s+)?atua\b|"
    r"\bwie\s+speelt\b",
    "how long is {}?": r"\bwie\s+lang(?:e)?\s+(?:ist|dauert|geht|l[aä]uft)\b|\b(?:[çc]a|il|elle)\s+dure\s+combien\b|"
    r"\bcombien(?:\s+de\s+temps)?\s+(?:[çc]a\s+)?dure|\bcu[aá]nto\s+dura\b|\bquanto\s+dura\b|"
    r"\bhoe\s+lang\s+(?:is|duurt)\b",
    "who directed {}?": r"\bwer\s+hat\b[^.?!]*\b(?:gedreht|gemacht|regie)|\bvon\s+wem\s+(?:ist|stammt)\b|"
    r"\bc['’]est\s+de\s+qui\b|"
    r"\bwer\s+ist\s+der\s+regisseur\b|\bqui\s+est\s+le\s+r[ée]alisateur\b|"
    r"\bqui[ée]n\s+es\s+el\s+director\b|\bchi\s+[eè]\s+il\s+regista\b|"
    r"\bqui\s+(?:l['’]\s?)?a\s+(?:r[ée]alis[ée]|fait|tourn[ée])\b|\bqui[ée]n\s+(?:l[ao]\s+)?(?:dirig\w+|"
    r"hizo)|\bde\s+qui[ée]n\s+es\b|"
    r"\bchi\s+(?:l['’]\s?)?ha\s+(?:diretto|fatto|girato)\b|\bdi\s+chi\s+[eè]\b",
    "what is {} about?": r"\bworum\s+geht|\bwovon\s+handelt\b|\bum\s+was\s+geht|"
    r"\bde\s+quoi\s+(?:[çc]a\s+)?parle|\b[çc]a\s+parle\s+de\s+quoi\b|"
    r"\bde\s+qu[ée]\s+(?:trata|va)\b|\b(?:di|de)\s+(?:che\s+)?cosa\s+parla\b|\bwaar\s+gaat\b",
    "when was {} made?": r"\b(?:aus|von)\s+welchem\s+jahr\b|\bwann\s+(?:kam|ist|war|wurde)\b|"
    r"\bde\s+quelle\s+ann[ée]e\b|"
    r"\bde\s+qu[ée]\s+a[ñn]o\b|\bdi\s+che\s+anno\b",
}
_ELSE = re.compile(
    r"\b(?P<who>il|elle)\s+a\s+(?:fait|tourn[ée]|jou[ée])\s+(?:dans\s+)?(?:d['’]autres?|autre chose)|"
    r"\ba-t-(?P<inverted>il|elle)\s+fait\s+d['’]autres?|"
    r"\bwas\s+hat\s+(?P<german>er|sie)\s+(?:denn\s+)?(?:sonst|noch)|\bhat\s+(?P<asked>er|"
    r"sie)\s+(?:sonst\s+|noch\s+)+(?:andere|was|mehr)|"
    r"\bqu[ée]\s+m[aá]s\s+(?:ha\s+hecho|hizo)|\bcos['’]\s?altro\s+ha\s+fatto",
    re.IGNORECASE,
)
_ASKED = {form: re.compile(pattern, re.IGNORECASE) for form, pattern in _QUESTIONS.items()}
_ENGLISH_PLACE = re.compile(
    r"\bthe (?:first|second|third|fourth|fifth|last) one\b|\bnumber (?:[1-6]|one|two|three|four|five)\b"
)
_AND = re.compile(
    rf"(?:(?<=\bone)|(?<=\b[1-6]))\s+{_JOINING}\s+(?=the \w+ one\b|number [1-6]\b)|"
    rf"^\W*{_JOINING}\s+(?=the \w+ one\b)",
    re.IGNORECASE,
)
_EXTREMES = {
    "shortest": r"k[uü]rzeste\w*|plus court\w*|m[aá]s cort[oa]|pi[uù] cort[oa]|pi[uù] breve",
    "longest": r"l[aä]ngste\w*|plus long\w*|m[aá]s larg[oa]|pi[uù] lung[oa]",
    "funniest": r"lustigste\w*|witzigste\w*|plus dr[oô]le|m[aá]s divertid[oa]|m[aá]s gracios[oa]|pi[uù] divertente",
    "saddest": r"traurigste\w*|plus triste|m[aá]s triste|pi[uù] triste",
    "scariest": r"gruseligste\w*|plus effrayant\w*|m[aá]s terror[ií]fic[oa]|pi[uù] spaventos[oa]",
    "newest": r"neu(?:e)?ste\w*|plus r[ée]cent\w*|m[aá]s reciente|m[aá]s nuev[oa]|pi[uù] recente|pi[uù] nuov[oa]",
    "oldest": r"[aä]lteste\w*|plus (?:ancien\w*|vieux|vieille)|m[aá]s (?:antigu[oa]|viej[oa])|pi[uù] vecchi[oa]",
    "best": r"beste\w*|meilleur\w*|mejor|migliore",
    "most romantic": r"romantischste\w*|plus romantique|m[aá]s rom[aá]ntic[oa]|pi[uù] romantic[oa]",
}
_WHICH = re.compile(
    r"\b(?:welche[rsnm]?|le(?:s)?quel(?:le)?s?|laquelle|cu[aá]l(?:es)?|quale|quali)\b", re.IGNORECASE
)
_WHICH_IS = {word: re.compile(rf"\b(?:{forms})\b", re.IGNORECASE) for word, forms in _EXTREMES.items()}
_TOO = re.compile(r"(?<=\bone)\s+(?:auch|aussi|tambi[eé]n|anche|ook|tamb[eé]m)\b", re.IGNORECASE)
_TAKING_IT = re.compile(
    r"^\W*(?:(?:gut|ok|okay|bon|bien|vale|va bene|super|perfecto|perfetto|parfait)\W+)*(?:(?:prendo|"
    r"voglio|je prends|ich nehme|quiero)\s+)?"
    r"(?:es[ae](?: mism[ao])?|quell[oa]|cel(?:le|ui)-l[àa]|genau den|den da)\W*(?:(?:danke|merci|"
    r"gracias|grazie)\W*)?$|"
    r"^\W*(?:(?:gut|ok|okay|bon|bien|vale|va bene|super|prima|perfekt|parfait|perfecto|"
    r"perfetto)\W+)*(?:den|die|das|den film)\s+nehm(?:e|en)?\s+(?:ich|wir)|"
    r"^\W*(?:(?:bon|ok|parfait|super)\W+)*(?:je|on)\s+l[ea]\s+prends?|^\W*(?:(?:vale|ok|"
    r"perfecto)\W+)*me\s+l[oa]\s+quedo|"
    r"^\W*(?:(?:ok|va bene|perfetto)\W+)*l[oa]\s+prend(?:o|iamo)|^\W*(?:ok\W+)?die\s+neem\s+ik",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:ich|wir)\s+nehm(?:e|en)\b|\bnehm(?:e|en)?\s+(?:ich|wir)\b|\b(?:je|on)\s+prends?\b|"
    r"\b(?:me\s+quedo\s+con|me\s+llevo|voy\s+a\s+ver)\b|"
    r"\bprend(?:o|iamo)\b|\bik\s+neem\b|\bfico\s+com\b",
    re.IGNORECASE,
)


def put_in_english(message: str) -> str:
    """A message about a list, its places, what was seen and what is asked of an item in English; others as they are.

    >>> put_in_english("Den ersten kenne ich schon")
    'the first one I have seen'
    >>> put_in_english("der zweite klingt gut, wer spielt da noch mit?")
    'who else is in the second one?'
    >>> put_in_english("j'ai déjà vu le premier et le troisième"), put_in_english("ein lustiger Film")
    ('I have seen the first one and the third one', 'ein lustiger Film')
    """
    if _TAKING_IT.match(message):
        return "I'll take that one"
    if _WHICH.search(message) and (
        word := next((one for one, p in _WHICH_IS.items() if p.search(message)), "")
    ):
        return f"which of these is the {word}?"
    if other := _ELSE.search(message):
        her = any((word or "").casefold() in ("elle", "sie") for word in other.groups())
        return f"what else has {'she' if her else 'he'} made?"
    text = _name_places(message)
    for form, asked in _ASKED.items():
        if asked.search(text):
            place = _ENGLISH_PLACE.search(text)
            return form.format(place[0] if place else "it")
    if text == message:
        return message
    text = _AND.sub(lambda match: " and " if match.start() else "and ", text)
    text = _TOO.sub(" too", text)
    text = _SEEN_AROUND.sub(lambda match: f"I have seen{match['what'] or match['dutch']}", text)
    text = _SEEN.sub("I have seen", text)
    return " ".join(_TAKEN.sub("I'll take", text).split())


def _place_in_english(ordinal: str, match: re.Match[str]) -> str:
    return f"{'in ' if match['within'] else ''}the {ordinal} one"


def _name_places(text: str) -> str:
    for ordinal, pattern in _ONE_OF.items():
        text = pattern.sub(partial(_place_in_english, ordinal), text)
    for number, pattern in _NUMBERED.items():
        text = pattern.sub(f"number {number}", text)
    text = re.sub(rf"(?<=\b[1-6])\s+{_JOINING}\s+(?=[1-6]\b)", " and ", text)
    return _THE_DIGIT.sub(r"number \1", _BY_DIGIT.sub(r"number \1", text))
