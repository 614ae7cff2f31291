"""How long a workbook takes to go out and come back, in CPU seconds, and the memory that it takes.

`python bench/workbook.py` writes a dictionary with as many entries as asked for, exports it, edits
a cell in every hundredth row, imports it, and imports it again, which changes nothing. Each step is
the whole command in a process of its own, as a user runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

COMMAND = Path(sys.executable).with_name("competency")
HEAD = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX my: <https://example.org/made/>

<https://example.org/made>
    a cg:CompetencyDictionary ;
    dcterms:title "Made"@en ;
    dcterms:language "en" ;
    .
"""
SHARE = {"Knowledge": ("K", 3), "Ability": ("B", 3), "Output": ("O", 3)}
LINK = {"Knowledge": "requiresKnowledge", "Ability": "requiresAbility", "Output": "producesOutput"}
AREA_SIZE = 50
"""The entries that belong to an area."""


def dictionary(entries: int) -> Iterator[str]:
    """The text of a dictionary: areas, each with knowledge, abilities and outputs."""
    yield HEAD
    areas = max(entries // (AREA_SIZE + 1), 1)
    for area in range(areas):
        parts = [(area * AREA_SIZE + n, list(SHARE)[n % 3]) for n in range(AREA_SIZE)]
        links = "\n".join(f"    cg:{LINK[kind]} my:{kind.lower()}-{n} ;" for n, kind in parts)
        yield f"""
my:area-{area}
    a cg:AreaOfExpertise ;
    skos:prefLabel "Area number {area}"@en ;
    skos:notation "A{area + 1:02}" ;
    skos:definition "What people in area {area} have to know, be able to do and produce."@en ;
    skos:inScheme <https://example.org/made> ;
    cg:areaOf <https://example.org/made> ;
{links}
    .
"""
        for n, kind in parts:
            letter, width = SHARE[kind]
            yield f"""
my:{kind.lower()}-{n}
    a cg:{kind} ;
    skos:prefLabel "{kind} number {n}"@en ;
    skos:altLabel "{kind} {n} under another name"@en ;
    skos:notation "{letter}{n + 1:0{width}}" ;
    skos:definition "What {kind.lower()} number {n} means, in a sentence of the usual length."@en ;
    skos:inScheme <https://example.org/made> ;
    .
"""


def run(*arguments: str | Path) -> tuple[float, int, str]:
    """Run the command: CPU seconds, peak memory in MB, and what it printed."""
    process = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed: {output[-500:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, output


def edit(path: Path) -> int:
    """Edit a definition in every hundredth row, and return how many."""
    book = openpyxl.load_workbook(path)
    edited = 0
    for kind in SHARE:
        sheet = book[kind]
        column = [cell.value for cell in sheet[1]].index("Definition (en)") + 1
        for row in range(2, sheet.max_row + 1, 100):
            sheet.cell(row, column).value = f"A new definition of row {row}."
            edited += 1
    book.save(path)
    return edited


def main() -> None:
    """Measure a round trip."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, book = folder / "made.ttl", folder / "made.xlsx"
        data.write_text("".join(dictionary(rows)))
        exported = run("export", "xlsx", "--base", "none", "--no-inference", "--data", data,
                       "-o", book)  # fmt: skip
        unchanged = run("import", "xlsx", book, "--base", "none", "--data", data)
        edited = edit(book)
        changed = run("import", "xlsx", book, "--base", "none", "--data", data)
        found = {
            "rows": rows,
            "export": {"seconds": round(exported[0], 2), "MB": exported[1]},
            "import, unchanged": {"seconds": round(unchanged[0], 2), "MB": unchanged[1]},
            f"import, {edited} cells edited": {"seconds": round(changed[0], 2), "MB": changed[1]},
            "round trip": round(exported[0] + changed[0], 2),
        }
        sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
