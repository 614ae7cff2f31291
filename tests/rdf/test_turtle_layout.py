"""The layout of Turtle: one value to a line, sorted, and the same graph when read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from competency_graph.errors import BadValueError
from competency_graph.rdf.parsing import read_graph
from competency_graph.rdf.turtle_formatter import main, tidy
from competency_graph.rdf.turtle_layout import lay_out

MESSY = """# A head.
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix cg: <https://w3id.org/competency-graph/ontology#> .
@prefix role: <https://w3id.org/competency-graph/sales/role/> .
role:b skos:closeMatch <http://data.europa.eu/esco/occupation/2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d> .
role:b skos:prefLabel "B \\"quoted\\": sh:x"@en, "Be"@de ; a cg:Role; cg:sourcePage 7; skos:notation "R2" .
role:a skos:notation "R1" ; a cg:Role ; cg:outputsOpenEnded true ; cg:sourcePage 007 .
"""
TIDY = """# A head.

PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX esco-occupation: <http://data.europa.eu/esco/occupation/>
PREFIX role: <https://w3id.org/competency-graph/sales/role/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

role:a
    a cg:Role ;
    skos:notation "R1" ;
    cg:outputsOpenEnded true ;
    cg:sourcePage 007 ;
    .

role:b
    a cg:Role ;
    skos:prefLabel "B \\"quoted\\": sh:x"@en ;
    skos:prefLabel "Be"@de ;
    skos:notation "R2" ;
    skos:closeMatch esco-occupation:2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d ;
    cg:sourcePage 7 ;
    .
"""


def test_a_messy_file_becomes_tidy_and_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "roles.ttl"
    path.write_text(MESSY)
    assert tidy(path) == TIDY
    main([str(tmp_path)])
    assert path.read_text() == TIDY
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_laid_out_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "roles.ttl"
    path.write_text(MESSY)
    graph = read_graph([path])
    path.write_text(lay_out(graph))
    assert set(read_graph([path])) == set(graph)


def test_a_changed_value_is_one_changed_line_and_an_added_one_an_added_line(tmp_path: Path) -> None:
    path = tmp_path / "roles.ttl"
    for old, new, gone, come in [
        ('"Be"@de', '"Bé"@de', 1, 1),
        ('"Be"@de', '"Be"@de, "Bi"@fr', 0, 1),
    ]:
        path.write_text(MESSY.replace(old, new))
        before, after = TIDY.splitlines(), tidy(path).splitlines()
        assert len(set(before) - set(after)) == gone
        assert len(set(after) - set(before)) == come


def test_a_blank_node_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blank.ttl"
    path.write_text("[] a <http://example.org/C> .")
    with pytest.raises(BadValueError, match="blank node"):
        tidy(path)
