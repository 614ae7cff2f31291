"""Other organisations' frameworks, from their official downloads to graphs of their own.

Files are read and statements made one at a time, so that size costs time and not memory; what is
kept meanwhile is which things there are, and how they relate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox
from rdflib import URIRef

from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing import esco, esco_rdf, onet, tables
from competency_graph.importing.downloads import File, gather
from competency_graph.importing.summary import Omission, Tally
from competency_graph.importing.terms import saying, term, told_of
from competency_graph.rdf.formats import GRAPH_FORMATS, Format
from competency_graph.rdf.language_tags import fault
from competency_graph.rdf.vocabulary import GRAPH_ESCO, GRAPH_ONET, PREFIXES

__all__ = ["Omission", "Progress", "Tally", "import_esco", "import_onet", "write"]

Progress = Callable[[str, int], None]
"""Is told which file is being read, and how many statements there are so far, now and then."""
_STEP: Final = 20_000
"""Statements from one report of progress to the next."""
_RDF = frozenset(ending for form in GRAPH_FORMATS for ending in form.endings)
_VERSION = re.compile(r"(?<![\d.])v(\d+\.\d+(?:\.\d+)?)(?!\d)")
_ONET_VERSION = re.compile(r"(?:^|[^\d])db_(\d+)_(\d+)")


def import_esco(
    paths: Iterable[Path], tally: Tally, languages: Collection[str] = (), but: Path | None = None
) -> Iterator[ox.Quad]:
    """The statements of ESCO's download, in ``graph:esco``.

    Args:
        paths: CSV or RDF files, zip archives, or folders with any of them.
        tally: the account of it.
        languages: the languages of the texts that are wanted; none means all there are.
        but: a file in one of the folders that is none of ESCO's.

    Raises:
        BadValueError: a language is none.
        UnreadableInputError: a file cannot be read or is not what its name says, or none is ESCO's.
    """
    for tag in languages:
        if wrong := fault(tag):
            raise BadValueError(f"“{tag}” is no language: {wrong}", "Give one such as en or de")
    wanted = {tag.lower() for tag in languages}
    files = _some(gather(paths, {"csv", *_RDF}, but), "csv or ttl", paths)
    for file in files:
        for part in (file.path.parent.name, file.path.name, file.name):
            tally.versions |= {f"v{number}" for number in _VERSION.findall(part)}
    rdf = [file for file in files if file.ending in _RDF]
    csv = [file for file in files if file.ending not in _RDF]
    yield from told_of("esco", GRAPH_ESCO)
    if csv:
        yield from esco.from_tables(csv, wanted, tally)
    yield from esco_rdf.from_rdf(rdf, wanted, tally)
    yield from _versions(GRAPH_ESCO, tally)


def import_onet(paths: Iterable[Path], tally: Tally, but: Path | None = None) -> Iterator[ox.Quad]:
    """The statements of O*NET's database, in ``graph:onet``.

    Args:
        paths: Excel or text files, zip archives, or folders with any of them.
        tally: the account of it.
        but: a file in one of the folders that is none of O*NET's.

    Raises:
        UnreadableInputError: a file cannot be read or is not what its name says, or none is
            O*NET's.
    """
    files = _some(gather(paths, tables.ENDINGS, but), "xlsx or txt", paths)
    for file in files:
        for part in (file.path.parent.name, file.path.name):
            tally.versions |= {".".join(found) for found in _ONET_VERSION.findall(part)}
    yield from told_of("onet", GRAPH_ONET)
    yield from onet.from_tables(files, tally)
    yield from _versions(GRAPH_ONET, tally)


def write(
    quads: Iterable[ox.Quad],
    form: Format[ox.RdfFormat],
    output: IO[bytes],
    tally: Tally,
    progress: Progress = lambda doing, statements: None,
) -> int:
    """Write statements as they come.

    Args:
        quads: the statements.
        form: the format to write; one that knows no named graphs has the statements without.
        output: where to write.
        tally: the account of what they come from.
        progress: is told how far it is.

    Returns:
        The number of statements.

    Raises:
        CompetencyError: what ``quads`` raises.
        OSError: it could not be written.
    """
    count, doing = 0, tally.doing

    def counted() -> Iterator[ox.Quad]:
        nonlocal count, doing
        for quad in quads:
            if doing != tally.doing or count % _STEP == _STEP - 1:
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


def _some(files: Iterator[File], endings: str, paths: Iterable[Path]) -> Sequence[File]:
    found = list(files)
    if not found:
        raise UnreadableInputError(
            f"there is no file here that ends in {endings}",
            "Name what was downloaded: the zip archive, or the folder that it was unpacked to",
            ", ".join(map(str, paths)),
        )
    return found


def _versions(graph: URIRef, tally: Tally) -> Iterator[ox.Quad]:
    """Which version of the framework the graph holds, and in which languages."""
    say, name = saying(graph), ox.NamedNode(graph)
    for version in sorted(tally.versions):
        yield say(name, term("owl:versionInfo"), ox.Literal(version))
    for language in sorted(tally.languages):
        yield say(name, term("dcterms:language"), ox.Literal(language))
