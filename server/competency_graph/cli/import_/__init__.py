"""``competency import``."""

from __future__ import annotations

from pathlib import Path

import click

from competency_graph.cli.import_ import document, framework, spreadsheet
from competency_graph.cli.import_.writing import language_option, path_options, write_import
from competency_graph.importing import Tally, import_esco, import_onet


@click.group("import")
def command() -> None:
    """Import your dictionary from a document or a spreadsheet, or convert other frameworks to RDF.

    “text” reads a document; “xlsx” and “csv” bring back a spreadsheet, or read one from elsewhere.
    “esco” and “onet” convert the official downloads of these frameworks; “skos”, “case”, “ctdl”,
    “schema” and “hropen” convert any framework that is published in that format.

    Nothing is downloaded: name the files that you have downloaded. Then query the result with
    “competency query --with esco.nq”, or serve it with “competency serve --with esco.nq”.
    """


spreadsheet.register(command)


@command.command()
@language_option
@path_options
def esco(paths: tuple[Path, ...], output: Path | None, languages: tuple[str, ...]) -> None:
    """Import ESCO from its CSV files, in any of its languages, or its RDF.

    PATH is a downloaded zip archive, a folder or a file; several paths are combined.
    """
    output = output or Path("esco.nq")
    tally = Tally()
    write_import("ESCO", import_esco(paths, tally, languages, output), output, tally)


@command.command()
@path_options
def onet(paths: tuple[Path, ...], output: Path | None) -> None:
    """Import O*NET from the Excel or text files of its database.

    PATH is a downloaded zip archive, a folder or a file; several paths are combined, and files may
    be missing.
    """
    output = output or Path("onet.nq")
    tally = Tally()
    write_import("O*NET", import_onet(paths, tally, output), output, tally)


framework.register(command)
command.add_command(document.command)
