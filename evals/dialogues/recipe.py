"""From what a worker process, here or on a Ray cluster, makes a system of a run on dialogues: paths and options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tastemaker.evals.dialogues.case import Names, link
from tastemaker.evals.dialogues.files import read_dialogues
from tastemaker.evals.dialogues.lessons import Lessons
from tastemaker.evals.dialogues.llm_options import Asks
from tastemaker.evals.dialogues.open_system import system_of
from tastemaker.evals.dialogues.run import DialogueAsker, Rows, Slices
from tastemaker.evals.dialogues.sample import sample
from tastemaker.evals.dialogues.split import Way
from tastemaker.evals.dialogues.system import Folds
from tastemaker.tools.workspace.workspace import Workspace


@dataclass(frozen=True)
class DialogueRecipe:
    """A system of :func:`tastemaker.evals.run_dialogues`.

    Attributes:
        lessons: what it learns from.
        place: folder that the processes of one machine share, see :class:`tastemaker.evals.dialogues.system.Folds`.
    """

    workspace: Path
    data_file: Path
    file_format: str | None
    ids: Path | None
    name: str
    asks: Asks
    seed: int
    limit: int | None
    lessons: Lessons = field(default_factory=Lessons)
    place: Path | None = None

    @contextmanager
    def open(self) -> Iterator[DialogueAsker]:
        """Read the same cases and open the system: when the first case comes if folds are learned before."""
        opened = Workspace.open(self.workspace)
        names = Names(opened.catalog)
        cases = link(read_dialogues(self.data_file, self.file_format, self.ids), names)
        split, scored = self.lessons.split(cases, names, self.ids)
        rows = Rows(names, Slices.of(sample(scored, self.limit, self.seed), opened.catalog))
        with ExitStack() as held:
            context = opened.tool_context(taught=split.way is Way.WORKSPACE)
            folds = Folds(context, cases, self.seed, place=self.place, split=split)
            asker = DialogueAsker(folds, lambda: system_of(self.name, opened, folds, self.asks, held), rows)
            if self.place is None:
                asker.open()
            yield asker
