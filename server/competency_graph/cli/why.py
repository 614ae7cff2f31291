"""``competency why``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from competency_graph.cli.options import dictionary_option
from competency_graph.dictionary.explanations import Explanation, Triple
from competency_graph.dictionary.explanations.document import document
from competency_graph.dictionary.explanations.labels import Naming
from competency_graph.dictionary.explanations.sentences import statement
from competency_graph.dictionary.model import Dictionary
from competency_graph.dictionary.statement_places import FilePlace, places
from competency_graph.errors import UnknownNameError
from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.vocabulary import new_graph
from competency_graph.sparql import term_names
from competency_graph.sparql.answering import rows_of


@click.command()
@click.argument("subject")
@click.argument("property_", metavar="PROPERTY")
@click.argument("value", metavar="OBJECT")
@click.option(
    "-f", "--format", "form", default="text", show_default=True,
    type=click.Choice(["text", "json", "turtle"]),
    help="turtle: the facts and axioms, from which the reasoner infers the statement.",
)  # fmt: skip
@dictionary_option
def command(subject: str, property_: str, value: str, form: str, dictionary: Dictionary) -> None:
    """Explain why a statement holds: the facts and the axioms that it follows from.

    Name SUBJECT and OBJECT by label, code, prefixed name or IRI, PROPERTY by label, prefixed name
    or IRI. Exit code: 0 if the statement holds, 1 if it does not.
    """
    if not dictionary.inferring:
        raise click.UsageError("--no-inference: without inference, there is nothing to explain")
    rows = rows_of(dictionary.store)
    triple = (
        term_names.entry(subject, rows),
        term_names.property_(property_, rows),
        term_names.entry(value, rows),
    )
    explainer = dictionary.explainer
    try:
        found = explainer.why(triple)
    except UnknownNameError as error:
        click.echo(f"competency: {error}", err=True)
        sys.exit(1)
    if form == "json":
        where = _places(found, dictionary)
        body = document(found, explainer.label, lambda fact: _place_members(where.get(fact)))
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    elif form == "turtle":
        click.echo(_turtle(found), nl=False)
    else:
        click.echo(explainer.text(found))
        click.echo()
        for line in _facts(found, explainer.label, _places(found, dictionary)):
            click.echo(line)


def _places(found: Explanation, dictionary: Dictionary) -> dict[Triple, FilePlace]:
    """The places of the facts of an explanation, with paths as short as possible."""
    files = (*dictionary.files, *dictionary.ontology_files)
    contents = {path: dictionary.contents[path] for path in files}
    return {fact: _shortened(at) for fact, at in places(contents, found.facts).items()}


def _shortened(place: FilePlace) -> FilePlace:
    relative = os.path.relpath(place.file)
    return place if len(relative) > len(str(place.file)) else place._replace(file=Path(relative))


def _place_members(place: FilePlace | None) -> dict[str, str | int | None] | None:
    return None if place is None else {"file": str(place.file), "line": place.line}


def _facts(found: Explanation, name: Naming, where: Mapping[Triple, FilePlace]) -> Iterator[str]:
    yield "Stated in the files:"
    for fact in found.facts:
        place = where.get(fact)
        text = "".join(part.text for part in statement(fact, name))
        yield f"  {text} ({place})" if place else f"  {text}"


def _turtle(found: Explanation) -> str:
    graph = new_graph()
    for triple in found.graph():
        graph.add(
            (to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object))
        )
    return graph.serialize(format="turtle")
