"""Imports other organisations' frameworks from their official downloads into named graphs.

Files are read as streams, so large ones take time but little memory; only the known concepts and
their relations are kept. The room ``document`` imports a dictionary that is written as a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing import esco, esco_rdf, onet, tables
from competency_graph.importing.downloads import File, gather
from competency_graph.importing.summary import Omission, Tally
from competency_graph.importing.terms import framework_description, statement_builder, term
from competency_graph.rdf.formats import GRAPH_FORMATS, Format
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.vocabulary import GRAPH_ESCO, GRAPH_ONET, PREFIXES

__all__ = ["Omission", "Progress", "Tally", "import_esco", "import_onet", "write"]

Progress = Callable[[str, int], None]
"""Called now and then with the file being read and the number of statements so far."""
_PROGRESS_INTERVAL: Final = 20_000
"""The number of statements between progress reports."""
_RDF_ENDINGS = frozenset(ending for form in GRAPH_FORMATS for ending in form.endings)
_VERSION = re.compile(r"(?<![\d.])v(\d+\.\d+(?:\.\d+)?)(?!\d)")
_ONET_VERSION = re.compile(r"(?:^|[^\d])db_(\d+)_(\d+)")


def import_esco(
    paths: Iterable[Path],
    tally: Tally,
    languages: Collection[str] = (),
    exclude: Path | None = None,
) -> Iterator[ox.Quad]:
    """Import ESCO's download into ``graph:esco``.

    Args:
        paths: CSV or RDF files, zip archives, or folders with any of them.
        tally: receives the statistics.
        languages: the languages of the texts to import; none means all.
        exclude: a file to ignore in the folders.

    Raises:
        BadValueError: a language tag is invalid.
        UnreadableInputError: a file cannot be read or is not what its name says, or none is ESCO's.
    """
    for tag in languages:
        if wrong := tag_error(tag):
            raise BadValueError(f"“{tag}” is not a language: {wrong}", "Give one such as en or de")
    wanted = {tag.lower() for tag in languages}
    files = _require_files(gather(paths, {"csv", *_RDF_ENDINGS}, exclude), "csv or ttl", paths)
    for file in files:
        for part in (file.path.parent.name, file.path.name, file.name):
            tally.versions |= {f"v{number}" for number in _VERSION.findall(part)}
    rdf = [file for file in files if file.ending in _RDF_ENDINGS]
    csv = [file for file in files if file.ending not in _RDF_ENDINGS]
    yield from framework_description("esco", GRAPH_ESCO)
    if csv:
        yield from esco.from_tables(csv, wanted, tally)
    yield from esco_rdf.from_rdf(rdf, wanted, tally)
    yield from _version_quads(GRAPH_ESCO, tally)


def import_onet(
    paths: Iterable[Path], tally: Tally, exclude: Path | None = None
) -> Iterator[ox.Quad]:
    """Import O*NET's database into ``graph:onet``.

    Args:
        paths: Excel or text files, zip archives, or folders with any of them.
        tally: receives the statistics.
        exclude: a file to ignore in the folders.

    Raises:
        UnreadableInputError: a file cannot be read or is not what its name says, or none is
            O*NET's.
    """
    files = _require_files(gather(paths, tables.ENDINGS, exclude), "xlsx or txt", paths)
    for file in files:
        for part in (file.path.parent.name, file.path.name):
            tally.versions |= {".".join(found) for found in _ONET_VERSION.findall(part)}
    yield from framework_description("onet", GRAPH_ONET)
    yield from onet.from_tables(files, tally)
    yield from _version_quads(GRAPH_ONET, tally)


def write(
    quads: Iterable[ox.Quad],
    form: Format[ox.RdfFormat],
    output: IO[bytes],
    tally: Tally,
    progress: Progress = lambda doing, statements: None,
) -> int:
    """Write statements as they are generated.

    Args:
        quads: the statements.
        form: the format to write; one without named graphs gets the statements without theirs.
        output: the file to write to.
        tally: the statistics of the import.
        progress: is called with the progress.

    Returns:
        The number of statements.

    Raises:
        CompetencyError: raised by ``quads``.
        OSError: writing failed.
    """
    count, doing = 0, tally.doing

    def counted() -> Iterator[ox.Quad]:
        nonlocal count, doing
        for quad in quads:
            if doing != tally.doing or count % _PROGRESS_INTERVAL == _PROGRESS_INTERVAL - 1:
                doing = tally.doing
                progress(doing, count)
            count += 1
            yield quad

    if form.engine.supports_datasets:
        ox.serialize(counted(), output, format=form.engine, prefixes=PREFIXES)
    else:
        triples = (quad.triple for quad in counted())
        ox.serialize(triples, output, format=form.engine, prefixes=PREFIXES)
    return count


def _require_files(files: Iterator[File], endings: str, paths: Iterable[Path]) -> Sequence[File]:
    found = list(files)
    if not found:
        raise UnreadableInputError(
            f"there is no file that ends in {endings}",
            "Name the download: the zip archive, or the folder that it was unpacked to",
            ", ".join(map(str, paths)),
        )
    return found


def _version_quads(graph: str, tally: Tally) -> Iterator[ox.Quad]:
    """The statements on the version and languages of the imported framework."""
    say, name = statement_builder(graph), ox.NamedNode(graph)
    for version in sorted(tally.versions):
        yield say(name, term("owl:versionInfo"), ox.Literal(version))
    for language in sorted(tally.languages):
        yield say(name, term("dcterms:language"), ox.Literal(language))
