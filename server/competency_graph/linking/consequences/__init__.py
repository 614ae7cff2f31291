"""What follows from links all together, and what of that is most surprising.

It uses `mappings.skos_graph` for what follows, and `linking.concepts` for texts. Start reading in
`survey`.
"""

from __future__ import annotations

from competency_graph.linking.consequences.report import FORMATS, written
from competency_graph.linking.consequences.surprise import MOST
from competency_graph.linking.consequences.survey import Survey, survey

__all__ = ["FORMATS", "MOST", "Survey", "survey", "written"]
