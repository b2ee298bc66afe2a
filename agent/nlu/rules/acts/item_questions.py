"""Questions that name no title, or open with a verb: "is it suitable for my mother?", "how violent is the second one?",
and questions about us: "what can you do?"."""

from __future__ import annotations

import re

from tastemaker.agent.nlu.rules.ordinals import ORDINALS

_THING = r"(?:one|film|movie|book|item|game|recipe)"
_ITEM = (
    rf"(?:it|that|this|they|these|those|(?:the|that|this) (?:{'|'.join(ORDINALS)})(?: {_THING})?|"
    rf"(?:that|this) {_THING}|number (?:\d|one|two|three|four|five)|#\d)"
)
_PLACED = (
    rf"(?:(?:the|that|this) (?:{'|'.join(ORDINALS)})(?: {_THING})?|(?:that|this) {_THING}|number (?:\d|"
    rf"one|two|three|four|five)|#\d)"
)
_CLOSES = (
    r"(?=(?: (?:about|made|set|end|in|from|like))?(?: (?:then|anyway|exactly|though|again|actually))*\s*\W*$)"
)
_SOMEBODY = r"(?:i|we|you|he|she|they|(?:my|our|his|her|their|a|the) [\w'’-]+(?: [\w'’-]+){0,3}?|kids|children|anyone)"
_OF_ITEM = re.compile(
    rf"^\W*(?:and |so |but |yeah,? |yes,? |ok(?:ay)?,? |hm+,? |wait,? |hang on,? |hold on,? |sorry,? |"
    rf"oh,? )*(?:"
    rf"(?:would|will|could|should|can|might) {_SOMEBODY} (?:(?:really|actually|even|also) )?"
    rf"(?:like|enjoy|love|hate|watch|see|handle|follow|cope with|sit through|get|"
    rf"understand) (?:{_PLACED}|it|that|them|these|those)\b|"
    rf"(?:would|will|could|should|might) (?:{_PLACED}|it|that|this) (?:be(?! (?:possible|too much|set|made|abroad))|"
    rf"suit|work|scare|upset|bore|please|make)\b|"
    rf"how (?:did|do|does|was) [^.!?]*\b(?:like|rate|receive|review|find|received|"
    rf"reviewed) {_ITEM}(?= ?\W*$)|"
    r"who(?:['’]s| is| was) the (?:lead|star|main (?:actor|actress)|director)(?= ?\W*$)|"
    rf"(?:do|did) you (?:think|reckon|know (?:if|whether))\b[^.!?]{{0,40}}?\b{_PLACED}\b|"
    rf"what(?:['’]?s| is) {_PLACED}(?=\W*$|\W*[,.?!])|"
    rf"(?:is|are|was|were|does|do|did|has|have) {_ITEM}\b(?! (?:all|everything|the best|it|(?:need|have) to be)\b)|"
    rf"how (?!about|many|much|do|can|come)\w+ (?:is|are|was|were) {_ITEM}\b|"
    rf"how (?:does|do|did) {_ITEM} \w+|"
    rf"(?:who|what)(?:['’]s| is| are| was| were| else is) in {_ITEM}\b|"
    rf"{_ITEM}[,!.]? (?:what(?:['’]?s| is| was)|who(?:['’]?s| is)|how \w+ is|is|was|does|did|has) "
    r"(?:it|that|this|there|in it|in that)\b[^.!]*\?|"
    rf"what \w+ (?:does|do) {_ITEM} (?:need|have|contain|use)\b|"
    r"how (?:many|much) (?:calories|pages|minutes|hours|stars|players|seats|servings|reviews|kcal|grams)\W*$|"
    rf"how many \w+(?: \w+)? (?:does|do|has|have|is|are) (?:there in )?{_ITEM}\b|"
    rf"how much (?:\w+ )?(?:is there in|does|has|is) {_ITEM}\b|"
    rf"what (?:age|language|country|genre|year|length|mood|rating) (?:is|are|was) {_ITEM}\b|"
    rf"(?:in )?(?:what|which) (?:language|country|year) (?:is|was) {_ITEM}\b|"
    rf"what (?:kind|sort|type|genre|style) of (?:a )?{_THING}s? (?:is|was|are|were) {_ITEM}\b|"
    rf"(?:is|are|was|were|does|do|did|has|have)(?:n['’]?t|nt)?(?: not)? (?:[\w.'’-]+ ){{1,5}}?"
    r"(?:in|star in|starring in|appear in|play in|playing in|act in|direct|make|the (?:star|lead|"
    r"director) of) "
    rf"{_ITEM}(?= ?\W*$| too| as well| one)|"
    rf"(?:who|what|how|when|where|which)\b(?! about)[^.!?]*\b(?:in|of|about|to|from|at|for|by|"
    rf"with) {_PLACED}{_CLOSES}|"
    rf"(?:who|what|how|when|where) (?:else )?(?:is|was|are|does|did|do|made|directed|plays?|stars?|"
    rf"wrote|acts?|dies|happens)\b[^.!?]*"
    rf"(?<!like ){_PLACED}{_CLOSES}|"
    r"(?:who|when|where|how)(?:['’]s| is| was| are| does| did|) [^.!?]*\b(?:in|of|about|from|"
    r"behind) (?:it|that|this)(?= ?\W*$)|"
    r"(?:what|which) (?:year|country|language|place|city|age|genre)\b[^.!?]*\b(?:it|that|"
    r"this)\b(?= ?(?:from|in|set|made)?\W*$)|"
    rf"(?:(?:is|are) there |has it got |does it have |did (?:it|they) (?:make|get) )?(?:any|"
    rf"an?) (?:sequels?|prequels?|follow-?ups?|remakes?)"
    rf"(?: (?:to|of) {_ITEM})?(?= ?\W*$)|"
    rf"(?:is|are|was|were|does|do|did|has|have)(?:n['’]?t|nt) {_ITEM} )",
    re.IGNORECASE,
)
_OF_US = re.compile(
    r"^\W*(?:(?:hi|hello|hey)\W+)?(?:who|what) (?:are|r) (?:you|u)\W*$|"
    r"\bwhat(?:['’]s| is) your name\b|\bare you (?:a |an )?(?:bot|robot|human|real|ai|person|machine|"
    r"chatgpt)\b",
    re.IGNORECASE,
)
_CAN_DO = re.compile(
    r"^\W*(?:(?:hi|hello|hey)\W+)?(?:what (?:can|do|could) you (?:actually |all |even )?do|"
    r"what are you (?:able to do|for|good at)|what can i (?:ask|say|do)(?: you| here)?|"
    r"how (?:do you|does (?:this|it)) work|how (?:do|can) i use (?:you|this|it)|help)\W*$",
    re.IGNORECASE,
)


def asks_of_item(message: str) -> bool:
    """Whether a message asks something of an item spoken of or shown.

    >>> asks_of_item("is it ok for a 6 year old?"), asks_of_item("how violent is the second one?")
    (True, True)
    >>> asks_of_item("is there anything funny?"), asks_of_item("how about the second one?")
    (False, False)
    >>> asks_of_item("could it be set abroad?"), asks_of_item("does it need to be American?")  # what is looked for
    (False, False)
    """
    return bool(_OF_ITEM.search(message))


def asks_who_we_are(message: str) -> bool:
    """Whether a message asks who it is talking to.

    >>> asks_who_we_are("who are you?"), asks_who_we_are("who are you fond of?")
    (True, False)
    """
    return bool(_OF_US.search(message))


def asks_what_we_do(message: str) -> bool:
    """Whether a message asks what can be asked here.

    >>> asks_what_we_do("what can you do?"), asks_what_we_do("what can you do about my mood?")
    (True, False)
    """
    return bool(_CAN_DO.search(message))
