"""A whole job of an assistant, over both transports, on the published and on an own dictionary:
from the roles that exist to an extension that is validated and linked."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from assistant import Assistant, connected
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import PromptReference
from test_stdio import OWN, framework

from conftest import COMMAND, serving_from_the_shell
from linking.framework import SKILL

ROLES = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label { ?role a cg:Role ; skos:prefLabel ?label } ORDER BY ?label"""
EXTENSION = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<https://acme.example/lathe>
    a cg:Ability ;
    skos:inScheme <https://w3id.org/competency-graph/sales> ;
    skos:notatoin "ACME-B001" ;
    skos:prefLabel "Operate lathes"@en ;
    .

<https://w3id.org/competency-graph/sales/area/designing-compensation>
    cg:requiresAbility <https://acme.example/lathe> ;
    .
"""


@dataclass(frozen=True)
class Case:
    """What an assistant meets: a dictionary, with two of its roles.

    Args:
        arguments: the options that name the dictionary.
        roles: the labels of all roles.
        present: a role.
        target: a role that requires more.
        missing: a thing that the target requires and the present role does not.
    """

    arguments: tuple[str, ...]
    roles: tuple[str, ...]
    present: str
    target: str
    missing: str


PUBLISHED = Case(
    (),
    ("Administrator", "Analyst", "Consultant", "Developer", "Manager", "Strategist"),
    "Analyst",
    "Strategist",
    "",
)
ACME = Case(("--data", "acme.ttl"), ("Buyer", "Vendeur"), "Vendeur", "Buyer", "Bookkeeping")


@contextlib.contextmanager
def over_http(folder: Path, arguments: tuple[str, ...]) -> Iterator[Assistant]:
    with (
        serving_from_the_shell(folder, *arguments) as address,
        connected(f"{address}/mcp") as found,
    ):
        yield found


@contextlib.contextmanager
def over_stdio(folder: Path, arguments: tuple[str, ...]) -> Iterator[Assistant]:
    started = StdioServerParameters(
        command=str(COMMAND), args=["mcp", *arguments], env=dict(os.environ), cwd=folder
    )
    with connected(stdio_client(started)) as found:
        yield found


@pytest.mark.parametrize(("case", "transport"), [(PUBLISHED, over_http), (ACME, over_stdio)])
def test_from_roles_to_a_linked_extension(
    tmp_path: Path, case: Case, transport: Callable[..., AbstractContextManager[Assistant]]
) -> None:
    (tmp_path / "acme.ttl").write_text(OWN)
    (tmp_path / "esco.trig").write_text(framework())
    with transport(tmp_path, (*case.arguments, "--with", "esco.trig")) as assistant:
        # Which roles exist?
        assert "Find names with find_entries" in assistant.client.instructions
        roles = [label for (label,) in assistant.call("query", query=ROLES)["rows"]]
        assert tuple(roles) == case.roles
        reference = PromptReference(type="ref/prompt", name="compare_roles")
        typed = {"name": "target", "value": case.target[:3]}
        assert case.target in assistant.ask("complete", reference, typed).completion.values

        # What does one lack to become the other, and why?
        compared = assistant.call("compare_entries", entries=[case.present, case.target])
        knowledge = next(each for each in compared["sections"] if each["kind"] == "knowledge")
        parameters = {"present": case.present, "target": case.target}
        gap = assistant.call("ask_question", question="role-gap", parameters=parameters, limit=200)
        lacked = [row[1] for row in gap["rows"] if row[2].endswith("#Knowledge")]
        assert len(lacked) == knowledge["only"][1] > 0
        assert case.missing in ["", *lacked]
        why = assistant.call(
            "explain_statement", subject=case.target, property="requires", object=lacked[0]
        )
        assert why["inferred"]
        assert why["facts"][0]["text"].startswith(f"{case.target} covers area ")

        # An extension with a typo is mended by what the validation says, and then linked.
        wrong = assistant.call("validate", text=EXTENSION, base="sales")
        (typo,) = (each for each in wrong["findings"] if "notatoin" in each["message"])
        assert (typo["line"], "skos:notation" in typo["remedy"]) == (7, True)
        text = EXTENSION.replace("notatoin", "notation")
        assert assistant.call("validate", text=text, base="sales")["counts"]["violation"] == 0
        links = assistant.call("suggest_links", texts=["Operate lathes"], kind="ability")
        assert links["suggestions"][0]["candidates"][0]["iri"] == f"{SKILL}02"
