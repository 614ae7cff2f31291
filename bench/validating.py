"""How fast a dictionary is validated, against pySHACL in the same run.

`make bench` runs it. The data is the published dictionary, made anew under other names until there
are as many statements as asked for, with faults planted in every tenth copy. Both engines run as a
user runs them: the whole command, in a process of its own, from the same file. A ratio above 1
means that the fast engine takes so many times less.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import BASE
from competency_graph.validation import (
    Revalidation,
    Source,
    gather,
    read_base,
    read_shapes,
    validate_sources,
)

COMMAND = Path(sys.executable).with_name("competency")
SALES = BASE + "sales"
NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
ROLE = f"{SALES}/role/analyst"
EVERY = 10
"""In one copy of so many, the role Analyst has no definition."""


def copies(number: int) -> Iterator[tuple[ox.Triple, bool]]:
    """As many statements, to the end of a copy, and whether each is a fault's that is left out."""
    published = [
        quad.triple
        for quad in Dictionary(inferring=False).quads()
        if "asserted" in str(quad.graph_name)
    ]
    for copy in range(number // len(published) + 1):
        for triple in published:
            yield (
                renamed(triple, copy),
                (
                    copy % EVERY == 0
                    and triple.predicate.value == DEFINITION
                    and triple.subject == ox.NamedNode(ROLE)
                ),
            )


def renamed(triple: ox.Triple, copy: int) -> ox.Triple:
    """A statement of one copy: its entries, labels and codes are its own."""

    def own(term: ox.NamedNode) -> ox.NamedNode:
        if term.value.startswith(SALES):
            return ox.NamedNode(f"https://example.org/made/{copy}{term.value.removeprefix(SALES)}")
        return term

    value = triple.object
    if isinstance(value, ox.NamedNode):
        value = own(value)
    elif triple.predicate.value == NOTATION:
        value = ox.Literal(f"{letters(copy)}-{value.value}")
    elif triple.predicate.value == LABEL:
        value = ox.Literal(f"{value.value} {copy}", language="en")
    return ox.Triple(own(triple.subject), triple.predicate, value)


def letters(number: int) -> str:
    """A number in capital letters, as codes begin with them."""
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)


def write(number: int, path: Path) -> tuple[int, int]:
    """Write the data as N-Triples; the number of statements and of faults."""
    counts = [0, 0]

    def kept() -> Iterator[ox.Triple]:
        for triple, fault in copies(number):
            counts[fault] += 1
            if not fault:
                yield triple

    with path.open("wb") as file:
        ox.serialize(kept(), file, format=ox.RdfFormat.N_TRIPLES)
    return counts[0], counts[1]


def validated(path: Path, patience: float, *options: str) -> tuple[float, float, int]:
    """Seconds, peak MiB of the largest process, and findings of one run of the command.

    The findings are -1 where it was given up.
    """
    report = path.with_suffix(".json")
    command = [COMMAND, "validate", path, "--base", "none", "-f", "json", "-o", report,
               "--time-limit", "7200", *options]  # fmt: skip
    since = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    given_up = threading.Timer(patience, os.killpg, (process.pid, signal.SIGKILL))
    given_up.start()
    _, status, usage = os.wait4(process.pid, 0)
    given_up.cancel()
    took = time.perf_counter() - since
    if os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
        return took, usage.ru_maxrss / 1024, -1
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{command} failed")
    return took, usage.ru_maxrss / 1024, len(json.loads(report.read_text())["findings"])


def one_of_many(path: Path, files: int = 50) -> tuple[float, float]:
    """Seconds that the whole takes, and that it takes again after a word of one file was changed.

    Both in this process, as ``--watch`` does it.
    """
    folder = path.with_suffix(".parts")
    folder.mkdir()
    lines = path.read_text().splitlines(keepends=True)
    part = len(lines) // files + 1
    for number in range(files):
        text = "".join(lines[number * part : (number + 1) * part])
        (folder / f"{number}.nt").write_text(text)
    base, shapes = read_base(dictionary=False), read_shapes()
    again = Revalidation((*base.ontology, *base.dictionary), shapes)
    sources: list[Source] = []
    took = []
    for word in ("the", "a", "this", "that"):
        changed = folder / f"{files // 2}.nt"
        changed.write_text(changed.read_text().replace(" the ", f" {word} ", 1))
        since = time.perf_counter()
        sources = gather([str(folder)], before=sources)
        validate_sources(sources, base, shapes, again=again)
        took.append(time.perf_counter() - since)
        again.prepare()
    return took[0], min(took[1:])


def _from_the_shell() -> float:
    since = time.perf_counter()
    subprocess.run([COMMAND, "validate"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - since


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[26_000, 263_000, 2_600_000])
    parser.add_argument("--largest-for-pyshacl", type=int, default=263_000)
    parser.add_argument("--patience", type=float, default=1200, help="seconds for pySHACL")
    options = parser.parse_args()
    times = sorted(_from_the_shell() for _ in range(11))
    print(
        f"the published dictionary, from the shell: {statistics.median(times):.2f} s in the median "
        f"of {len(times)} runs, {times[0]:.2f} to {times[-1]:.2f} (to reach: 0.7)"
    )
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.nt"
            statements, faults = write(size, path)
            took, memory, found = validated(path, 7200)
            print(f"{statements:,} statements: {took:.1f} s, {memory:,.0f} MiB; "
                  f"{found} findings, {faults} planted", flush=True)  # fmt: skip
            if size <= options.largest_for_pyshacl:
                first, then = one_of_many(path)
                print(f"  one of 50 files changed: {then:.2f} s, 1/{first / then:.0f} of the whole")
                slow, _, same = validated(path, options.patience, "--engine", "pyshacl")
                more, end = ("", f"{same} findings") if same >= 0 else ("more than ", "given up")
                print(
                    f"  pySHACL: {slow:.1f} s, {more}{slow / took:.1f} x (to reach: 15); {end}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
