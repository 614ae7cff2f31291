"""The search index is built once, and an error in that is not repeated by each search."""

from __future__ import annotations

import pytest

from competency_graph import Dictionary
from competency_graph.engines import search_index
from competency_graph.engines.in_process import InProcess
from competency_graph.engines.search_index import SearchIndex
from competency_graph.errors import LimitError
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import Reply


class Failing:
    """A backend whose first queries fail, and then those of the published dictionary succeed."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.limits = Limits()
        self.asked, self.fails = 0, True
        self._working = InProcess(dictionary.store)

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        self.asked += 1
        if self.fails:
            raise LimitError("too much", "Ask for less", limit="memory")
        return self._working.ask(request, ticket)


def test_an_error_is_reported_without_building_again(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = Failing(sales)
    index = SearchIndex(backend, fixed=True)
    for _ in range(3):
        with pytest.raises(LimitError):
            index.get(patience=60)
    assert backend.asked == 1
    backend.fails = False
    monkeypatch.setattr(search_index, "_RETRY_SECONDS", -1.0)
    assert index.get(patience=60).search("strategist").hits
    asked = backend.asked
    assert index.get(patience=60).search("analyst").hits
    assert backend.asked == asked
