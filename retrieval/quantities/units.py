"""Units as people and columns write them, by what they measure and how they convert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What a unit measures."""

    MONEY = "money"
    TIME = "time"
    WEIGHT = "weight"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    STORAGE = "storage"
    ENERGY = "energy"
    POWER = "power"
    SHARE = "share"
    STARS = "stars"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit.

    Attributes:
        dimension: what it measures.
        factor: how many of the dimension's base (minute, kilogram, metre, square metre, litre, megabyte,
            kilocalorie, watt) it is; 1 for currencies, which are not converted.
        code: of a currency ("EUR"); "" for others, and where a word may mean several ("bucks").
    """

    dimension: Dimension
    factor: float = 1.0
    code: str = ""


_TABLE: Mapping[Dimension, Mapping[float, str]] = {
    Dimension.TIME: {
        1 / 60: "second seconds sec secs s sekunde sekunden seconde secondes segundo segundos",
        1 / 60_000: "millisecond milliseconds ms",
        1: "minute minutes min mins minuten minuto minutos minuti",
        60: "hour hours hr hrs h std stunde stunden hora horas heure heures ora ore uur uren",
        1440: "day days tag tage tagen jour jours dia dias giorno giorni dag dagen",
        10_080: "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken",
        43_800: "month months mo mos mth monat monate monaten mois mes meses mese mesi maand maanden",
        525_600: "year years yr yrs jahr jahre jahren an ans annee annees ano anos anno anni jaar jaren",
    },
    Dimension.WEIGHT: {
        1: "kg kgs kilo kilos kilogram kilograms kilogramm",
        0.001: "g gr gram grams gramm gramme grammes gramos",
        1e-6: "mg milligram milligrams",
        1000: "tonne tonnes metric-ton t",
        0.453592: "lb lbs pound pounds",
        0.0283495: "oz ounce ounces",
        6.35029: "stone",
    },
    Dimension.LENGTH: {
        1: "m metre metres meter meters",
        0.01: "cm centimetre centimetres centimeter centimeters zentimeter",
        0.001: "mm millimetre millimetres millimeter millimeters",
        1000: "km kms kilometre kilometres kilometer kilometers",
        1609.344: "mile miles mi",
        0.3048: "ft foot feet",
        0.0254: "inch inches in zoll",
        0.9144: "yard yards yd",
    },
    Dimension.AREA: {
        1: "sqm m2 m² qm square-metres square-meters square-metre square-meter quadratmeter",
        0.092903: "sqft ft2 ft² square-feet square-foot sq-ft",
        10_000: "hectare hectares ha",
        4046.86: "acre acres",
    },
    Dimension.VOLUME: {
        1: "l litre litres liter liters",
        0.001: "ml millilitre millilitres milliliter milliliters",
        0.01: "cl",
        3.78541: "gallon gallons gal",
        0.473176: "pint pints",
    },
    Dimension.STORAGE: {
        1: "mb megabyte megabytes meg megs",
        1024: "gb gig gigs gigabyte gigabytes",
        1 / 1024: "kb kilobyte kilobytes",
        1_048_576: "tb terabyte terabytes",
    },
    Dimension.ENERGY: {1: "kcal calories calorie cals cal kilocalories", 0.239: "kj kilojoule kilojoules"},
    Dimension.POWER: {1: "w watt watts", 1000: "kw kilowatt kilowatts", 745.7: "hp horsepower"},
    Dimension.SHARE: {1: "% percent per-cent pct prozent"},
    Dimension.STARS: {1: "star stars ★ sterne estrellas etoiles stelle"},
    Dimension.PAGES: {1: "page pages pg pgs seiten paginas pagine"},
}
_CURRENCIES: Mapping[str, str] = {
    "EUR": "€ eur euro euros",
    "USD": "usd us$ us-dollars us-dollar",
    "GBP": "£ gbp quid sterling pounds-sterling",
    "JPY": "¥ jpy yen 円",
    "KRW": "₩ krw won 원",
    "RUB": "₽ rub руб рублей рубля рубль ruble rubles",
    "TRY": "₺ try tl lira",
    "BRL": "r$ brl reais real",
    "CZK": "kč czk kc",
    "UAH": "₴ uah грн",
    "VND": "₫ vnd dong",
    "THB": "฿ thb baht",
    "ILS": "₪ ils shekel shekels",
    "INR": "₹ inr rupee rupees rs",
    "CHF": "chf francs franken",
    "CNY": "cny rmb yuan 元",
    "SEK": "sek kr kronor",
    "PLN": "pln zloty zł",
    "CAD": "cad c$",
    "AUD": "aud a$",
    "": "$ dollar dollars buck bucks dough",
}
"""By code; "" for words of several currencies."""
_TWO_WORDS = {"pound": Unit(Dimension.MONEY), "pounds": Unit(Dimension.MONEY)}
UNITS: Mapping[str, Unit] = {
    word: Unit(dimension, factor)
    for dimension, by_factor in _TABLE.items()
    for factor, words in by_factor.items()
    for word in words.split()
} | {word: Unit(Dimension.MONEY, 1.0, code) for code, words in _CURRENCIES.items() for word in words.split()}
"""Every way to write a unit, in small letters, two words joined by a hyphen."""
MONEY_BY_WEIGHT = frozenset(_TWO_WORDS)
"""Words of money and of weight: "30 pounds"; the column decides."""
SIGNS = "$€£¥₹₩₽₺₴₫฿₪"

_ALTERNATIVES = "|".join(
    re.escape(word).replace("\\-", r"[\s.-]*") for word in sorted(UNITS, key=len, reverse=True)
)
UNIT_AFTER = re.compile(rf"(?:\s?|-)(?P<unit>{_ALTERNATIVES})(?:(?<=[円元원])|(?![\w²]))", re.IGNORECASE)
"""A unit behind a number, with what joins them."""
SIGN_BEFORE = re.compile(
    rf"(?:(?P<unit>us\$|c\$|a\$|r\$|[{SIGNS}]|\b(?:eur|usd|gbp|chf|inr|rs|cad|aud|sek|pln|euros?|dollars?))\.?\s?)$",
    re.IGNORECASE,
)
"""A currency in front of a number."""


def unit_of(word: str) -> Unit | None:
    """The unit that a word stands for, None for any other word.

    >>> unit_of("kg"), unit_of("Square metres").dimension.value, unit_of("euros").code, unit_of("lamp")
    (Unit(dimension=<Dimension.WEIGHT: 'weight'>, factor=1, code=''), 'area', 'EUR', None)
    """
    key = re.sub(r"[\s.-]+", "-", word.strip().casefold()).strip("-")
    return UNITS.get(key) or UNITS.get(key.replace("-", ""))
