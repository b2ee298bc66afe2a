"""What of a message tells or asks something and wishes for nothing: "I'm from Italy", "is it scary".

The same words are wishes elsewhere ("something from Italy"), so it is their place in a clause that is looked at.
"""

from __future__ import annotations

import re

_WHO = r"(?:i|we|you|he|she|they|(?:my|our|his|her)(?:\s+[\w'-]+){1,2}?)"
_BE = r"(?:\s*'?m|\s*'?re|\s*'?s|\s+(?:am|are|is|was|were|been|'ve been|have been|has been))"
_MODE = (
    r"(?:\s+(?:half|originally|actually|also|now|just|currently|partly|really|still|from|in|called|"
    r"named|an?))*"
)
_DWELL = (
    r"(?:live|lives|lived|living|(?:work|works|worked|working)(?: nights| days| shifts| part time)?|"
    r"stay|stays|staying|study|studies|studied|studying|grew up|"
    r"was born|were born|moved|move|moving|"
    r"come|comes|came|travelled|travel|flew|flying|learn|learning|speak|speaks|"
    r"teach|teaches|taught|used to (?:live|work|study|be))"
)
_OWN = re.compile(
    rf"(?:^|[.!?;,:(\n-]|\b(?:and|but|because|since|as|so|while|where|that))\s*"
    rf"(?:{_WHO}{_BE}{_MODE}|{_WHO}(?:{_BE})?\s+{_DWELL}(?:\s+(?:in|at|from|to|for|as|near|a|an|the|some|"
    r"lots of))*)\s*$"
)
"""Before a word: it says what somebody is, or where somebody lives, works or comes from."""
_LOOK_BACK = 80
"""Letters before a word that are looked at."""
_ENDS = re.compile(r"\s*(?:$|[.!?;,:)\n-]|(?:and|but|so|because|too|myself|now|at|in|since|for|who)\b)")
"""Behind it the clause ends: "I'm French" does, "I'm French film mad" does not."""

