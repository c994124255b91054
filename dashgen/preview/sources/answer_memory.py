"""Answers of servers that several panels and views share."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from dashgen.doctor.live.live_queries import PanelQuery
from dashgen.doctor.live.query_answer import Answer
from dashgen.doctor.live.run_queries import QueryRunner, Servers, query_identity


class AnswerMemory:
    """Runs each query once, however often its answer is needed."""

    def __init__(self, servers: Servers) -> None:
        self._runner = QueryRunner(servers, keeps_results=True)
        self._answers: dict[tuple[Any, ...], Answer] = {}
        self._hints: dict[str, str] = {}

    @property
    def is_down(self) -> Iterable[str]:
        """The names of the servers that do not answer."""
        return self._runner.down.keys()

    def answers(self, queries: Sequence[PanelQuery]) -> list[Answer]:
        """An answer for each query, in their order."""
        new = [query for query in queries if query_identity(query) not in self._answers]
        for answer in self._runner.answers(new):
            # Once a server is away, the other queries have the first one's message without its hint.
            if answer.hint:
                self._hints.setdefault(answer.error, answer.hint)
            hint = answer.hint or self._hints.get(answer.error, "")
            self._answers[query_identity(answer.query)] = replace(answer, hint=hint)
        return [replace(self._answers[query_identity(query)], query=query) for query in queries]
