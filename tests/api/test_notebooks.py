"""The notebooks run, and the figures that they arrive at are those of an independent count.

`make docs` installs what they need and runs these tests.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from itertools import chain
from pathlib import Path

import pytest

from conftest import ROOT

read = pytest.importorskip("myst_nb.core.read", reason="make docs runs these tests")
nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = ROOT / "docs" / "notebooks"
AREAS = {
    re.search(r'skos:notation "(A\d+)"', text)[1]: text
    for text in (path.read_text() for path in (ROOT / "data/sales/areas").glob("*.ttl"))
}
SLUGS = {re.search(r"^area:([\w-]+)$", text, re.MULTILINE)[1]: code for code, text in AREAS.items()}
SKILLS = {
    code: set(re.findall(r"cg:requires(?:Knowledge|Ability) ([\w-]+:[\w-]+)", text))
    for code, text in AREAS.items()
}
"""The knowledge and abilities of each area, read without a parser."""
ROLE_AREAS = {
    role: {SLUGS[area] for area in re.findall(r"cg:coversArea area:([\w-]+)", rest)}
    for role, rest in re.findall(
        r"^role:([\w-]+)\n(.*?)^    \.$",
        (ROOT / "data/sales/role-areas.ttl").read_text(),
        re.MULTILINE | re.DOTALL,
    )
}
ROLES = {role: set().union(*map(SKILLS.get, areas)) for role, areas in ROLE_AREAS.items()}
"""The knowledge and abilities of each role."""
CODES = dict(
    re.findall(
        r'^(\w+:[\w-]+)\n(?:    .*\n)*?    skos:notation "(\w+)"',
        "\n".join(path.read_text() for path in sorted((ROOT / "data/sales").rglob("*.ttl"))),
        re.MULTILINE,
    )
)
BY_CODE = {code: name for name, code in CODES.items()}


def outputs(name: str, monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """Everything that a notebook shows, in order, by media type."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    path = NOTEBOOKS / name
    notebook = read.read_myst_markdown_notebook(path.read_text(), path=path)
    nbclient.NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        timeout=120,
    ).execute()
    shown = chain.from_iterable(cell.get("outputs", ()) for cell in notebook.cells)
    return [each.get("data") or {"text/plain": each.get("text", "")} for each in shown]


def texts(shown: list[dict]) -> str:
    return "\n".join(each.get("text/plain", "") for each in shown)


def table(shown: list[dict], first: str) -> dict[str, list[str]]:
    """The rows of the data frame whose first row has this name, by name."""
    rows = re.findall(r"<th>([^<]*)</th>\s*((?:<td>[^<]*</td>\s*)+)", next(
        each["text/html"] for each in shown if f"<th>{first}</th>" in each.get("text/html", "")
    ))  # fmt: skip
    return {name: re.findall(r"<td>([^<]*)</td>", cells) for name, cells in rows}


def test_the_gaps_of_a_team(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = outputs("team-gaps.md", monkeypatch)
    with (NOTEBOOKS / "team.csv").open() as file:
        team = list(csv.DictReader(file))
    needs = {each["name"]: ROLES[each["role"].lower()] for each in team}
    masters = {
        each["name"]: set().union(
            *(SKILLS.get(code) or {BY_CODE[code]} for code in each["masters"].split())
        )
        for each in team
    }
    gaps = table(shown, "Ana")
    for name, needed in needs.items():
        assert gaps[name][1:3] == [str(len(needed)), str(len(needed - masters[name]))]
    required, mastered = set().union(*needs.values()), set().union(*masters.values())
    assert f"masters {len(required - mastered)} of {len(required)} skills" in texts(shown)
    missing = sum(len(needs[name] - masters[name]) for name in needs)
    closed = sum(len((needs[name] - masters[name]) & mastered) for name in needs)
    assert f"Colleagues can close {closed} of the {missing} gaps." in texts(shown)
    assert any("image/png" in each for each in shown)


def test_from_analyst_to_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = outputs("analyst-to-manager.md", monkeypatch)
    analyst, manager = ROLES["analyst"], ROLES["manager"]
    kinds = {
        "Ability": sum(name.startswith("ability:") for name in manager - analyst),
        "AreaOfExpertise": len(ROLE_AREAS["manager"] - ROLE_AREAS["analyst"]),
        "Knowledge": sum(name.startswith("knowledge:") for name in manager - analyst),
    }
    for kind, number in kinds.items():
        assert re.search(rf"^{kind} +{number}$", texts(shown), re.MULTILINE)
    shares = table(shown, "Strategist")
    for role in set(ROLES) - {"analyst"}:
        expected = [len(ROLES[role]), len(ROLES[role] & analyst)]
        assert shares[role.title()][:2] == [str(number) for number in expected]
    closest = max(shares, key=lambda role: float(shares[role][2]))
    assert closest == "Strategist"  # as the text says
    both = len(manager & analyst)
    assert f"requires {both} of the {both} shared skills" in texts(shown)
    rows = [
        row.split("\t") for row in (ROOT / "data/links/esco.sssom.tsv").read_text().splitlines()
    ]
    turtle = (ROOT / "data/sales/roles.ttl").read_text()
    block = turtle.split("\nrole:manager\n")[1].split("\n    .\n")[0]
    titles = re.findall(r"cg:exampleTitle (title:[\w-]+)", block)
    found = {
        row[6] for row in rows
        if row[0] in ("role:manager", *titles) and row[5].startswith("esco-occupation:")
    }  # fmt: skip
    conclusion = texts(shown).rsplit("To become a manager", 1)[1]
    assert f"needs {len(manager - analyst)} more of {len(manager)}" in conclusion
    assert f"{len(found)} ESCO occupations" in conclusion
    assert any(f"“{label}”" in conclusion for label in found)


def test_how_complete_our_own_dictionary_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = outputs("own-dictionary.md", monkeypatch)
    with (NOTEBOOKS / "skills.csv").open() as file:
        rows = list(csv.DictReader(file))
    areas = {row["Area"] for row in rows}
    new = areas - {"Selling Sustainably"}  # which `competency new` wrote
    statements = (
        5 * len(new) + 4 * len(rows) + len(rows)
    )  # entries with a label, class, scheme, code
    assert f"{statements} statements added" in texts(shown)
    parts = table(shown, "Selling Sustainably")
    for area in new:
        assert parts[area] == ["False", "False", "True", "False", "False", "False"]
    assert parts["Selling Sustainably"] == ["True"] * 6
    assert "12 findings: 8 violations, 2 warnings, 2 info" in texts(shown)
    per_area = table(shown, "No role covers the area of expertise.")
    assert len(per_area) == 6
    assert set(map(tuple, per_area.values())) == {("1", "1")}
    assert "8 of 18 parts are there." in texts(shown)  # all 6 of one area, 1 of the others
    assert any("<u>my:selling-electric-fleets</u>" in each.get("text/html", "") for each in shown)
