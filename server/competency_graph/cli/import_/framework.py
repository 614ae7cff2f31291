"""``competency import`` of frameworks in the formats in which many are published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from competency_graph.cli.import_.writing import STDOUT, language_option, path_options, write_import
from competency_graph.errors import BadValueError
from competency_graph.importing import Tally
from competency_graph.importing.frameworks import graph_named, import_framework

_HELP = {
    "skos": """Any concept scheme of SKOS: a thesaurus, a taxonomy, a classification.

    PATH is a file of RDF (Turtle, RDF/XML, JSON-LD, N-Triples, N-Quads, TriG), a zip archive or a
    folder. Labels may be nodes of SKOS-XL. SFIA's RDF is read as well.
    """,
    "case": """A package of a competency framework in 1EdTech CASE 1.0 or 1.1.

    PATH is a JSON file with a whole package (CFPackage), a zip archive or a folder.
    """,
    "ctdl": """A competency framework in CTDL-ASN, as the Credential Registry publishes them.

    PATH is a JSON-LD file with a graph, a competency or an envelope of the registry, a zip archive
    or a folder.
    """,
    "schema": """Occupations and defined terms of schema.org in JSON-LD.

    PATH is a JSON-LD file, a zip archive or a folder. Occupations within other things, such as
    persons, are found as well.
    """,
    "hropen": """Positions and competencies in HR Open JSON.

    PATH is a JSON file with position openings, position profiles or competencies, a zip archive or
    a folder.
    """,
}
_TITLES = {"skos": "SKOS", "case": "CASE", "ctdl": "CTDL-ASN", "schema": "schema.org",
           "hropen": "HR Open"}  # fmt: skip


def register(group: click.Group) -> None:
    """Add a command for each format to a group."""
    for form in _HELP:
        group.command(form, help=_HELP[form])(_importing(form))


def _importing(form: str) -> Callable[..., None]:
    @click.option(
        "--name",
        metavar="NAME",
        help="The name of the graph: graph:NAME.  [default: that of the first file]",
    )
    @language_option
    @path_options
    def run(
        paths: tuple[Path, ...], output: Path | None, languages: tuple[str, ...], name: str | None
    ) -> None:
        graph = graph_named(name or _name_of(paths[0]))
        output = output or Path(f"{graph.rsplit('/', 1)[1]}.nq")
        if output != STDOUT and any(_same(output, path) for path in paths):
            raise BadValueError(
                f"the output {output} would replace the file that is imported",
                "Name another with --output",
            )
        tally = Tally()
        quads = import_framework(form, paths, graph, tally, languages, output)
        write_import(_TITLES[form], quads, output, tally)

    return run


def _name_of(path: Path) -> str:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in path.stem)
    return plain.strip("-_.") or "framework"


def _same(output: Path, path: Path) -> bool:
    return path.exists() and output.exists() and output.samefile(path)
