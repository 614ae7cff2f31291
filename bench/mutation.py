"""How many small faults in the code the tests find: a mutation score for three rooms.

cosmic-ray changes one thing at a time (a comparison, a number, a `not`); a change that no test
finds has survived. All changes together take days, so a sample is drawn, the same for each seed.
Run it on a quiet machine: a test that fails for lack of time counts as one that finds the change.

    python bench/mutation.py [--sample N] [--seed S] [--suite FOLDER] [ROOM ...]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
SLOW = ("engines_agree", "hostile", "mappings", "validate")
TESTS = {
    "validation": sorted(
        (f"tests/validation/{path.name}" for path in (ROOT / "tests/validation").glob("test_*.py")),
        key=lambda name: (name.endswith(tuple(f"test_{slow}.py" for slow in SLOW)), name),
    ),
    "sparql": ["tests/sparql", "tests/queries", "tests/web/test_protocol.py"],
    "mappings": ["tests/mappings", "tests/validation/test_mappings.py", "tests/linking"],
}
"""The rooms, and the tests that are to find faults in them, the slow ones last."""
SKIPPED = re.compile("Binary|Eq_Is")
"""Operators left out: they change annotations, or give code that no program runs at all."""
SECONDS = 900
"""How long the tests of one change may take; an endless loop is found."""


def chosen(session: Path, number: int, seed: int) -> None:
    """Keep a sample of the changes of a session."""
    with closing(sqlite3.connect(session)) as database:
        useful = [
            job
            for job, operator in database.execute(  # jobs have random names: places order them
                "SELECT job_id, operator_name FROM mutation_specs ORDER BY module_path, "
                "start_pos_row, start_pos_col, operator_name, occurrence, operator_args"
            )
            if not SKIPPED.search(operator)
        ]
        kept = random.Random(seed).sample(useful, min(number, len(useful)))
        for table in ("mutation_specs", "work_items"):
            database.execute(
                f"DELETE FROM {table} WHERE job_id NOT IN ({','.join('?' * len(kept))})", kept
            )
        database.commit()


def score(room: str, number: int, seed: int, suite: Path) -> tuple[int, list[str]]:
    """How many changes of a room were made, and the ones that survived."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT, folder / "copy", ignore=shutil.ignore_patterns(".venv", ".git"))
        if suite != ROOT:
            shutil.rmtree(folder / "copy" / "tests")
            shutil.copytree(suite / "tests", folder / "copy" / "tests")
        session, settings = folder / "session.sqlite", folder / "settings.toml"
        tests = " ".join(TESTS[room])
        command = f"{sys.executable} -m pytest -q -x -p no:cacheprovider {tests}"
        settings.write_text(
            f'[cosmic-ray]\nmodule-path = "server/competency_graph/{room}"\ntimeout = {SECONDS}.0\n'
            f"excluded-modules = []\ntest-command = {json.dumps(command)}\n"
            '[cosmic-ray.distributor]\nname = "local"\n'
        )
        environment = os.environ | {"PYTHONPATH": str(folder / "copy" / "server")}

        def cosmic_ray(verb: str) -> None:
            subprocess.run(
                [Path(sys.executable).with_name("cosmic-ray"), verb, settings, session],
                cwd=folder / "copy",
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )

        cosmic_ray("init")
        chosen(session, number, seed)
        cosmic_ray("exec")
        with closing(sqlite3.connect(session)) as database:
            rows = database.execute(
                "SELECT module_path, start_pos_row, operator_name, test_outcome "
                "FROM mutation_specs JOIN work_results USING (job_id) ORDER BY 1, 2"
            ).fetchall()
    survivors = [
        f"{path}:{row} {operator.removeprefix('core/')}"
        for path, row, operator, outcome in rows
        if outcome == "SURVIVED"
    ]
    return len(rows), survivors


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(TESTS))
    parser.add_argument("--sample", type=int, default=50, help="changes of each room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suite", type=Path, default=ROOT, help="a checkout whose tests to run")
    asked = parser.parse_args()
    for room in asked.rooms or TESTS:
        made, survivors = score(room, asked.sample, asked.seed, asked.suite.resolve())
        found = made - len(survivors)
        print(f"{room}: {found} of {made} changes found ({found / made:.0%})", flush=True)
        for survivor in survivors:
            print(f"  {survivor}", flush=True)


if __name__ == "__main__":
    main()
