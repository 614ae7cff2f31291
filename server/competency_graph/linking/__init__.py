"""Links to other frameworks: candidates, reviews, checks, what follows, and new versions."""

from __future__ import annotations

from competency_graph.linking.concepts import Concept, entries, target
from competency_graph.linking.decisions import Decisions
from competency_graph.linking.reviewing.records import DECISIONS
from competency_graph.linking.reviewing.review import Review
from competency_graph.linking.suggest import prepare, suggest

__all__ = ["DECISIONS", "Concept", "Decisions", "Review", "entries", "prepare", "suggest", "target"]
