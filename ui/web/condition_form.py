"""A small form that adds a condition: attribute, comparison, value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import gradio as gr

from tastemaker.retrieval.catalog.catalog import Catalog
from tastemaker.retrieval.catalog.schema import Attribute, Kind
from tastemaker.retrieval.catalog.value_words import provenance_mark
from tastemaker.retrieval.errors import QueryError
from tastemaker.retrieval.filters.constraints import ALLOWED, SEVERAL, Constraint, Op
from tastemaker.ui.web.assets import script
from tastemaker.ui.web.cards import in_words
from tastemaker.ui.web.html import Html, tag

MAX_SUGGESTED = 100
MAX_VALUE = 500
_PARTS = re.compile(r"\s*(?:,|;|–|\band\b|\bto\b)\s*")


def condition_form(catalog: Catalog) -> gr.HTML:
    """The form; sending it fires ``submit`` with ``{"field", "op", "value"}`` as typed."""

    def suggest_values(field: str) -> list[str]:
        return suggest(catalog, field)

    return gr.HTML(
        _form(catalog),  # not as html_template: that is evaluated, and attribute names are data
        js_on_load=script("condition_form"),
        server_functions=[suggest_values],
        elem_id="tm-condition",
        apply_default_css=False,
    )


def suggest(catalog: Catalog, field: object) -> list[str]:
    """Values worth offering for an attribute: the commonest ones of a category or tags attribute."""
    if field in catalog.schema and catalog.schema[str(field)].kind in (Kind.CATEGORY, Kind.TAGS):
        return catalog.values(str(field))[:MAX_SUGGESTED]
    return []


def parse(form: Mapping[str, object]) -> Constraint:
    """The constraint that a form states; several values are separated by commas.

    Raises:
        QueryError: no value, or a comparison that does not exist.
    """
    field, op, text = (str(form.get(key) or "").strip() for key in ("field", "op", "value"))
    if not text:
        raise QueryError(f"the condition on {field or 'nothing'} has no value; write one")
    if len(text) > MAX_VALUE:
        raise QueryError(f"the value has {len(text):,} characters; at most {MAX_VALUE:,} are read")
    try:
        known = Op(op)
    except ValueError:
        raise QueryError(f"no comparison {op!r}; allowed: {', '.join(Op)}") from None
    if known in SEVERAL:
        return Constraint(field=field, op=known, value=tuple(p.strip() for p in text.split(",") if p.strip()))
    if known is Op.BETWEEN:
        return Constraint(field=field, op=known, value=tuple(p for p in _PARTS.split(text) if p))
    return Constraint(field=field, op=known, value=text)


def _form(catalog: Catalog) -> Html:
    names = catalog.schema.names()
    allowed = {name: [[op, in_words(op)] for op in ALLOWED[catalog.schema[name].kind]] for name in names}
    return tag(
        "form",
        _label(
            "Attribute",
            "tm-condition-field",
            tag("select", [_option(catalog.schema[n]) for n in names], id="tm-condition-field"),
        ),
        _label("Comparison", "tm-condition-op", tag("select", id="tm-condition-op")),
        _label("Value", "tm-condition-value", _value_input()),
        tag("datalist", id="tm-condition-values"),
        tag("button", "Add", type="submit", class_="tm-button tm-strong"),
        class_="tm-form",
        data_allowed=json.dumps(allowed),
    )


def _label(words: str, of: str, control: Html) -> Html:
    return tag("div", tag("label", words, for_=of), control, class_="tm-labelled")


def _option(attribute: Attribute) -> Html:
    mark = provenance_mark(attribute)
    words = in_words(attribute.name) + (f" ({mark})" if mark else "")
    return tag("option", words, value=attribute.name)


def _value_input() -> Html:
    return tag("input", id="tm-condition-value", type="text", list="tm-condition-values", autocomplete="off")
