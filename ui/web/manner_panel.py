"""How the conversation is answered: effort, variety and model, as small menus above the box where one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tastemaker.agent.llm.open_models import RULES
from tastemaker.agent.memory.manner import Manner
from tastemaker.ui.web.html import Html, tag
from tastemaker.ui.web.strings import t

EFFORTS = {"fast": "Fast", "balanced": "Balanced", "thorough": "Thorough"}
VARIETY = {"0": "Closest first", "0.8": "Varied", "0.9": "Very varied"}
"""Values of :attr:`tastemaker.agent.memory.manner.Manner.diversity`, by their words. On eight requests to ML-100K the
mean cosine within five items is .51, .44 and .39; 65 % and 40 % of the closest ones stay, with .3 all of them."""


def manner_panel(manner: Manner, effort: str, models: Sequence[str]) -> Html:
    """The menus; ``effort`` is the one unless chosen. Without a model effort makes no difference, and is left out."""
    asks = manner.model != RULES and len(models) > 1
    chosen = f"{manner.diversity:g}"
    menus = [
        _menu(
            "effort", t("Effort"), {one: t(words) for one, words in EFFORTS.items()}, manner.effort or effort
        )
        if asks
        else None,
        _menu("variety", t("Variety"), {one: t(words) for one, words in VARIETY.items()}, chosen),
        _menu("model", t("Answered by"), _names(models), manner.model or models[0])
        if len(models) > 2
        else None,
    ]
    return tag("div", menus, class_="tm-manner", role="group", aria_label=t("How to answer"))


def chosen_manner(manner: Manner, act: str, value: str, models: Sequence[str]) -> Manner:
    """The manner with one menu's choice; as it was for anything that no menu has."""
    if act == "effort" and value in EFFORTS:
        return manner.model_copy(update={"effort": value})
    if act == "variety" and value in VARIETY:
        return manner.model_copy(update={"diversity": float(value)})
    if act == "model" and value in models:
        return manner.model_copy(update={"model": value})
    return manner


def _names(models: Sequence[str]) -> dict[str, str]:
    return {one: t("Rules alone") if one == RULES else one for one in models}


def _menu(act: str, label: str, choices: Mapping[str, str], chosen: str) -> Html:
    options = [
        tag("option", words, value=value, selected=value == chosen) for value, words in choices.items()
    ]
    return tag("label", tag("span", label), tag("select", options, data_act=act), class_="tm-menu")
