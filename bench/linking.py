"""How well links are found, on the curated ones, against plainer ways in the same run.

`make bench` runs it. The frameworks come from their official downloads, which the project does not
hold: ``COMPETENCY_ESCO`` and ``COMPETENCY_ONET`` name the folders (or an RDF file made of them).

The entries are split in halves by a hash of their IRI. The weights and the threshold of
`competency_graph.linking.matching` were found on one half, which ``--tune`` does again; the figures
are those of the other. An entry counts as found among k where one of the first k candidates is a
thing that the curators linked it to. They saw candidates that a search by words had found, so all
figures flatter whatever searches by words.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import bm25s
import numpy as np
import snowballstemmer
from rapidfuzz import fuzz, process, utils

from competency_graph import linking, mappings, resources
from competency_graph.linking import Concept
from competency_graph.linking.matching import BIAS, FEATURES, THRESHOLD, WEIGHTS, Matcher, kind_fit
from competency_graph.linking.suggest import MAX_CANDIDATES
from competency_graph.mappings import frameworks

COMMAND = Path(sys.executable).with_name("competency")
PLACES = {"esco": "COMPETENCY_ESCO", "onet": "COMPETENCY_ONET"}
TIMED = 500
DEPTHS = (1, 5, 10)
Links = dict[str, dict[str, str]]
"""Of each entry that was looked at, the things that it is linked to, with the predicate."""
Ranked = dict[str, list[tuple[str, float]]]
"""Of each entry the candidates, best first, with their chance or likeness."""


def held_out(iri: str) -> bool:
    """Whether an entry is of the half that nothing was tuned on."""
    return hashlib.sha256(iri.encode()).digest()[-1] % 2 == 1


def curated(folder: Path) -> dict[str, Links]:
    """The curated links, by framework."""
    found: dict[str, Links] = defaultdict(dict)
    for path in sorted(folder.glob("*.sssom.tsv")):
        links = mappings.read(path)
        name = links.texts("object_source")[0].rpartition(":")[2]
        for each in links.mappings:
            linked = found[name].setdefault(links.expand(each.subject_id), {})
            if each.object_id != mappings.NO_TERM and not each.negated:
                linked[links.expand(each.object_id)] = each.predicate_id
    return found


def graph(name: str, folder: str) -> Path | None:
    """The framework as RDF, made from its download where one is named."""
    place = os.environ.get(PLACES[name])
    if not place:
        return None
    if Path(place).is_file():
        return Path(place)
    path = Path(folder) / f"{name}.nq"
    subprocess.run([COMMAND, "import", name, place, "-o", path], check=True, capture_output=True)
    return path


def ours(
    things: Sequence[Concept], entries: Sequence[Concept], chosen: Sequence[Concept]
) -> Ranked:
    found = Matcher(things, entries, "en").candidates(chosen)
    return {entry.iri: [(c.thing.iri, c.chance) for c in each] for entry, each in found}


def plain(things: Sequence[Concept], _: Sequence[Concept], chosen: Sequence[Concept]) -> Ranked:
    """Label or other label, equal but for case."""
    named = defaultdict(list)
    for thing in things:
        for label in dict.fromkeys(label.casefold() for label in thing.labels):
            named[label].append(thing)
    return {
        entry.iri: [
            (thing.iri, 1.0)
            for label in entry.labels
            for thing in named.get(label.casefold(), ())
            if kind_fit(entry.kind, thing.kind)
        ]
        for entry in chosen
    }


def fuzzy(things: Sequence[Concept], _: Sequence[Concept], chosen: Sequence[Concept]) -> Ranked:
    """Rapidfuzz's token_set_ratio of the label and the nearest of the candidate's labels."""
    labels = [utils.default_process(label) for thing in things for label in thing.labels]
    starts = np.cumsum([0, *(len(thing.labels) for thing in things[:-1])])
    found: Ranked = {}
    for entry in chosen:
        likeness = process.cdist(
            [utils.default_process(entry.label)], labels, scorer=fuzz.token_set_ratio,
            dtype=np.float32, workers=-1,
        )[0]  # fmt: skip
        best = np.maximum.reduceat(likeness, starts)
        found[entry.iri] = _first(best / 100, entry, things)
    return found


def bm25(things: Sequence[Concept], _: Sequence[Concept], chosen: Sequence[Concept]) -> Ranked:
    """BM25 of all that is said, words by their stems."""
    stem = snowballstemmer.stemmer("english").stemWords

    def words(of: Iterable[Concept]) -> list[list[str]]:
        texts = [" ".join([*thing.labels, thing.definition]) for thing in of]
        return bm25s.tokenize(texts, stemmer=stem, return_ids=False, show_progress=False)

    index = bm25s.BM25()
    index.index(words(things), show_progress=False)
    found: Ranked = {}
    for entry, said in zip(chosen, words(chosen), strict=True):
        found[entry.iri] = _first(index.get_scores(said), entry, things)
    return found


def _first(
    scores: np.ndarray, entry: Concept, things: Sequence[Concept]
) -> list[tuple[str, float]]:
    """The best things that an entry of its kind is linked to, with their scores."""
    order = [n for n in np.argsort(-scores, kind="stable")[:2_000]
             if kind_fit(entry.kind, things[n].kind)]  # fmt: skip
    return [(things[n].iri, float(scores[n])) for n in order[: max(DEPTHS)]]


WAYS: dict[str, Callable[[Sequence[Concept], Sequence[Concept], Sequence[Concept]], Ranked]] = {
    "competency link suggest": ours,
    "equal label": plain,
    "rapidfuzz token_set_ratio": fuzzy,
    "bm25s": bm25,
}


def recalls(ranked: Ranked, links: Links) -> Iterator[float]:
    """The share of linked entries for which a link is among the first 1, 5 and 10."""
    linked = {iri: things for iri, things in links.items() if things and iri in ranked}
    for depth in DEPTHS:
        hits = sum(
            any(thing in things for thing, _ in ranked[iri][:depth])
            for iri, things in linked.items()
        )
        yield hits / max(1, len(linked))


def selected(ranked: Ranked, links: Links, threshold: float) -> list[tuple[str, bool]]:
    """The candidates above the threshold, with their entry, and whether the curators have them."""
    return [
        (iri, thing in links[iri])
        for iri, candidates in ranked.items()
        for thing, chance in candidates[:MAX_CANDIDATES]
        if chance >= threshold
    ]


def half(links: Links, which: bool) -> Links:
    return {iri: things for iri, things in links.items() if held_out(iri) is which}


def measure(name: str, links: Links, things: Sequence[Concept], entries: Sequence[Concept]) -> None:
    own = half(links, True)
    strict = {
        iri: {thing: p for thing, p in found.items() if p != "skos:relatedMatch"}
        for iri, found in own.items()
    }
    chosen = [entry for entry in entries if entry.iri in own]
    linked, narrow = (sum(map(bool, each.values())) for each in (own, strict))
    print(f"\n{name}: {len(chosen)} entries held out; {linked} are linked, {narrow} by more than "
          "skos:relatedMatch")  # fmt: skip
    print(f"  {'':<28}{'any link':^27}{'not related alone':^27}")
    print(f"  {'recall at':<28}{''.join(f'{d:>9}' for d in DEPTHS) * 2}")
    for way, rank in WAYS.items():
        ranked = rank(things, entries, chosen)
        figures = [*recalls(ranked, own), *recalls(ranked, strict)]
        print(f"  {way:<28}{''.join(f'{figure:>9.3f}' for figure in figures)}")
        if way == "equal label" or rank is ours:
            found = selected(ranked, own, THRESHOLD)
            right = sum(hit for _, hit in found)
            some = len({iri for iri, _ in found})
            share = right / max(1, len(found))
            least = f", at {THRESHOLD}" if rank is ours else ""
            print(f"  {'':<28}precision {share:.3f} of {len(found)} candidates for {some} entries"
                  f"{least}")  # fmt: skip
        if rank is ours:
            calibration(ranked, own)


def calibration(ranked: Ranked, links: Links) -> None:
    """How often the curators have what is given a chance."""
    pairs = [(c, thing in links[iri]) for iri, each in ranked.items() for thing, c in each]
    for low, high in ((0.0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 1.0)):
        inside = [(chance, hit) for chance, hit in pairs if low <= chance < high]
        if inside:
            said, true = (float(np.mean([pair[n] for pair in inside])) for n in (0, 1))
            print(f"  {'':<28}chance {low} to {high}: said {said:.3f}, true {true:.3f}, "
                  f"of {len(inside)}")  # fmt: skip


def tune(given: dict[str, tuple[Links, list[Concept]]], entries: Sequence[Concept]) -> None:
    """Find weights and threshold on the half that is for that, and print them."""
    from sklearn.linear_model import LogisticRegression

    weights, bias = dict(WEIGHTS), BIAS
    for _ in range(2):  # the weights choose the candidates that the next ones are found on
        features, hits = [], []
        for links, things in given.values():
            own = half(links, False)
            chosen = [entry for entry in entries if entry.iri in own]
            matcher = Matcher(things, entries, "en", weights=weights, bias=bias)
            for entry, candidates in matcher.candidates(chosen):
                features += [candidate.features for candidate in candidates]
                hits += [candidate.thing.iri in own[entry.iri] for candidate in candidates]
        table, scale = np.array(features), np.array(features).std(axis=0) + 1e-9
        model = LogisticRegression(C=0.3, max_iter=5_000).fit(table / scale, hits)
        weights = dict(zip(FEATURES, (model.coef_[0] / scale).tolist(), strict=True))
        bias = float(model.intercept_[0])
    print("WEIGHTS", {name: round(weight, 2) for name, weight in weights.items()})
    print("BIAS", round(bias, 2))
    ranks = []
    for links, things in given.values():
        own = half(links, False)
        matcher = Matcher(things, entries, "en", weights=weights, bias=bias)
        chosen = [entry for entry in entries if entry.iri in own]
        found = matcher.candidates(chosen)
        ranks.append(({e.iri: [(c.thing.iri, c.chance) for c in each] for e, each in found}, own))
    wanted = sum(len(things) for _, own in ranks for things in own.values())
    best = (0.0, 0.0)
    for threshold in np.arange(0.02, 0.6, 0.01):
        pairs = [pair for ranked, own in ranks for pair in selected(ranked, own, threshold)]
        best = max(best, (2 * sum(hit for _, hit in pairs) / (len(pairs) + wanted), threshold))
    print("THRESHOLD", round(best[1], 2), f"(F1 {best[0]:.3f})")


def clock(path: Path, entries: Iterable[Concept]) -> None:
    some = list(entries)[:TIMED]
    begun = time.perf_counter()
    things = linking.target([path], "en")
    found = linking.suggest(some, [things])
    print(f"\n{len(some)} entries against {len(things):,} things of {path.name}, reading included: "
          f"{time.perf_counter() - begun:.1f} s, {len(found.mappings):,} candidates")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well links are found.")
    parser.add_argument("--links", type=Path, default=resources.DATA / "links")
    parser.add_argument("--tune", action="store_true", help="find the weights anew")
    given = parser.parse_args()
    links = curated(given.links)
    entries = linking.entries(resources.turtle_files(resources.DATA), (), "en")
    with tempfile.TemporaryDirectory() as folder:
        graphs = {name: graph(name, folder) for name in PLACES}
        for name in PLACES:
            if graphs[name] is None:
                print(f"{name}: not measured; {PLACES[name]} does not name its official download")
        there = {
            name: (links[name], linking.target([path], "en"))
            for name, path in graphs.items()
            if path and name in links
        }
        titles = {framework.name: framework.title for framework in frameworks.FRAMEWORKS.values()}
        if given.tune:
            tune(there, entries)
            return
        for name, (own, things) in there.items():
            measure(titles[name], own, things, entries)
        if graphs["esco"]:
            clock(graphs["esco"], entries)


if __name__ == "__main__":
    main()
