"""The features of candidates, and how much each counts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float32]
WORDS: Final = ("equal", "label", "letters", "text", "place", "field", "use", "kind")
"""Features without a language model, each from about 0 to about 1:

- ``equal``: both have a label that is equal except for case, inflection and function words
- ``label``: similarity of the entry's label to the most similar label of the candidate, in words
- ``letters``: similarity of the labels in groups of letters, which finds related words
- ``text``: similarity of labels, definitions and broader concepts, in words
- ``place``: similarity of the entry's context (areas, broader concepts) to the candidate
- ``field``: similarity of the whole dictionary to the candidate
- ``use``: how many occupations require the candidate
- ``kind``: how well the candidate's kind suits the entry's kind
"""
MEANING: Final = (*WORDS, "meaning", "meaning_place", "meaning_field")
"""Also the same three similarities in meaning: of the entry, its context and the dictionary."""
LINKS: Final = (*MEANING, "linked", "neighbours", "place_linked", "place_neighbours")
"""Also what other entries are linked to:

- ``linked``: similarity of the most similar entry that is linked to the candidate itself
- ``neighbours``: similarity of the candidate to what the most similar entries are linked to
- ``place_linked``, ``place_neighbours``: the same two, of the entries in the same areas and under
  the same broader concepts, and of these themselves
"""
FEATURES: Final = LINKS
FEATURE_SETS: Final = {"words": WORDS, "meaning": MEANING, "links": LINKS}


@dataclass(frozen=True)
class Scoring:
    """A logistic regression on the features of candidates.

    Args:
        weights: the weight of each feature; features without one are not used.
        bias: the log-odds of a candidate whose features are all 0.
    """

    weights: Mapping[str, float]
    bias: float

    def log_odds(self, features: Mapping[str, Numbers]) -> Numbers:
        """The log-odds that candidates with these features are right."""
        terms = [np.float32(weight) * features[name] for name, weight in self.weights.items()]
        total: Numbers = np.sum(terms, axis=0) + np.float32(self.bias)
        return total


_TABLES: Final = tomllib.loads(Path(__file__).with_name("weights.toml").read_text("utf-8"))
SCORINGS: Final = {
    name: Scoring(_TABLES[name]["weights"], _TABLES[name]["bias"]) for name in FEATURE_SETS
}
"""The scorings found by ``bench/linking.py --tune``, by the names in `FEATURE_SETS`."""
THRESHOLD: Final[float] = _TABLES["threshold"]
"""The minimum probability of candidates by default."""
