"""How long laying out a large Turtle file takes, and how much memory.

`python bench/formatting.py` writes a file of 10 MB with comments, in the layout of Oxigraph, and
formats it: first all of its lines change, then none. Next to it stands rdflib, which parses the
file and serializes it, without its comments.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent))

from generate import statements
from versions import COMMAND, PRINTED, measured

RDFLIB = """\
import sys
from rdflib import Graph
Graph().parse(sys.argv[1]).serialize(sys.argv[2], format="longturtle")
"""
EVERY = 20
"""The number of lines from one comment to the next."""


def write(path: Path, megabytes: float) -> None:
    """A Turtle file of about this size, with comments between lines and at their ends."""
    quads = [ox.Quad(q.subject, q.predicate, q.object) for q in statements(int(megabytes * 12_000))]
    text = ox.serialize((q.triple for q in quads), format=ox.RdfFormat.TURTLE) or b""
    lines = text.decode().splitlines(keepends=True)
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, len(lines), EVERY):
            file.writelines(islice(lines, start, start + EVERY))
            file.write(f"# comment {start}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.ttl"
        write(path, options.megabytes)
        print(f"{path.stat().st_size / 1e6:.1f} MB")
        runs: dict[str, list[str | Path]] = {
            "competency fmt --check": [*COMMAND, "fmt", "--check", path],
            "competency fmt": [*COMMAND, "fmt", path],
            "competency fmt, once more": [*COMMAND, "fmt", "--check", path],
            "rdflib, longturtle": [sys.executable, "-c", RDFLIB, path, Path(folder) / "rdflib.ttl"],
        }
        for name, command in runs.items():
            seconds, megabytes, code = measured(command)
            assert code == (1 if name == "competency fmt --check" else 0), (name, code)
            print(PRINTED.format(name, seconds, megabytes), flush=True)


if __name__ == "__main__":
    main()
