"""Conditions as people write them: ``year between 1990 and 1999 and (genres is Comedy or rating > 4)``.

::

    condition  = group {"or" group}
    group      = part {"and" part}
    part       = "not" part | "(" condition ")" | constraint
    constraint = field operator value {"," value}        "between" takes: value "and" value

Words are compared without case. A field's name may be written with blanks for underscores.
A value ends at a comma, a parenthesis, "and" or "or"; in double or single quotes it may
hold any of these. Within double quotes the escapes of JSON are understood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from tastemaker.retrieval.catalog.schema import MAX_SHOWN, Schema, nearest_of
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.conditions import (
    JOINTS,
    MAX_DEPTH,
    Condition,
    Constraint,
    Not,
    Op,
    all_of,
    any_of,
)
from tastemaker.retrieval.filters.constraints import ALLOWED, check

MAX_CHARACTERS = 20_000
"""A longer text is refused: nobody types it, and it would only be slow."""

_PHRASES = {
    **{op.replace("_", " "): op for op in Op},
    "not": Op.IS_NOT,
    "in": Op.ANY_OF,
    "not in": Op.NONE_OF,
}
OPERATORS = {
    "=": Op.IS,
    "!=": Op.IS_NOT,
    ">=": Op.AT_LEAST,
    "<=": Op.AT_MOST,
    "<": Op.BEFORE,
    ">": Op.AFTER,
    **{f"is {phrase}": op for phrase, op in _PHRASES.items() if op is not Op.IS},
    **_PHRASES,
}
MAX_WORDS = max(len(phrase.split()) for phrase in OPERATORS)

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'[^']*'(?=[\s(),]|$))"""
    r"""|(?P<sign>!=|<=|>=|[=<>(),])|(?P<open>")|(?P<word>(?:[^\s(),"<>=!]|!(?!=))+))""",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    value: str

    @property
    def norm(self) -> str:
        """What a word or sign is compared by; nothing for what stands in quotes."""
        return "" if self.kind == "quoted" else self.text.casefold()


