"""The catalogue: headers, parameters and their types."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from competency_graph import resources
from competency_graph.errors import BadValueError, UnknownNameError, UnreadableInputError
from competency_graph.sparql.saved_queries import Catalogue, Parameter, read_query

ROLE = ox.NamedNode("https://w3id.org/competency-graph/sales/role/analyst")
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


@pytest.mark.parametrize(
    ("type_", "value", "term"),
    [
        ("cg:Role", "role:analyst", ROLE),
        ("cg:Role", ROLE.value, ROLE),
        ("cg:Role", f"<{ROLE.value}>", ROLE),
        ("language", "de-AT", ox.Literal("de-at")),
        ("integer", "79", ox.Literal("79", datatype=INTEGER)),
        ("text", '" } DROP ALL #', ox.Literal('" } DROP ALL #')),
    ],
)
def test_a_value_becomes_a_term(type_: str, value: str, term: object) -> None:
    assert Parameter("p", type_, "x", "").term(value) == term


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("cg:Role", "analyst"),
        ("cg:Role", "nosuch:analyst"),
        ("cg:Role", "http://e/> } #"),
        ("language", "english language"),
        ("integer", "7.5"),
        ("integer", "9" * 19),
    ],
)
def test_a_value_of_another_type_is_refused(type_: str, value: str) -> None:
    with pytest.raises(BadValueError, match="not a valid value for the parameter “p”"):
        Parameter("p", type_, "x", "").term(value)


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="role-knowledge"):
        Catalogue()["role-knowlege"]
    with pytest.raises(BadValueError, match="It has role, language"):
        Catalogue()["role-knowledge"].bind({"roll": "x"})


def test_a_query_needs_only_frameworks_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.rq"
    path.write_text("# title: A\n# needs: esco, onet\nASK {}")
    assert read_query(path).needs == ("esco", "onet")
    path.write_text("# title: A\n# needs: ctdl\nASK {}")
    with pytest.raises(UnreadableInputError, match="there is no framework “ctdl”"):
        read_query(path)


def test_a_broken_header_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.rq"
    path.write_text("# title: A\n# parameter: role | cg:Role\nASK {}")
    with pytest.raises(UnreadableInputError) as caught:
        read_query(path)
    assert (caught.value.where, caught.value.line) == (str(path), 2)


def test_groups_come_in_their_order_and_others_last(tmp_path: Path) -> None:
    for name, group in {"a": "", "b": "Later", "c": "First", "d": "Also", "e": "First"}.items():
        (tmp_path / f"{name}.rq").write_text(f"# group: {group}\nASK {{}}")
    (tmp_path / "groups.txt").write_text("First\nLater\n")
    found = {group: [q.name for q in each] for group, each in Catalogue(tmp_path).groups().items()}
    assert list(found.items()) == [
        ("First", ["c", "e"]),
        ("Later", ["b"]),
        ("Also", ["d"]),
        ("", ["a"]),
    ]


def test_every_published_query_has_a_group_of_the_list() -> None:
    order = (resources.QUERIES / "groups.txt").read_text().splitlines()
    assert list(Catalogue().groups()) == order
