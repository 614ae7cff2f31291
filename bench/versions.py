"""How long comparing two versions of a large dictionary takes, and how much memory.

`python bench/versions.py` writes a dictionary of 260,000 statements and a changed version of it:
one label in a hundred is renamed, one definition in a hundred is reworded, and a few entries are
gone. The command compares them as N-Triples and as Turtle, in which findings take longer to locate.
Next to it stands rdflib, which parses both files and subtracts the graphs.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent))

from generate import statements

COMMAND = [
    sys.executable, "-c",
    "import sys; sys.argv[0] = 'competency'; from competency_graph.cli import main; main()",
]  # fmt: skip
RDFLIB = """\
import sys
from rdflib import Graph
old, new = (Graph().parse(name) for name in sys.argv[1:])
print(len(old - new), len(new - old))
"""
SKOS = "http://www.w3.org/2004/02/skos/core#"
PRINTED = "{:<34}{:>8.2f} s CPU{:>8.0f} MB"


def changed(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The same dictionary with some texts changed and some entries removed."""
    chance = random.Random(41)
    subjects = sorted({str(quad.subject) for quad in quads})
    gone = set(chance.sample(subjects, 20))
    found = []
    for quad in quads:
        value = quad.object
        if str(quad.subject) in gone:
            continue
        if (
            quad.predicate.value in (SKOS + "prefLabel", SKOS + "definition")
            and isinstance(value, ox.Literal)
            and chance.random() < 0.01
        ):
            value = ox.Literal(f"{value.value} (revised)", language=value.language)
        found.append(ox.Quad(quad.subject, quad.predicate, value))
    return found


def measured(command: list[str | Path]) -> tuple[float, float, int]:
    """The CPU seconds, the peak memory in MB and the exit code of a command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=260_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        old = [ox.Quad(q.subject, q.predicate, q.object) for q in statements(options.statements)]
        for ending, form in (("nt", ox.RdfFormat.N_TRIPLES), ("ttl", ox.RdfFormat.TURTLE)):
            files = [Path(folder) / f"{name}.{ending}" for name in ("old", "new")]
            for path, quads in zip(files, (old, changed(old)), strict=True):
                ox.serialize((quad.triple for quad in quads), path, format=form)
            for arguments in ((), ("-f", "html"), ("--check",)):
                seconds, megabytes, code = measured([*COMMAND, "diff", *files, *arguments])
                assert code == (1 if "--check" in arguments else 0), code
                name = f"competency diff .{ending} {' '.join(arguments)}"
                print(PRINTED.format(name, seconds, megabytes), flush=True)
        del old, quads
        seconds, megabytes, _ = measured(
            [
                sys.executable,
                "-c",
                RDFLIB,
                *(Path(folder) / f"{name}.nt" for name in ("old", "new")),
            ]
        )
        print(PRINTED.format("rdflib, difference of N-Triples", seconds, megabytes))


if __name__ == "__main__":
    main()