def parse_where(text: str, schema: Schema) -> Condition:
    """The condition that a text states, checked against a schema.

    Raises:
        QueryError: the text is empty, too long, nested too deep or says something this schema does
            not have; names the position (counted from 1), the word, the nearest allowed and what is allowed.

    >>> from tastemaker.retrieval.filters.conditions import describe
    >>> from tastemaker.retrieval.catalog.schema import Attribute, Kind
    >>> schema = Schema(attributes=(Attribute(name="year", kind=Kind.NUMBER),))
    >>> describe(parse_where("Year >= 1990 and not (year = 1995 or year is 1997)", schema))
    'year at least 1990 and not (year is 1995 or year is 1997)'
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"the condition has {len(text):,} characters; write at most {MAX_CHARACTERS:,},"
            " such as `year at least 1990 and genres any of Comedy, Drama`"
        )
    return _Parser(text, schema).parse()


class _Parser:
    def __init__(self, text: str, schema: Schema) -> None:
        self._text = text
        self._schema = schema
        self._tokens = list(_tokens(text))
        self._at = 0
        self._fields = {_fold(name): name for name in reversed(schema.names())}
        self._fields |= {name: name for name in schema.names()}
        self._longest_field = max((len(name.split()) for name in self._fields), default=0)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def parse(self) -> Condition:
        if self._next.kind == "end":
            names = nearest_of("", self._schema.names())
            _fail(
                self._next, f"the condition is empty; write a field, an operator and a value; fields {names}"
            )
        condition = self._condition(0)
        if self._next.kind != "end":
            _fail(self._next, f"{_show(self._next)} is one too many; join conditions by and, or")
        return condition

    def _condition(self, depth: int) -> Condition:
        groups = [self._group(depth)]
        while self._took("or"):
            groups.append(self._group(depth))
        return any_of(groups)

    def _group(self, depth: int) -> Condition:
        parts = [self._part(depth)]
        while self._took("and"):
            parts.append(self._part(depth))
        return all_of(parts)

    def _part(self, depth: int) -> Condition:
        negative = False
        while self._took("not"):
            negative = not negative
        part = self._parenthesis(depth) if self._next.norm == "(" else self._constraint()
        return Not(none_of=part) if negative else part

    def _parenthesis(self, depth: int) -> Condition:
        opening = self._next
        if depth == MAX_DEPTH:
            _fail(opening, f"more than {MAX_DEPTH} parentheses within each other; write it flatter")
        self._at += 1
        condition = self._condition(depth + 1)
        if not self._took(")"):
            _fail(self._next, f"expected ) for the ( at {opening.start + 1}, not {_show(self._next)}")
        return condition

    def _constraint(self) -> Constraint:
        field = self._field()
        op = self._operator(field)
        start = self._next
        values = self._two_values() if op is Op.BETWEEN else self._values()
        constraint = Constraint(field=field, op=op, value=values if len(values) != 1 else values[0])
        try:
            return check(constraint, self._schema)
        except QueryError as error:
            _fail(start, str(error))

    def _field(self) -> str:
        for length in range(self._longest_field, 0, -1):
            span = self._tokens[self._at : self._at + length]
            said = " ".join(token.value for token in span)
            name = self._fields.get(said) or self._fields.get(_fold(said))
            if name is not None and all(token.kind in ("word", "quoted") for token in span):
                self._at += length
                return name
        return self._no_field()

    def _no_field(self) -> NoReturn:
        start, end = self._next, self._at
        while self._tokens[end].kind == "word" and not self._operator_at(end) and end < self._at + MAX_WORDS:
            end += 1
        said = " ".join(token.value for token in self._tokens[self._at : max(end, self._at + 1)])
        if start.kind in ("sign", "end"):
            _fail(start, f"expected a field, not {_show(start)}; {nearest_of('', self._schema.names())}")
        after = self._at and self._tokens[self._at - 1].norm in JOINTS
        hint = "; a value that holds “and” or “or” stands in quotes" if after else ""
        _fail(start, f"no attribute {said[:MAX_SHOWN]!r}; {nearest_of(said, self._schema.names())}{hint}")

    def _operator(self, field: str) -> Op:  # noqa: RET503 (_fail raises)
        found, start = self._operator_at(self._at), self._next
        kind = self._schema[field].kind
        if found is not None and found[0] in ALLOWED[kind]:
            self._at += found[1]
            return found[0]
        said = start.norm if found is None else found[0].replace("_", " ")
        wrong = f"has no operator {said[:MAX_SHOWN]!r}" if said else "is followed by no operator"
        near = nearest_of(said, [op.replace("_", " ") for op in ALLOWED[kind]])
        _fail(start, f"{field!r} is {kind} and {wrong}; {near}")

    def _operator_at(self, place: int) -> tuple[Op, int] | None:
        """The longest operator that begins at a token, and how many tokens it takes."""
        for length in range(MAX_WORDS, 0, -1):
            span = self._tokens[place : place + length]
            phrase = " ".join(token.norm for token in span).replace("_", " ")
            if phrase in OPERATORS and all(token.norm for token in span):
                return OPERATORS[phrase], length
        return None

    def _two_values(self) -> tuple[str, ...]:
        low = self._value()
        if not (self._took("and") or self._took(",")):
            _fail(self._next, f"expected and, not {_show(self._next)}; write between 1990 and 1999")
        return low, self._value()

    def _values(self) -> tuple[str, ...]:
        values = [self._value()]
        while self._took(","):
            values.append(self._value())
        return tuple(values)

    def _value(self) -> str:
        first, place = self._next, self._at
        if first.kind == "quoted":
            self._at += 1
            return first.value
        while self._next.kind == "word" and self._next.norm not in JOINTS:
            self._at += 1
        if self._at == place:
            _fail(first, f"expected a value, not {_show(first)}; a value that holds it stands in quotes")
        return " ".join(token.text for token in self._tokens[place : self._at])

    def _took(self, norm: str) -> bool:
        took = self._next.norm == norm
        self._at += took
        return took


def _tokens(text: str) -> Iterator[_Token]:
    control = _CONTROL.search(text)
    if control:
        _fail_at(
            control.start(), f"control character {control[0]!r}; remove it, or write it as \\u00.. in quotes"
        )
    place = 0
    while match := _TOKEN.match(text, place):
        place = match.end()
        kind, start = str(match.lastgroup), match.start(str(match.lastgroup))
        said = match[kind]
        if kind == "open":
            _fail_at(start, 'a quote that is opened here is not closed; write "..." around the value')
        yield _Token(kind, said, start, _unquote(said, start) if kind == "quoted" else said)
    yield _Token("end", "", len(text), "")


def _unquote(said: str, start: int) -> str:
    if said[0] == "'":
        return said[1:-1]
    try:
        return str(json.loads(said, strict=False))
    except ValueError:
        _fail_at(start, f"{said[:MAX_SHOWN]} has a wrong escape; write \\\\ for a backslash")


def _fold(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def _show(token: _Token) -> str:
    return repr(token.text[:MAX_SHOWN]) if token.text else "the end"


def _fail(token: _Token, message: str) -> NoReturn:
    _fail_at(token.start, message)


def _fail_at(start: int, message: str) -> NoReturn:
    raise QueryError(f"condition, character {start + 1}: {message}")
