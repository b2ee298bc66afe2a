"""Whom "he" and "she" can mean: by first names, as people in a cast are nothing but names here."""

from __future__ import annotations

from collections.abc import Iterable

_WOMEN = frozenset(
    "agnes alice alison amy andie ann anne antonia audrey barbra bette bonnie bridget brigitte brittany "
    "carol carole carrie catherine cathy charlize cher courteney courtney deborah demi denise diane "
    "dianne dorothy drew eileen eleanor elizabeth ellen embeth emmanuelle famke faye frances gail ginger "
    "glenn glenne gong grace greer gwyneth halle heather helen holly ingrid irene jackie jacqueline jane "
    "janeane janet jenny jennifer jessica joan joanne jodie joely judith judy julianne julie karen kate "
    "katharine kathleen kathryn kathy kelly kim kirsten kirstie kristin kristy lauren lillian liv maggie "
    "margaret marilyn marlene mary mary-louise maureen meg melanie meryl michelle minnie nancy nastassja "
    "natalie neve nicole penelope penny polly rachel reese rosie ruth sally sharon sheryl shelley shirley "
    "sigourney simone sophie stockard susan tia vivien wendy whoopi".split()
)
_MEN_IN_A = frozenset("akira andrea costa joshua luca nikita ira ezra garcia".split())
_ENDINGS = ("ette", "elle", "ine", "lyn", "anne", "ie-anne")


def is_woman(name: str) -> bool:
    """Whether a name is a woman's, as far as its first part tells.

    >>> [is_woman(name) for name in ("Audrey Hepburn", "Cary Grant", "Uma Thurman", "Akira Kurosawa")]
    [True, False, True, False]
    """
    first = name.casefold().split()[0] if name.split() else ""
    return first in _WOMEN or (first.endswith(("a", *_ENDINGS)) and first not in _MEN_IN_A)


def whom_of(names: Iterable[str], pronoun: str) -> str:
    """The first of some names that a pronoun can stand for; "" for none.

    >>> whom_of(["Cary Grant", "Audrey Hepburn"], "she"), whom_of(["Cary Grant"], "they")
    ('Audrey Hepburn', 'Cary Grant')
    """
    fits = (name for name in names if pronoun == "they" or is_woman(name) == (pronoun == "she"))
    return next(fits, "")
