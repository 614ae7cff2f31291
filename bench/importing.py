"""How much time and memory the import of a document takes, up to 100 times the usual size.

`python bench/importing.py` makes the documents itself. The smallest has as many roles, areas and
other entries as the published dictionary, and texts of the same length, in random words.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "importing" / "document"))

from document_models import Action, Cluster, Entry, Listed, Model, Role, Style, Writer

COMMAND = Path(sys.executable).with_name("competency")
SIZES = (1, 10, 100)
ROLES, TITLES, CLUSTERS, COMPETENCIES, AREAS = 6, 5, 4, 7, 13
ACTIONS_OF_COMPETENCY, ACTIONS_OF_AREA, KNOWLEDGE, ABILITIES, OUTPUTS = 3, 6, 15, 7, 13
PRINTED = "{:>4} x {:>9,} KB {:>9,} statements {:>8.1f} s {:>7,} MiB"


def words() -> Iterator[str]:
    """Names that never repeat, of a usual length."""
    chance = random.Random(17)
    number = 0
    while True:
        number += 1
        syllables = "".join(
            chance.choices(["ba", "ke", "lo", "mi", "ru", "sta", "ven", "tor"], k=3)
        )
        yield f"{syllables.capitalize()} {''.join(chance.choices('aeioklmnrst', k=6))} no{number}"


def document(times: int) -> str:
    """A document with ``times`` as many entries as the published dictionary."""
    chance, names = random.Random(7), words()
    vocabulary = [name.split()[1] for name, _ in zip(words(), range(3_000), strict=False)]

    def sentence(length: int) -> str:
        return f"{' '.join(chance.choices(vocabulary, k=length)).capitalize()}."

    def entry(area: bool) -> Entry:
        count, length = (ACTIONS_OF_AREA, 55) if area else (ACTIONS_OF_COMPETENCY, 20)
        made = Entry(next(names), sentence(100 if area else 20), [], page=chance.randint(80, 130))
        made.actions = [Action(next(names), sentence(length)) for _ in range(count)]
        if area:
            made.knowledge = [Listed(next(names), ["some", "other"]) for _ in range(KNOWLEDGE)]
            made.abilities = [Listed(next(names)) for _ in range(ABILITIES)]
            made.outputs = [Listed(next(names)) for _ in range(OUTPUTS)]
            made.open_ended = True
        return made

    roles = [
        Role(next(names), sentence(45), [next(names) for _ in range(TITLES)])
        for _ in range(ROLES * times)
    ]
    clusters = [
        Cluster(next(names), sentence(25), [entry(False) for _ in range(COMPETENCIES)], 80)
        for _ in range(CLUSTERS * times)
    ]
    areas = [entry(True) for _ in range(AREAS * times)]
    marks = [[(at + role) % 3 == 0 for role in range(len(roles))] for at in range(len(areas))]
    return Writer(Model("bench", sentence(60), roles, clusters, areas, marks), Style()).text()


def measure(times: int, folder: Path) -> None:
    """Import a document, and print its size, the CPU time and the peak memory."""
    source = folder / f"document{times}.txt"
    source.write_text(document(times), "utf-8")
    arguments = ["import", "text", source, "--namespace", "https://example.org/bench/"]
    about = ["--license", "https://example.org/licence", "--creator", "bench"]
    output = folder / f"out{times}"
    process = subprocess.Popen(
        [COMMAND, *arguments, *about, "--output", output], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the import failed:\n{printed[:2000]}")
    statements = int(printed.split(" statements in ")[0].split()[-1].replace(",", ""))
    seconds = usage.ru_utime + usage.ru_stime
    kilobytes = source.stat().st_size // 1024
    print(
        PRINTED.format(times, kilobytes, statements, seconds, usage.ru_maxrss // 1024), flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    with tempfile.TemporaryDirectory() as folder:
        for times in parser.parse_args().sizes:
            measure(times, Path(folder))


if __name__ == "__main__":
    main()
