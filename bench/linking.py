"""How well links are found, beside plainer ways in the same run.

`make bench` runs it. The frameworks come from their official downloads, which `frameworks` finds;
`link_gold` says what is right, and which half of the entries is measured. An entry counts as found
among k where one of the first k candidates is right. A candidate that a way proposes but nobody
judged counts as wrong.

``--tune`` finds the weights anew, ``--picture`` draws how often candidates are right.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import snowballstemmer
from rapidfuzz import fuzz, process, utils

import link_gold
import link_training
from competency_graph import linking, resources
from competency_graph.linking import Concept
from competency_graph.linking.matching import SCORINGS, THRESHOLD, Matcher, kind_fit
from competency_graph.linking.suggest import MAX_CANDIDATES
from competency_graph.mappings import frameworks
from frameworks import PLACES, graph
from link_gold import SALES, TRADES, Gold

TIMED = 500
DEPTHS = (1, 5, 10)
Ranked = dict[str, list[tuple[str, float]]]
"""Of each entry the candidates, best first, with their chance or likeness."""


@dataclass(frozen=True)
class Task:
    """Entries to find links for.

    Args:
        things: the concepts of a framework.
        entries: the dictionary that they are from.
        chosen: the entries.
        linked: entries whose links are known.
    """

    things: list[Concept]
    entries: list[Concept]
    chosen: list[Concept]
    linked: list[tuple[Concept, set[str]]]


def ours(task: Task) -> Ranked:
    return _found(Matcher(task.things, task.entries, "en", linked=task.linked), task)


def alone(task: Task) -> Ranked:
    """Without known links."""
    return _found(Matcher(task.things, task.entries, "en"), task)


def words(task: Task) -> Ranked:
    """Without known links and without the language model."""
    scorings = dict.fromkeys(SCORINGS, SCORINGS["words"])
    return _found(Matcher(task.things, task.entries, "en", scorings=scorings), task)


def _found(matcher: Matcher, task: Task) -> Ranked:
    return {
        entry.iri: [(each.thing.iri, each.chance) for each in candidates[: max(DEPTHS)]]
        for entry, candidates in matcher.candidates(task.chosen)
    }


def plain(task: Task) -> Ranked:
    """Label or other label, equal but for case."""
    named = defaultdict(list)
    for thing in task.things:
        for label in dict.fromkeys(label.casefold() for label in thing.labels):
            named[label].append(thing)
    return {
        entry.iri: [
            (thing.iri, 1.0)
            for label in entry.labels
            for thing in named.get(label.casefold(), ())
            if kind_fit(entry.kind, thing.kind)
        ]
        for entry in task.chosen
    }


def fuzzy(task: Task) -> Ranked:
    """Rapidfuzz's token_set_ratio of the label and the nearest of the candidate's labels."""
    labels = [utils.default_process(label) for thing in task.things for label in thing.labels]
    starts = np.cumsum([0, *(len(thing.labels) for thing in task.things[:-1])])
    found: Ranked = {}
    for entry in task.chosen:
        likeness = process.cdist(
            [utils.default_process(entry.label)], labels, scorer=fuzz.token_set_ratio,
            dtype=np.float32, workers=-1,
        )[0]  # fmt: skip
        best = np.maximum.reduceat(likeness, starts)
        found[entry.iri] = _first(best / 100, entry, task.things)
    return found


def bm25(task: Task) -> Ranked:
    """BM25 of all that is said, words by their stems."""
    stem = snowballstemmer.stemmer("english").stemWords

    def stems(of: Iterable[Concept]) -> list[list[str]]:
        texts = [" ".join([*thing.labels, thing.definition]) for thing in of]
        return bm25s.tokenize(texts, stemmer=stem, return_ids=False, show_progress=False)

    index = bm25s.BM25()
    index.index(stems(task.things), show_progress=False)
    found: Ranked = {}
    for entry, said in zip(task.chosen, stems(task.chosen), strict=True):
        found[entry.iri] = _first(index.get_scores(said), entry, task.things)
    return found


def _first(
    scores: np.ndarray, entry: Concept, things: Sequence[Concept]
) -> list[tuple[str, float]]:
    """The best things that an entry of its kind is linked to, with their scores."""
    order = [n for n in np.argsort(-scores, kind="stable")[:2_000]
             if kind_fit(entry.kind, things[n].kind)]  # fmt: skip
    return [(things[n].iri, float(scores[n])) for n in order[: max(DEPTHS)]]


WAYS: dict[str, Callable[[Task], Ranked]] = {
    "competency link suggest": ours,
    "  without known links": alone,
    "  without language model": words,
    "bm25s": bm25,
    "rapidfuzz token_set_ratio": fuzzy,
    "equal label": plain,
}


def recalls(ranked: Ranked, right: Callable[[str], set[str]]) -> Iterator[float]:
    """The share of entries with something right for which it is among the first 1, 5 and 10."""
    some = [iri for iri in ranked if right(iri)]
    for depth in DEPTHS:
        hits = sum(any(thing in right(iri) for thing, _ in ranked[iri][:depth]) for iri in some)
        yield hits / max(1, len(some))


def proposed(ranked: Ranked, gold: Gold) -> list[tuple[float, bool, bool]]:
    """The chance of each candidate, whether it is right, and whether it was judged at all."""
    return [
        (chance, thing in gold.all_right(iri),
         thing in gold.all_right(iri) | gold.wrong.get(iri, set()))
        for iri, candidates in ranked.items()
        for thing, chance in candidates[:MAX_CANDIDATES]
    ]  # fmt: skip


def measure(title: str, gold: Gold) -> list[tuple[float, bool, bool]]:
    """Print the figures for a framework, and return what is proposed where all was judged."""
    sales, known = gold.dictionaries[SALES], gold.linked(False)
    linked = [entry for entry, _ in gold.linked(True)]
    measured = {entry.iri for entry in linked}
    both = sum(entry.iri in measured for entry, _ in known)
    print(f"\n{title}: links of {len(known)} entries are known; {both} of these are measured")
    judged = [entry.iri for entry in gold.judged(SALES)]
    links = {iri: gold.links.get(iri, set()) for iri in judged}
    more = sum(len(gold.right[iri] - links[iri]) for iri in judged)
    none = sum(len(gold.wrong.get(iri, set()) & links[iri]) for iri in judged)
    print(
        f"{len(judged)} entries were judged: {more} matches beyond their "
        f"{sum(map(len, links.values()))} links, of which {none} were judged to be none"
    )
    tasks = {"published links": Task(gold.things, sales, linked, known)}
    tasks["judged, sales"] = Task(gold.things, sales, gold.judged(SALES, True), known)
    for trade in TRADES:
        own = gold.dictionaries[trade]
        tasks[f"judged, {trade}"] = Task(gold.things, own, gold.judged(trade), [])
    pairs = []
    for name, task in tasks.items():
        print(f"\n{title}, {name}: {len(task.chosen)} entries held out")
        depths = "".join(f"{depth:>9}" for depth in DEPTHS)
        print(f"  {'recall at':<28}{depths}  precision at {THRESHOLD}")
        for way, rank in WAYS.items():
            ranked = rank(task)
            right = gold.links.__getitem__ if name == "published links" else gold.all_right
            line = "".join(f"{figure:>9.3f}" for figure in recalls(ranked, right))
            if rank in (ours, alone, words) and name != "published links":
                found = proposed(ranked, gold)
                line += "  " + precision(found)
                if rank is ours:
                    pairs += found
            print(f"  {way:<28}{line}")
    return pairs


def precision(found: Iterable[tuple[float, bool, bool]]) -> str:
    over = [(right, judged) for chance, right, judged in found if chance >= THRESHOLD]
    share = sum(right for right, _ in over) / max(1, len(over))
    unjudged = sum(not judged for _, judged in over)
    return f"{share:.3f} of {len(over)}, {unjudged} not judged"


def reliability(pairs: Sequence[tuple[float, bool, bool]]) -> list[tuple[float, float, int]]:
    """Of candidates with similar chances: the mean chance, the share that is right, how many."""
    found = []
    for low in np.arange(0, 1, 0.1):
        inside = [(chance, right) for chance, right, _ in pairs if low <= chance < low + 0.1]
        if inside:
            said, true = (float(np.mean([pair[n] for pair in inside])) for n in (0, 1))
            found.append((said, true, len(inside)))
    return found


def draw(found: Sequence[tuple[float, float, int]], path: Path) -> None:
    """Draw the reliability diagram."""
    from matplotlib import pyplot

    pyplot.rcParams |= {"svg.hashsalt": "reliability", "svg.fonttype": "none"}
    figure, axes = pyplot.subplots(figsize=(4.8, 4.2), layout="constrained")
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1, linestyle="--")
    said, true = ([each[n] for each in found] for n in (0, 1))
    axes.plot(said, true, color="#0b5fa5", marker="o", clip_on=False)
    for x, y, count in found:
        axes.annotate(f"{count:,}", (x, y), (6, -10), textcoords="offset points", fontsize=8)
    axes.set(
        xlabel="confidence", ylabel="share that was judged right", xlim=(0, 1), ylim=(0, 1),
        aspect="equal",
    )  # fmt: skip
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def clock(path: Path, entries: Sequence[Concept]) -> None:
    """How long entries take whose meaning is not known in advance."""
    some = [
        Concept(f"{each.iri}-new", each.label, each.others, f"{each.definition} (new)", each.kind,
                each.within)
        for each in list(entries)[:TIMED]
    ]  # fmt: skip
    begun, used = time.perf_counter(), time.process_time()
    things = linking.target([path], "en")
    found = linking.suggest(some, [things])
    print(f"\n{len(some)} entries against {len(things):,} things of {path.name}, reading included: "
          f"{time.perf_counter() - begun:.1f} s, {time.process_time() - used:.1f} s of processor "
          f"time, {len(found.mappings):,} candidates")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well links are found.")
    parser.add_argument("--links", type=Path, default=resources.DATA / "links")
    parser.add_argument("--tune", action="store_true", help="find the weights anew")
    parser.add_argument("--picture", type=Path, help="draw the reliability diagram to this file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graphs = {name: path for name in PLACES if (path := graph(name, folder))}
        for name in PLACES.keys() - graphs.keys():
            print(f"{name}: not measured; {PLACES[name]} does not name its official download")
        golds = link_gold.gold(graphs, given.links)
        if given.tune:
            link_training.write(list(golds.values()))
            return
        titles = {framework.name: framework.title for framework in frameworks.FRAMEWORKS.values()}
        pairs = [pair for name, gold in golds.items() for pair in measure(titles[name], gold)]
        print("\nall that was judged:")
        for said, true, number in reliability(pairs):
            print(f"  said {said:.2f}, right {true:.2f}, of {number}")
        if given.picture and pairs:
            draw(reliability(pairs), given.picture)
        if "esco" in graphs:
            clock(graphs["esco"], golds["esco"].dictionaries[SALES])


if __name__ == "__main__":
    main()
