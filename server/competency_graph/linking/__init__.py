"""Links to other frameworks: candidates for them, and decisions on those."""

from __future__ import annotations

from competency_graph.linking.decided import Decided
from competency_graph.linking.review import DECISIONS, Review
from competency_graph.linking.suggest import suggest
from competency_graph.linking.things import Thing, entries, target

__all__ = ["DECISIONS", "Decided", "Review", "Thing", "entries", "suggest", "target"]
