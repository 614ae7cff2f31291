"""``competency deprecate``."""

from __future__ import annotations

import sys

import click

from competency_graph.cli.options import dictionary_option, own_dictionary
from competency_graph.cli.output import unified_diff
from competency_graph.dictionary.model import Dictionary
from competency_graph.rdf.several_files import change_files
from competency_graph.sparql import term_names
from competency_graph.sparql.answering import rows_of
from competency_graph.validation import Source, gather
from competency_graph.versions.deprecation import deprecate


@click.command()
@click.argument("entry")
@click.option("--replaced-by", metavar="ENTRY", help="The entry that replaces it.")
@click.option(
    "--note", default="", metavar="TEXT", help="Why; added as a skos:changeNote with the date."
)
@click.option("--dry-run", is_flag=True, help="Show the changes as a diff, and write nothing.")
@dictionary_option
def command(
    entry: str, replaced_by: str | None, note: str, dry_run: bool, dictionary: Dictionary
) -> None:
    """Mark an entry of your own files as deprecated, and lead references to its replacement.

    Name your files with --data, and entries by label, code, prefixed name or IRI. Only the lines
    that state something else change. What is left for you to decide is listed with its line. Exit
    code: 0 if nothing is left, 1 if something is, 2 if nothing was changed.
    """
    dictionary = own_dictionary(dictionary)
    dictionary.inferring = False
    sources = gather([str(path) for path in dictionary.own_files])
    names = _Names(dictionary, sources)
    found = deprecate(
        sources,
        dictionary.asserted,
        names.iri(entry),
        names.iri(replaced_by) if replaced_by else "",
        note,
    )
    if dry_run:
        for path, content in found.contents.items():
            old = dictionary.contents[path]
            click.echo(unified_diff(old, content, str(path), f"{path} (deprecated)"), nl=False)
    elif found.contents:
        change_files(dictionary.folder, found.contents, {})
        for path in found.contents:
            click.echo(f"{path}: changed")
    for remainder in found.remainders:
        each = remainder if dry_run else remainder.relocated(found.contents)
        click.echo(f"{each.place}: {each.message} {each.remedy}", err=dry_run)
    if not found.contents and not found.remainders:
        click.echo("The entry is marked already, and nothing refers to it.", err=True)
    sys.exit(int(bool(found.remainders)))


class _Names:
    """Finds entries by the names that people use, with the prefixes of their files."""

    def __init__(self, dictionary: Dictionary, sources: list[Source]) -> None:
        self._dictionary = dictionary
        self._prefixes: dict[str, str] = {}
        for source in sources:
            for item in source.quads():
                if isinstance(item, Exception):
                    raise item
            self._prefixes |= source.prefixes

    def iri(self, name: str) -> str:
        prefix, colon, local = name.strip().partition(":")
        if colon and prefix in self._prefixes and not local.startswith("//"):
            return self._prefixes[prefix] + local
        return term_names.entry(name, rows_of(self._dictionary.store)).value
