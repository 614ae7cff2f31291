"""Brings the catalogues of translations up to date with the source: ``make translations``.

It extracts the messages of the templates, of Python, of scripts and of the saved queries, and
merges them into every catalogue. What is not translated yet, or was translated from another wording
(“fuzzy”), is counted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from competency_graph.rdf.tables import Columns, in_words
from competency_graph.sparql.saved_queries import Catalogue

WEB = Path(__file__).parents[1] / "competency_graph" / "web"
TRANSLATIONS = WEB / "translations"
_METHODS = [
    ("static/vendor/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("static/**.js", "javascript"),
]
_OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true"}}
_KEYWORDS = DEFAULT_KEYWORDS | {"pattern": None}


def extract() -> Catalog:
    """The messages of the source, each with the files in which it is used."""
    found = Catalog(project="competency-graph", charset="utf-8")
    messages = extract_from_dir(WEB, _METHODS, _OPTIONS, _KEYWORDS)
    for file, _, message, comments, context in messages:
        found.add(message, locations=[(file, 1)], auto_comments=comments, context=context)
    for message in sorted(set(_query_texts())):
        found.add(message, locations=[("queries", 1)])
    return found


def _query_texts() -> Iterator[str]:
    """What pages show of the saved queries: titles, questions, parameters and column headings."""
    for query in Catalogue().values():
        yield from filter(None, (query.title, query.question, query.group))
        yield from (parameter.description for parameter in query.parameters)
        answer = pyoxigraph.Store().query(query.text)
        if isinstance(answer, pyoxigraph.QuerySolutions):
            given = {parameter.name for parameter in query.parameters}
            names = (variable.value for variable in answer.variables)
            yield from Columns([name for name in names if name not in given]).heads
    yield from map(in_words, ("subject", "predicate", "object"))


def catalogue_files() -> list[Path]:
    """The catalogues, one for each language but English."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue, with files but no line numbers, so that it changes only with its texts."""
    catalogue.version = ""
    catalogue.msgid_bugs_address = ""
    catalogue.last_translator = catalogue.language_team = "the competency-graph team"
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True,
                 include_lineno=False)  # fmt: skip


def update(path: Path, template: Catalog) -> tuple[int, int]:
    """Merge the messages of the source into a catalogue.

    Args:
        path: the catalogue.
        template: the messages, of `extract`.

    Returns:
        How many messages are not translated, and how many are fuzzy.
    """
    catalogue = read(path)
    catalogue.update(template, update_creation_date=False, update_header_comment=False)
    write(catalogue, path)
    messages = [message for message in catalogue if message.id]
    missing = [m for m in messages if not m.string or not all(m.string)]
    return len(missing), sum(message.fuzzy for message in messages)


def main() -> None:
    """Update all catalogues, and those of the languages named on the command line, as new ones."""
    for language in sys.argv[1:]:
        path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
        if not path.exists():
            path.parent.mkdir(parents=True)
            write(Catalog(language, project="competency-graph", fuzzy=False), path)
    template = extract()
    for path in catalogue_files():
        missing, fuzzy = update(path, template)
        sys.stdout.write(f"{path.parents[1].name}: {missing} not translated, {fuzzy} fuzzy\n")


if __name__ == "__main__":
    main()
