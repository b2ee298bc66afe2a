"""Ask a model about one item: one form, and once more where the answer was outside of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker import prompts
from tastemaker.agent.enrichment.answer_log import ItemAnswer
from tastemaker.agent.enrichment.facet_form import (
    FacetAnswer,
    describe_facet,
    facet_schema,
    max_tokens,
    read_form,
)
from tastemaker.agent.enrichment.item_facts import ItemFacts
from tastemaker.agent.enrichment.known_items import facet_digest, question_key
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.errors import ModelNonsense
from tastemaker.retrieval.facets.definition import Facet

CALL_SECONDS = 600.0
"""For one item; a local model on two busy cores needs most of it for a long form."""
MAX_FAULTS_SHOWN = 6


def ask_item(facts: ItemFacts, facets: Sequence[Facet], model: LanguageModel) -> ItemAnswer:
    """All these facets of an item, in one call or, where an answer does not fit, two.

    What is outside the form after that is unknown and named as outside.

    Raises:
        ModelError: no answer, other than nonsense.
    """
    fit, faults, usage = _ask(facts, facets, model, {})
    if faults:
        again = [facet for facet in facets if facet.name in faults]
        fit_now, faults, more = _ask(facts, again, model, faults)
        fit, usage = {**fit, **fit_now}, usage + more
    answers = {facet.name: fit.get(facet.name, FacetAnswer()) for facet in facets}
    keys = {facet.name: question_key(facts, facet_digest(facet)) for facet in facets}
    return ItemAnswer(facts.id, keys, answers, tuple(faults), model.name, usage)


def _ask(
    facts: ItemFacts, facets: Sequence[Facet], model: LanguageModel, faults: Mapping[str, str]
) -> tuple[dict[str, FacetAnswer], dict[str, str], Usage]:
    # The part that all items share comes first, so that a server reads it once.
    system = prompts.load("enrich", facets="\n".join(map(describe_facet, facets)))
    said = [facts.text]
    if faults:
        shown = "; ".join(f"{name}: {why}" for name, why in list(faults.items())[:MAX_FAULTS_SHOWN])
        said.append(prompts.load("enrich_again", faults=shown).text)
    messages = [("system", system.text), ("user", "\n\n".join(said))]
    try:
        filled = model.complete(
            facet_schema(facets, facts.fields), messages, max_tokens(facets), CALL_SECONDS
        )
    except ModelNonsense:
        return {}, {facet.name: "no form" for facet in facets}, Usage(calls=1)
    return *read_form(filled.value, facets, facts, last=bool(faults)), filled.usage
