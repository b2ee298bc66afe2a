"""Amounts, dates and yes-or-no properties in a sentence, as conditions on the columns of any catalogue."""