_QUESTION = re.compile(
    r"(?:^|[.!?;\n]\s*|,\s*(?:and|but|so)?\s*|^(?:so|and|but|ok|okay|hmm|oh|well|hey),?\s+)(?P<told>"
    r"(?:is|was|are|were|does|did|has|had) (?:it|this|that one|that|he|she|they|these|"
    r"those|(?:the )?(?:first|second|third|"
    r"fourth|fifth|last|other) (?:one)?|the (?:violence|ending|end|story|plot|sex|romance|humou?r|acting|"
    r"pace|music|language|whole thing))\b(?! (?:possible|ok|okay|too much))"
    r"|how (?:\w+ )?(?:is|was|are|were)\b(?! (?:about|it going))"
    r"|who (?:plays|played|is|was|directed|made|wrote|stars|starred|did|dies)\b"
    r"|(?:do|did) (?:people|critics|others|you|they) (?:like|think|enjoy|hate|watch)\b"
    r"|what(?:'s| is| was) (?!(?:a|an|some|something|the (?:\w+est|best|most|least))\b)[^.!?;\n]{0,40}\babout\b"
    r"|(?:is|are) there (?:any |much |a lot of |lots of |a |some |too much )?[\w-]+(?: \w+)? in (?:it|that|this|"
    r"them|there)\b"
    r"|how does it\b|does (?:the |a |an |any )(?:\w+ ){0,2}?(?:die|live|survive|win|make it|get)\b"
    r"|(?:what|which) year (?:did|was|is|were)\b"
    r"|(?:can|could|do|did|have) you (?:ever |even |also )?(?:speak|understand|read|hear|remember|sleep|eat|"
    r"dream|feel|get paid|learn|live|work)\b"
    r"|are you\b|you(?:'re| are)\b)"
)
_REPORT = re.compile(
    r"(?:^|[.!?;,\n]\s*|\b(?:and|but|because|since)\s+)(?P<told>"
    r"you(?:'ve| have)?(?: really| just| nearly| almost)? (?:made|scared|frightened|startled|killed|cracked|"
    r"shocked) (?:me|us)\b(?! want)|"
    r"(?:i|we)(?: have|'ve| had)?(?: already| just| only| once| both)? (?:watched|saw|seen|gave|rated) "
    r"(?:it|that|this|them|"
    r"that one|this one|these|those)\b"
    r"|(?:it|that one|this one|that|this) (?:made|got|gets|had|won|has won|only got|reminded|reminds)\b)"
)
_PAST = (
    r"(?:was|were|said|told|thought|used to|cancell?ed|broke|had|did|died|left|got|found|called|went|came|took|"
    r"read|heard|finished|worked|lost|met|spent|asked|saw|watched)"
)
_NEWS = re.compile(
    rf"(?:^|[.!?;,\n]\s*|\b(?:and|but|because|since|as)\s+)(?P<told>"
    rf"(?:he|she|they|(?:my|our|his|her|the|that|this|your) (?:other )?[\w']+(?: day i)?|i|we) {_PAST}\b"
    rf"(?! (?:looking|hoping|thinking|wondering|after|in the mood|searching|wanting))(?![^.!?;\n]{{0,40}}\btoo\b)"
    r"|(?:can|could|will|would) you (?:be|answer|reply|write)\b"
    r"|it(?:'s| is| was) (?:(?:so|very|really|too|all) )?\w+ (?:here|at home|at work)\b)"
)
"""What happened to somebody, and how the talk should go; "the last one was too long" is a wish."""
_STARTS = r"(?:^|[.!?;,:(\n]\s*|\s[-–—]\s*|\b(?:and|but|because|since|as|so|cause|cos|although|though)\s+)"
_DAILY = (
    r"(?:kids|children|twins|baby|neighbou?rs?|wi-?fi|internet|bus|train|queue|doctor|dentist|boss|weather|"
    r"rain|traffic|kitchen|house|flat|sofa|couch|bed|phone|telly|tv|lights?|car|van|cake|coffee|tea|food|soup|dinner|"
    r"lunch|breakfast|match|storm|pub|shops?|office|job|meeting|boiler|heating|party|flight|plane|wedding|"
    r"funeral|exam|class|teacher|landlord|flatmate|vhs|dvd|box|tape|laptop|router|remote|projector|dog|cat|fridge|"
    r"oven|washing machine|garden|street|road|town|place|office|gym|queue|waiter|vet|nurse|plumber|builders?|"
    r"babysitter|guests|visitors|cinema|seats?|popcorn|work|school|town)"
)
_NOT_OWN = (
    r"(?!(?:mood|moods|taste|tastes|favou?rites?|ideal|perfect|kind|type|sort|picks?|choices?|wish|wishes|plan|idea|"
    r"only|last|next|things?|first|request|preferences?|rules?|limit|budget|max|maximum|films?|movies?|dream|go-to|"
    r"comfort|guilty|english|sort|cup|bag|jam|guess|attention|stomach|nerves)\b)"
)
_VERB = (
    r"(?:'s|'re|\s+(?:is|are|was|were|has|had|have|just|also|always|never|still|keeps?|kept|finally|works?|"
    r"lives?(?! happily)|eats?|"
    r"plays?|thinks?|says?|(?:looks?|smells?|tastes?|sounds?)(?: like)?|runs?|goes|comes|gets?|got|makes?|made|"
    r"gave|gives|took|takes|broke|breaks|sleeps?|snores?|sings?|"
    r"drives?|teaches|studies|travels?|speaks?|starts?|ends?|left|leaves|lost|won|fell|went|came|cost|costs|"
    r"cried|ate|"
    r"drank|drinks|bought|sold|rang|called|died|moved|turns?|cancels?|\w{3,}ed)\b)"
)
_WISHES = (
    r"(?!\s+(?:(?:just|also|always|still|really|so|very|quite|rather|only|never|both|all|totally|completely|a|an|the|"
    r"huge|big|massive|real|not|too|been|bit|much|more|easily|currently)\s+)*(?:wants?|wanted|needs?|likes?|"
    r"loves?|loved|adores?|fancy|fancies|"
    r"prefers?|enjoys?|enjoyed|hates?|hated|refuses?|asked|asks|asking|insists?|insisted|into|fans?|obsessed|"
    r"mad|keen|fond|after|hooked|"
    r"looking|hoping|craving|wanting|begging|demanding|fascinated|interested|in the mood|up for|partial|open to|"
    r"nuts|buff|nerd|geek|watch(?:es|ing|ed)?|"
    r"recommend\w*|suggest\w*|picks?|chose|chooses|voted|votes|scared|afraid|terrified|frightened|allergic|"
    r"sick of|tired of|bored|"
    r"fed up|phobic|squeamish|sensitive|feel\w*|crying|supposed|meant|should|must|could|would|can|can't|cannot|"
    r"will|won't|won|"
    r"doesn't|don't|to be|gonna|going to)\b)"
)
_WISHED_FOR = re.compile(
    r"\b(?:films?|movies?|flicks?|something|anything|someone|anyone|nothing|ones|one(?=\s*(?:$|[.,!?;]|with|"
    r"where|that|about|set))|comed\w+|dramas?|thrillers?|romances?|"
    r"rom-?coms?|horrors?|westerns?|documentar\w+|musicals?|stuff|stor(?:y|ies)|plots?|cartoons?|anim\w+|noir|"
    r"series|if|when|unless|"
    r"where|who|whose|(?<=\s)that|cinema|actors?|actress\w*|characters?|scenes?|genre|must|should|has to|"
    r"have to|please|pls)\b"
)
"""What a clause about people or things of every day says where it speaks of films after all, or sets a condition."""
_OF_PEOPLE = re.compile(
    rf"{_STARTS}(?P<told>(?:(?:my|our|his|her)\s+{_NOT_OWN}[\w'-]+?(?:\s+[\w'-]+?){{0,2}}?"
    rf"|(?:(?:the|this|that|these|those|our|my)\s+)?(?:\w+\s+)?{_DAILY}(?:\s+(?:in|at|to|from|of|on|by|"
    rf"near)(?:\s+[\w'-]+){{1,3}}?|\s+there)?"
    rf"|\b(?:he|she|they)){_VERB}{_WISHES})"
)
_DOING = re.compile(
    rf"{_STARTS}(?P<told>(?:(?:i'm|i am|we're|we are)\s+)?(?:(?:just|still|busy|currently|back from)\s+)?"
    r"(?!(?:something|anything|nothing|everything|looking|wanting|hoping|wondering|feeling|thinking|checking|"
    r"needing|watching|searching|doing|reading|studying|learning|teaching|covering|celebrating|planning|hosting|"
    r"asking|craving|trying|interesting|boring|amusing|exciting|depressing|charming|king|during|being|having|going|"
    r"missing|avoiding|skipping|singing|dancing|"
    r"relaxing|uplifting|gripping|inspiring|disturbing|thrilling|heart\w*|entertaining|moving|touching|shooting|"
    r"fighting|swearing|"
    r"killing|talking|haunting|chilling|suspecting|dying to|dying for|preferring|choosing|picking|seeking|"
    r"finding|getting into)\b)"
    r"(?:(?<=i'm )|(?<=i am )|(?<=we're )|(?<=we are )|(?<=just )|(?<=still )|(?<=busy )|(?<=currently ))\w{2,}ing\b"
    r"|(?:(?:i|we)(?:'ve| have)?\s+)?(?:just\s+)?(?:got|came|come|flew|driven|returned|back)\s+(?:back\s+)?from\b"
    r"|(?:there's|there is|there are|there was|there were)\s+(?:\w+\s+){1,3}?(?:in|on|under|outside|at)\s+(?:my|"
    r"our|the|this)\s+(?:\w+\s+)?"
    r"(?:bath\w*|kitchen|garden|house|roof|road|street|door|room|bedroom|cellar|attic|car|fridge|sofa|office|"
    r"phone|line)\b"
    r"|(?:grew up|was born|moved|live|lives|living) (?:in|to|near)\b"
    r"|it (?:rained|snowed|poured|hailed|stormed)\b"
    r"|it'?s (?:getting|gone|growing|turning|been|so|very|really) (?:so |very |really |all )?(?:dark|cold|late|"
    r"hot|light|"
    r"chilly|warm|quiet|early|windy|wet|bright|freezing|boiling)\b"
    r"|(?:that|it) was (?!(?:too|a bit too|the|what|about|set|made|with|more|like)\b)"
    r")"
)
_CLAUSE_END = re.compile(r"[.!?;,\n]|\s(?:but|so|and (?:now|i|we)|now|instead)\s|$")


