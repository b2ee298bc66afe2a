"""Which product a long title names, apart from colour, size and pack."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tastemaker.retrieval.text.normalise import fold

MIN_WORDS = 4
"""A product's title must say this much besides its variant: "Three Colors: Red" and "Blue" are two films."""

MAX_CHARS = 500
"""What stands behind this in a title is not looked at."""

_UNITS = (
    "inches inch in feet foot ft yards yard yds yd mm cm meters meter m mils mil ounces ounce oz fl"
    " pounds pound lbs lb grams gram g kg milliliters ml liters liter litre l quarts quart qt pints pint"
    " gallons gallon gal grit mesh"
)
_PACKS = "packs pack pk count ct pieces piece pcs pc boxes box bags bag rolls roll sheets sheet sets set pairs pair cs"
_NUMBER = r"(?:\d{1,4}[- ]\d{1,4}/\d{1,4}|\d{1,4}/\d{1,4}|\d{0,9}\.?\d{1,9}(?:,\d{3}){0,3})"
_MEASURED = re.compile(
    rf"(?<![\w.]){_NUMBER}(?:\s?x\s?{_NUMBER})*[\s-]*(?:{'|'.join((_UNITS + ' ' + _PACKS).split())})\b\.?"
)
_BY = re.compile(rf"(?<![\w.]){_NUMBER}(?:\s?x\s?{_NUMBER})+(?![\w/])")
_PACK_OF = re.compile(
    r"\b(?:pack|box|case|bag|set|package)\s+of\s+\w+|\b\d+\s?(?:/|per)\s?(?:pack|box|case|bag|pk|bx)\b"
)
_INCH = re.compile(r"(?<=\d)\s?[\"”″]")
_FOOT = re.compile(r"(?<=\d)\s?['’′]")
_LOOKS = frozenset(
    "black white red blue green yellow orange purple violet pink brown gray grey silver gold golden beige ivory navy"
    " teal turquoise burgundy maroon royal lavender magenta cyan clear transparent natural tan"
    " light dark neon hot metallic"
    " xs small medium large xl xxl xxxl 2xl 3xl s m l extra size sizes color colour"
    " pack pk".split()
)
_SMALL = frozenset("a an the of and or for with by in to x".split())


@dataclass(frozen=True, slots=True)
class VariantTitle:
    """A title taken apart.

    Attributes:
        product: its words without those of variants, sorted and joined; empty where they are too few to tell.
        variant: what was taken out of them: measures, packs, colours, sizes.
        codes: article numbers.
    """

    product: str = ""
    variant: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def same_product(self, other: VariantTitle) -> bool:
        """Whether both name one product; another article number needs another colour, size or pack.

        >>> gloves = variant_title("Acme G200 Nitrile Exam Gloves, Blue, Large (Pack of 100)")
        >>> gloves.same_product(variant_title("Acme G201 Nitrile Exam Gloves, Blue, Small (Pack of 100)"))
        True
        >>> gloves.same_product(variant_title("Acme G300 Nitrile Exam Gloves, Blue, Large (Pack of 100)"))
        False
        """
        same = bool(self.product) and self.product == other.product
        return same and (self.codes == other.codes or self.variant != other.variant)


def variant_title(title: str) -> VariantTitle:
    """Take a product's title apart.

    >>> variant_title("Acme Duct Tape 7640 Heavy Duty, Silver, 1.88 in x 50 yd (Pack of 3)").product
    'acme duct duty heavy tape'
    >>> variant_title("Deathly Hallows: Part 2").product
    ''
    """
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        found.append(" ".join(match[0].split()))
        return " "

    rest = _FOOT.sub(" ft ", _INCH.sub(" in ", title[:MAX_CHARS].casefold()))
    for pattern in (_PACK_OF, _MEASURED, _BY):
        rest = pattern.sub(take, rest)
    words = set(fold(rest).split()) - _SMALL
    codes = {word for word in words if _is_code(word)}
    product = sorted(words - codes - _LOOKS)
    enough = sum(word.isalpha() for word in product) >= MIN_WORDS
    return VariantTitle(
        " ".join(product) if enough else "", frozenset(found) | (words & _LOOKS), frozenset(codes)
    )


def _is_code(word: str) -> bool:
    """Whether a word is an article number: letters and digits, or four digits and more.

    Shorter numbers, and a number before a letter or two, are rather a rating, such as a steel
    or watts, and part of the product.

    >>> [_is_code(word) for word in ("6153", "g200", "10ep514", "316", "220w", "2")]
    [True, True, True, False, False, False]
    """
    has_digit = any(char.isdigit() for char in word)
    return has_digit and len(word) > (4 if word[0].isdigit() and not word.isdigit() else 3)
