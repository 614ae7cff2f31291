"""Scores how well the concepts of a framework match an entry, by words, meaning and known links.

Start in `matcher`. `word_features` compares texts word by word, `meaning_features` by vectors of
`sentence_vectors`, and `weights.toml` says how much each feature counts. Needs the extra ``link``.
"""

from __future__ import annotations

from competency_graph.linking.matching.matcher import Candidate, Matcher, kind_fit
from competency_graph.linking.matching.scoring import FEATURES, SCORINGS, THRESHOLD, Scoring

__all__ = ["FEATURES", "SCORINGS", "THRESHOLD", "Candidate", "Matcher", "Scoring", "kind_fit"]
