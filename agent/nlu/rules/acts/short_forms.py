"""Short and careless forms of the words by which a list is talked of: "wots", "em", "pls", "ive", "how long's that"."""

from __future__ import annotations

import re

_FORMS = {
    r"wh?[ao]t+s|wots": "what's",
    r"whos|hoos": "who's",
    r"['’]?em": "them",
    r"pls|plz|plse|pleez": "please",
    r"ive": "I've",
    r"weve": "we've",
    r"thats|dats": "that's",
    r"(?:muchas )?gracias|merci(?: beaucoup)?|danke(?: sch[oö]n)?|grazie|obrigad[oa]|bedankt|dank je": "thanks",
    r"wich|witch(?= (?:one|of)\b)": "which",
    r"didnt": "didn't",
    r"dont": "don't",
    r"hasnt": "hasn't",
    r"havent": "haven't",
    r"isnt": "isn't",
    r"arent": "aren't",
    r"doesnt": "doesn't",
    r"ill(?= (?:take|have|go|watch)\b)": "I'll",
}
_SHORT = tuple(
    (re.compile(rf"(?<![\w'’]){form}(?![\w'’])", re.IGNORECASE), full) for form, full in _FORMS.items()
)
_OPENS = re.compile(r"^\W*(?:k|kk|okey|okie|oki|okay-dokay)\b(?=\W)", re.IGNORECASE)
_IS = re.compile(r"\bhow (\w+)['’]s (?=(?:it|that|this|the)\b)", re.IGNORECASE)


def write_out(message: str) -> str:
    """A message with such words in full.

    >>> write_out("k, wots the 3rd about"), write_out("how long's that"), write_out("seen em all pls")
    ("ok, what's the 3rd about", 'how long is that', 'seen them all please')
    """
    text = _IS.sub(r"how \1 is ", _OPENS.sub("ok", message))
    for form, full in _SHORT:
        text = form.sub(full, text)
    return text
