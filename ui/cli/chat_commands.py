"""Commands of the chat in a terminal: lines that begin with a slash."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tastemaker.retrieval.errors import ConfigError, QueryError
from tastemaker.ui.cli.console import draw, draw_table, say, write

if TYPE_CHECKING:
    from tastemaker.agent import Card, Session
    from tastemaker.retrieval.catalog.catalog import Catalog

HELP = {
    "/profile": "what is known of your taste",
    "/undo": "take the last change of it back",
    "/why 2": "why the second item is on the list",
    "/compare 1 2": "two to four items of the list beside each other",
    "/like 1": "you like the first item; /dislike 1 likewise",
    "/take 1": "you take the first item",
    "/export FILE": "keep the conversation as .md or .json",
    "/quit": "leave; an empty line does too",
}


class ChatCommands:
    """Runs the commands on one conversation."""

    def __init__(self, session: Session, catalog: Catalog) -> None:
        self._session = session
        self._catalog = catalog

    def run(self, line: str) -> bool:
        """Do what a line says; False where it ends the chat.

        Raises:
            QueryError: an unknown command, or a number that is not on the list.
            ConfigError: a file that cannot be written.
        """
        name, *words = shlex.split(line)
        if name == "/quit":
            return False
        commands: Mapping[str, Callable[[Sequence[str]], None]] = {
            "/help": self._help,
            "/profile": self._profile,
            "/undo": self._undo,
            "/why": self._why,
            "/compare": self._compare,
            "/like": lambda said: self._judge(said, self._session.like, "liked"),
            "/dislike": lambda said: self._judge(said, self._session.dislike, "disliked"),
            "/take": lambda said: self._judge(said, self._session.choose, "taken"),
            "/export": self._export,
        }
        if name not in commands:
            raise QueryError(f"no command {name}; there are {', '.join(commands)} and /quit")
        commands[name](words)
        return True

    def _help(self, _: Sequence[str]) -> None:
        draw(
            draw_table(("type", "for"), HELP.items()),
            "\n".join(f"{one}: {what}" for one, what in HELP.items()),
        )

    def _profile(self, _: Sequence[str]) -> None:
        from tastemaker.ui.views.export import conversation_json

        known = conversation_json(self._session, self._catalog)["profile"]
        rows = [
            (name, "; ".join(one["title"] if isinstance(one, dict) else one for one in said))
            for name, said in known.items()
            if said
        ]
        draw(
            draw_table(("your taste", ""), rows),
            "\n".join(f"{name}: {said}" for name, said in rows) or "nothing yet",
        )

    def _undo(self, _: Sequence[str]) -> None:
        before = self._session.profile
        say("nothing to take back" if self._session.undo() == before else "taken back")

    def _why(self, words: Sequence[str]) -> None:
        from tastemaker.ui.views.why import why

        for card in self._cards(words, least=1):
            write("\n".join((card.title, *(f"  {line}" for line in why(card)))))

    def _compare(self, words: Sequence[str]) -> None:
        from tastemaker.ui.views.comparison import compare_items

        table = compare_items(self._catalog, [card.id for card in self._cards(words, least=2)])
        rows = [(name, *said) for name, said in table.rows]
        draw(
            draw_table(("", *table.titles), rows),
            "\n".join(" | ".join(row) for row in (("", *table.titles), *rows)),
        )

    def _judge(self, words: Sequence[str], verdict: Callable[[str], object], said: str) -> None:
        for card in self._cards(words, least=1):
            verdict(card.id)
            say(f"{said}: {card.title}")

    def _export(self, words: Sequence[str]) -> None:
        from tastemaker.ui.views.export import conversation_json, conversation_markdown

        if len(words) != 1 or Path(words[0]).suffix not in (".md", ".json"):
            raise QueryError("write /export FILE, a name that ends in .md or .json")
        file = Path(words[0])
        content = (
            conversation_markdown(self._session, self._catalog)
            if file.suffix == ".md"
            else json.dumps(conversation_json(self._session, self._catalog), ensure_ascii=False, indent=2)
        )
        try:
            file.write_text(content, encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"cannot write {file} ({error.strerror}); give another name") from error
        say(f"kept in {file}")

    def _cards(self, words: Sequence[str], least: int) -> list[Card]:
        """The cards of the last list that are named by their numbers."""
        cards = self._session.last_items
        if not cards:
            raise QueryError("there is no list yet; say what you would like first")
        if len(words) < least or not all(word.isdecimal() and 1 <= int(word) <= len(cards) for word in words):
            raise QueryError(f"give {least} or more numbers of the list, 1 to {len(cards)}, such as 1 2")
        return [cards[int(word) - 1] for word in words]