def find_asides(text: str) -> list[tuple[int, int]]:
    """Spans of a flat text (:func:`tastemaker.retrieval.facets.words.flat`) in which something is asked or told.

    >>> texts = ("ok, is it scary?", "we saw it with the kids, now something funny")
    >>> [text[a:b] for text in texts for a, b in find_asides(text)]
    ['is it scary', 'we saw it with the kids']
    """
    found = [
        (match.start("told"), _CLAUSE_END.search(text, match.end("told")).start())  # type: ignore[union-attr]
        for pattern in (_QUESTION, _REPORT, _NEWS)
        for match in pattern.finditer(text)
    ]
    return list(dict.fromkeys(found))


def find_told(text: str) -> list[tuple[int, int]]:
    """Spans of a flat text that tell of people and things of every day, and not of what is to be watched.

    What stands there may still say for whom something is to fit ("my gran is easily scared"); what it would say of
    an item itself is not asked for ("our cat is fat and happy").

    >>> texts = ("our cat is happy, something sad", "my son is mad about cars", "my wife is french and wants a film")
    >>> [text[a:b] for text in texts for a, b in find_told(text)]
    ['our cat is happy', 'my wife is french']
    """
    found = []
    for pattern in (_OF_PEOPLE, _DOING):
        for match in pattern.finditer(text):
            start = match.start("told")
            end = _TOLD_END.search(text, match.end("told")).start()  # type: ignore[union-attr]
            sentence = text[max(text.rfind(mark, 0, start) for mark in ".!?;\n") + 1 : end]
            of_a_story = text[start:end].startswith(_PRONOUNS)  # "a film about a boy, he is an orphan"
            if not _WISHED_FOR.search(sentence if of_a_story else text[start:end]):
                found.append((start, end))
    return found


_PRONOUNS = ("he ", "she ", "they ", "he'", "she'", "they'")
_TOLD_END = re.compile(
    r"[.!?;,:\n(]|\s[-–—]\s|\s(?:but|so(?= (?:i|we|something|nothing|no|please|now|needs?|can|it|not|what|maybe|"
    r"a|an|any\w*|give|show|in|for|with|if|that|must|french|nothing)\b)|now|instead|because|and (?:i|we|now|"
    r"wants?|needs?|likes?|loves?|something|please)|wants?|needs?)\b|$"
)
"""Where what is told ends."""


def is_of_somebody(text: str, start: int, end: int) -> bool:
    """Whether the words of a span say what somebody is or where somebody lives, not what is wished for.

    >>> is_of_somebody("my wife is french, something funny", 11, 17), is_of_somebody("i want a french film", 9, 15)
    (True, False)
    """
    before = text[max(0, start - _LOOK_BACK) : start]
    return _ENDS.match(text, end) is not None and _OWN.search(before) is not None
