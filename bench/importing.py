"""How much time and memory imports take: of documents, and of frameworks with 100,000 concepts.

`python bench/importing.py` makes the files itself. The smallest document has as many roles, areas
and other entries as the published dictionary, and texts of the same length, in random words.
`--frameworks` imports only the frameworks.
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

import framework_files

COMMAND = Path(sys.executable).with_name("competency")
SIZES = (1, 10, 100)
CONCEPTS, MOST_SECONDS, MOST_MEGABYTES = 100_000, 20, 500
ROLES, TITLES, CLUSTERS, COMPETENCIES, AREAS = 6, 5, 4, 7, 13
ACTIONS_OF_COMPETENCY, ACTIONS_OF_AREA, KNOWLEDGE, ABILITIES, OUTPUTS = 3, 6, 15, 7, 13
PRINTED = "{:>4} x {:>9,} KB {:>9,} statements {:>8.1f} s {:>7,} MB"


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


def measured(arguments: list[str | Path]) -> tuple[str, float, int]:
    """Run an import; returns its output, CPU time in seconds, and peak memory in MB."""
    process = subprocess.Popen([COMMAND, "import", *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the import failed:\n{printed[:2000]}")
    return printed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 // 10**6


def measure_framework(name: str, folder: Path) -> None:
    """Import a framework, and print its size, the CPU time and the peak memory."""
    form, source = framework_files.write(folder, name, CONCEPTS)
    printed, seconds, megabytes = measured([form, source, "-o", folder / "out.nq"])
    assert f"{CONCEPTS:,}  concepts" in printed
    kilobytes = source.stat().st_size // 1024
    fine = seconds < MOST_SECONDS and megabytes < MOST_MEGABYTES
    print(
        f"{name:<12} {CONCEPTS:,} concepts {kilobytes:>9,} KB {seconds:>8.1f} s {megabytes:>7,} MB"
        + ("" if fine else f"  more than {MOST_SECONDS} s or {MOST_MEGABYTES} MB"),
        flush=True,
    )


def measure(times: int, folder: Path) -> None:
    """Import a document, and print its size, the CPU time and the peak memory."""
    source = folder / f"document{times}.txt"
    source.write_text(document(times), "utf-8")
    arguments = ["text", source, "--namespace", "https://example.org/bench/"]
    about = ["--license", "https://example.org/licence", "--creator", "bench"]
    output = folder / f"out{times}"
    printed, seconds, megabytes = measured([*arguments, *about, "--output", output])
    statements = int(printed.split(" statements in ")[0].split()[-1].replace(",", ""))
    kilobytes = source.stat().st_size // 1024
    print(PRINTED.format(times, kilobytes, statements, seconds, megabytes), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--frameworks", action="store_true", help="import only the frameworks")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for times in () if given.frameworks else given.sizes:
            measure(times, Path(folder))
        for name in framework_files.FORMS:
            measure_framework(name, Path(folder))


if __name__ == "__main__":
    main()
