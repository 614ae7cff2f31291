"""What follows from links all together, and what of that is most surprising.

It uses `mappings.skos_graph` for what follows, and `linking.concepts` for texts. Start reading in
`entailments`.
"""

from __future__ import annotations

from competency_graph.linking.consequences.entailments import Entailment, Links, entailments
from competency_graph.linking.consequences.report import FORMATS, Survey, written
from competency_graph.linking.consequences.surprise import MOST, Surprise, most_surprising

__all__ = [
    "FORMATS", "MOST", "Entailment", "Links", "Surprise", "Survey", "entailments",
    "most_surprising", "written",
]  # fmt: skip
