"""The OpenAPI description is correct: a contract tester sends valid and invalid requests."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from competency_graph.sparql.saved_queries import Catalogue
from conftest import COMMAND

# A JSON schema cannot express that a text is SPARQL, that one of two parameters is required, that a
# text names an entry, or that entries are of the kind in another parameter.
LOOSE = ["/sparql", "/graphs", "/compare", "/graph", "/matrix"]


@pytest.mark.parametrize(
    ("selection", "operations"),
    [
        ([f"--exclude-path={path}" for path in LOOSE], len(Catalogue()) + 22),
        (
            [f"--include-path={path}" for path in LOOSE]
            + ["--exclude-checks=positive_data_acceptance"],
            6,
        ),
    ],
)
def test_a_contract_tester_accepts_the_service(
    server: str, tmp_path: Path, selection: list[str], operations: int
) -> None:
    done = subprocess.run(
        [
            COMMAND.with_name("schemathesis"), "run", f"{server}/openapi.json", *selection,
            "--max-examples=5", "--phases=examples,fuzzing", "--seed=7", "--no-color", "--generation-database=none",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert f"Tested: {operations}" in done.stdout, done.stdout


def test_every_saved_query_is_described(server: str) -> None:
    with urllib.request.urlopen(f"{server}/openapi.json", timeout=20) as reply:
        paths = json.loads(reply.read())["paths"]
    assert {f"/queries/{name}" for name in Catalogue()} <= set(paths)
    assert {"/sparql", "/graphs", "/queries", "/validate", "/health", "/ready"} <= set(paths)
