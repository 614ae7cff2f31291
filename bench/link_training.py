"""Finds the weights of the matcher's features, on the half of the entries that is for that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from competency_graph.linking.matching import Matcher, Scoring, scoring
from competency_graph.linking.suggest import MAX_CANDIDATES
from link_gold import SALES, Gold, held_out

ROUNDS = 2
"""The weights choose the candidates that the next ones are found on."""
LEAST_PRECISION = 0.65
"""Of the default threshold, on this half; a little more than what is promised of the other."""
Rows = list[tuple[str, np.ndarray, np.ndarray]]
"""Of each entry the features of its candidates, and which of them are right."""


def weights_file(golds: Sequence[Gold]) -> str:
    """The text of ``weights.toml``."""
    tables = []
    for name, features in scoring.FEATURE_SETS.items():
        found = scoring.SCORINGS[name]
        for _ in range(ROUNDS):
            rows = [_rows(each, found, features) for each in golds]
            found = _fit([row for each in rows for row in each], features)
        rows = [_rows(each, found, features) for each in golds]
        judged = [
            row for each, own in zip(golds, rows, strict=True) for row in own
            if row[0] in each.right
        ]  # fmt: skip
        found = _calibrated(found, judged, features)
        table = "".join(f"{key} = {value:.2f}\n" for key, value in found.weights.items())
        tables.append(f"[{name}]\nbias = {found.bias:.2f}\n\n[{name}.weights]\n{table}")
        threshold = _threshold(found, judged, features)  # that of the last, with most features
    head = "# Made by: python bench/linking.py --tune\n"
    return f"{head}threshold = {threshold:.2f}\n\n" + "\n".join(tables)


def _rows(gold: Gold, found: Scoring, features: Sequence[str]) -> Rows:
    matcher = Matcher(
        gold.things, gold.dictionaries[SALES], "en", linked=gold.linked(False),
        scorings=dict.fromkeys(scoring.FEATURE_SETS, found),
    )  # fmt: skip
    chosen = [
        each for each in gold.dictionaries[SALES]
        if not held_out(each.iri) and (each.iri in gold.links or each.iri in gold.right)
    ]  # fmt: skip
    return [
        (
            entry.iri,
            np.array([[each.feature(name) for name in features] for each in candidates]),
            np.array([each.thing.iri in gold.all_right(entry.iri) for each in candidates]),
        )
        for entry, candidates in matcher.candidates(chosen)
    ]


def _fit(rows: Rows, features: Sequence[str]) -> Scoring:
    table, hits = (np.concatenate([row[n] for row in rows]) for n in (1, 2))
    scale = table.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=5_000).fit(table / scale, hits)
    weights = dict(zip(features, (model.coef_[0] / scale).tolist(), strict=True))
    return Scoring(weights, float(model.intercept_[0]))


def _calibrated(found: Scoring, judged: Rows, features: Sequence[str]) -> Scoring:
    """The same order, with chances as often right as they say, of the candidates that are shown.

    Of these almost all were judged, unlike of those further down.
    """
    odds = np.concatenate(
        [_log_odds(found, table[:MAX_CANDIDATES], features) for _, table, _ in judged]
    )
    hits = np.concatenate([hits[:MAX_CANDIDATES] for _, _, hits in judged])
    model = LogisticRegression(C=1e6).fit(odds[:, None], hits)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    weights = {name: slope * weight for name, weight in found.weights.items()}
    return Scoring(weights, slope * found.bias + offset)


def _log_odds(found: Scoring, table: np.ndarray, features: Sequence[str]) -> np.ndarray:
    return found.bias + table @ np.array([found.weights[name] for name in features])


def _chances(found: Scoring, table: np.ndarray, features: Sequence[str]) -> np.ndarray:
    return 1 / (1 + np.exp(-_log_odds(found, table, features)))


def _threshold(found: Scoring, judged: Rows, features: Sequence[str]) -> float:
    """The lowest threshold with enough precision."""
    pairs = [
        (chance, hit)
        for _, table, hits in judged
        for chance, hit in sorted(
            zip(_chances(found, table, features), hits, strict=True), reverse=True
        )[:MAX_CANDIDATES]
    ]
    for threshold in np.arange(0.1, 0.8, 0.05):
        over = [hit for chance, hit in pairs if chance >= threshold]
        if over and np.mean(over) >= LEAST_PRECISION:
            return float(threshold)
    return 0.8


def write(golds: Sequence[Gold]) -> None:
    path = Path(scoring.__file__).with_name("weights.toml")
    path.write_text(weights_file(golds), encoding="utf-8")
    print(path.read_text(encoding="utf-8"))
