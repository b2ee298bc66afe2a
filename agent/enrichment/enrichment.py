"""Find out what every item of a catalogue is like, resumably and in parallel.

The item-profile half of RLMRec (Ren et al., "Representation Learning with Large Language
Models for Recommendation", 2023, arXiv 2310.15950): a language model reads an item's texts and
writes down, with what it rests on, whom and what the item is for. RLMRec writes free text for
an embedder; here the profile is a form of closed values, so that it can be checked, counted
and used in exact conditions.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

from tqdm import tqdm

from tastemaker.agent.enrichment.answer_log import AnswerLog, ItemAnswer
from tastemaker.agent.enrichment.interview import ask_item
from tastemaker.agent.enrichment.item_facts import ItemFacts
from tastemaker.agent.enrichment.known_items import KnownItem
from tastemaker.agent.llm.model import LanguageModel
from tastemaker.agent.llm.usage import Usage
from tastemaker.retrieval.facets.definition import Facet

PILOT_ITEMS = 10
"""Items that are asked first, to tell what the rest will take."""


@dataclass(frozen=True)
class Task:
    """An item and the facets of it that nobody has answered yet."""

    facts: ItemFacts
    facets: tuple[Facet, ...]


@dataclass(frozen=True)
class Done:
    """What a run of tasks took.

    Attributes:
        items: answered.
        seconds: by the clock.
        usage: of all calls, added up.
    """

    items: int
    seconds: float
    usage: Usage


def open_tasks(items: Sequence[KnownItem], facets: Sequence[Facet]) -> list[Task]:
    """What is left to ask: new items, changed items, and of the others only new or changed facets."""
    tasks = (
        Task(
            item.facts,
            tuple(one for one in facets if one.name not in item.known and one.name not in item.given),
        )
        for item in items
    )
    return [task for task in tasks if task.facets]


def pilot_of(tasks: Sequence[Task], n: int = PILOT_ITEMS) -> tuple[list[Task], list[Task]]:
    """Some tasks from all over the catalogue, and the rest.

    >>> pilot_of(list("abcdefgh"), 2)
    (['a', 'e'], ['b', 'c', 'd', 'f', 'g', 'h'])
    """
    chosen = {place * len(tasks) // n for place in range(n)} if len(tasks) > n else set(range(len(tasks)))
    return (
        [task for place, task in enumerate(tasks) if place in chosen],
        [task for place, task in enumerate(tasks) if place not in chosen],
    )


def ask_all(
    tasks: Sequence[Task], model: LanguageModel, log: AnswerLog, workers: int, progress: bool = True
) -> Done:
    """Ask about every task, ``workers`` at a time; each answer is on disk as soon as it is there.

    Raises:
        ModelError: the model is away or refuses. What was answered until then, or is just being
            answered, is kept: call it again for the rest.
    """
    started, usage, items = time.perf_counter(), Usage(), 0
    with tqdm(total=len(tasks), desc="items", unit="item", disable=not progress) as bar:
        for answer in _answers(tasks, model, workers):
            log.add(answer)
            usage, items = usage + answer.usage, items + 1
            bar.update()
    return Done(items, time.perf_counter() - started, usage)


def _answers(tasks: Sequence[Task], model: LanguageModel, workers: int) -> Iterable[ItemAnswer]:
    """Answers as they come. After a failure nothing new is asked, and what is under way is still given out."""
    waiting = iter(tasks)
    failure: BaseException | None = None
    with ThreadPoolExecutor(workers, thread_name_prefix="enrich") as pool:
        running: set[Future[ItemAnswer]] = set()
        while True:
            free = workers - len(running) if failure is None else 0
            running |= {pool.submit(ask_item, one.facts, one.facets, model) for one in islice(waiting, free)}
            if not running:
                break
            try:
                done, running = wait(running, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt as stop:  # what is under way is kept; a second one breaks off
                if failure is not None:
                    raise
                failure = stop
                continue
            for future in done:
                if future.exception() is None:
                    yield future.result()
                else:
                    failure = failure or future.exception()
    if failure is not None:
        raise failure
