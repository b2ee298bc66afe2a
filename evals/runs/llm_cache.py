"""A model whose answers are kept in a file, so that no run asks the same question twice.

For evaluations of models that answer at temperature 0: two efforts of one agent share the question
what a message means, and a run that is repeated after a change elsewhere costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tastemaker.agent.llm.model import FormAnswer, LanguageModel, Messages, OptionScores
from tastemaker.agent.llm.usage import Usage
from tastemaker.agent.llm.wrapped_model import WrappedModel
from tastemaker.retrieval.atomic_write import write_atomically
from tastemaker.retrieval.errors import DataError


class RememberingModel(WrappedModel):
    """Another model, whose answers are kept.

    A kept answer carries the usage that it had when it was given. Failures are not kept. Waiting
    times of a run with kept answers say nothing.

    Args:
        model: the one that does the work.
        file: JSON Lines, appended to answer by answer; made where there is none.

    Raises:
        DataError: the file holds something else.
    """

    def __init__(self, model: LanguageModel, file: Path) -> None:
        super().__init__(model)
        self._file = file
        self._lock = threading.Lock()
        self._kept = _read(file) if file.exists() else {}

    def complete(
        self, schema: dict[str, Any], messages: Messages, max_tokens: int, timeout: float | None = None
    ) -> FormAnswer:
        """The kept answer, or the model's. Errors as the model's."""
        key = _key(self.name, schema, list(map(list, messages)), max_tokens)
        if key not in self._kept:
            filled = super().complete(schema, messages, max_tokens, timeout)
            if filled.failed:
                return filled  # another model's answer is not this one's
            self._keep(key, filled.value, filled.usage)
        value, usage = self._kept[key]
        return FormAnswer(value, Usage.model_validate(usage))

    def score_options(
        self, options: Sequence[str], messages: Messages, timeout: float | None = None
    ) -> OptionScores:
        """Likewise."""
        key = _key(self.name, list(options), list(map(list, messages)), 1)
        if key not in self._kept:
            weighed = super().score_options(options, messages, timeout)
            if weighed.failed:
                return weighed
            self._keep(key, dict(weighed.logprobs), weighed.usage)
        value, usage = self._kept[key]
        return OptionScores(value, Usage.model_validate(usage))

    def _keep(self, key: str, value: dict[str, Any], usage: Usage) -> None:
        kept = value, usage.model_dump()
        line = json.dumps({"key": key, "value": value, "usage": kept[1]}, ensure_ascii=False)
        with self._lock:
            self._kept[key] = kept
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line + "\n")


def _key(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _read(file: Path) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    content = file.read_bytes()  # as bytes, since text has more ends of line than a line feed
    if not content.endswith(b"\n"):  # a kill cut the last line short; its question is asked again
        content = content[: content.rfind(b"\n") + 1]
        write_atomically(file, content)
    kept = {}
    for number, line in enumerate(content.splitlines(), 1):
        try:
            one = json.loads(line)
            kept[one["key"]] = one["value"], one["usage"]
        except (ValueError, KeyError, TypeError) as error:
            raise DataError("no kept answer of a model; name another file", file, number) from error
    return kept
