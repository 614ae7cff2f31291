"""Imports O*NET from the Excel or text files of its database; any subset of them will do.

The files are documented at https://www.onetcenter.org/dictionary.html. The terms of the result are
defined in ``onet.ttl``, which is added to the graph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import File
from competency_graph.importing.summary import Tally
from competency_graph.importing.tables import rows
from competency_graph.importing.terms import TYPE, decimal, statement_builder, term
from competency_graph.rdf.vocabulary import GRAPH_ONET, ONET

IMPORTANT: Final = 3.0
"""The minimum importance of an element that an occupation is said to require."""
_OCCUPATION_CODE = re.compile(r"\d\d-\d{4}\.\d\d")
_ELEMENT = re.compile(r"[1-9](\.[A-Za-z0-9]{1,4})*")
_TASK = re.compile(r"\d{1,9}")
_SCALES = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
"""The imported scales, with their minimum and maximum."""
_RATING_TABLES = {
    "abilities": ("abilities", "onet:Ability"),
    "knowledge": ("knowledge", "onet:Knowledge"),
    "skills": ("skills", "onet:Skill"),
    "work activities": ("work activities", "onet:WorkActivity"),
    "work styles": ("work styles", "onet:WorkStyle"),
}
"""The tables of ratings: the plural name of the elements rated, and their class."""
_TABLES_BY_ELEMENT = {
    "1.A": "abilities", "1.C": "work styles", "1.D": "work styles", "2.A": "skills",
    "2.B": "skills", "2.C": "knowledge", "4.A": "work activities",
}  # fmt: skip
"""The kinds of elements below these, for those that no table of ratings contains."""
_NEW_TABLE_NAMES = {
    "gwas to iwas": "iwa reference",
    "gwas to iwas to dwas": "dwa reference",
}
"""Tables that were renamed in O*NET 30.3: new to old names."""
_NEW_COLUMN_NAMES = {
    "GWA Element ID": "Element ID",
    "IWA Element ID": "IWA ID",
    "IWA Element Name": "IWA Title",
    "DWA Element ID": "DWA ID",
    "DWA Element Name": "DWA Title",
}
"""Columns that were renamed in O*NET 30.3: new to old names."""
_ORDER: Final = (
    "occupation data", "alternate titles", "iwa reference", "dwa reference",
    "content model reference", *_RATING_TABLES, "task statements", "task ratings", "tasks to dwas",
)  # fmt: skip
"""The tables in reading order: descriptions come before relations."""
_LANGUAGE = "en"
_SCHEME = ox.NamedNode(ONET)
_CONCEPT = term("skos:Concept")
_PREF_LABEL, _ALT_LABEL = term("skos:prefLabel"), term("skos:altLabel")
_DESCRIPTION = term("dcterms:description")
_IMPORTANCE, _LEVEL = term("onet:importance"), term("onet:level")


class _Table(NamedTuple):
    name: str
    file: File


def from_tables(files: Sequence[File], tally: Tally) -> Iterator[ox.Quad]:
    """Import O*NET's files.

    Args:
        files: the files; if a table occurs twice, such as in Excel and as text, the first is used.
        tally: receives the statistics.

    Raises:
        UnreadableInputError: a file is damaged, or is not what its name says; or none is O*NET's.
    """
    tables: dict[str, _Table] = {}
    for file in files:
        name = re.sub(r"[ _]+", " ", re.sub(r" ?\(\d+\)$", "", PurePath(file.name).stem)).lower()
        name = _NEW_TABLE_NAMES.get(name, name)
        if name in ("read me", "readme"):
            tally.versions |= _versions(file)
            continue
        if name not in _ORDER:
            tally.leave_out("files without data to import", file.name)
        elif name in tables:
            tally.leave_out("files of tables already read from another file", file.where)
        else:
            tables[name] = _Table(name, file)
    if "occupation data" not in tables and "content model reference" not in tables:
        raise UnreadableInputError(
            "there is no file that describes occupations or elements of O*NET",
            "Name the folder or the zip archive of its database, which holds Occupation Data and "
            "Content Model Reference, as .xlsx or .txt",
            ", ".join(dict.fromkeys(str(file.path) for file in files)),
        )
    reader = _TableReader(tally)
    for name in _ORDER:
        if name in tables:
            tally.doing = tables[name].file.name
            yield from reader.quads(tables[name])


def _versions(file: File) -> set[str]:
    """The version of the database according to its read-me file, if it states one."""
    with file.open() as opened:
        text = opened.read(10_000).decode(errors="replace")
    return set(re.findall(r"O\*NET (\d+\.\d+) Database", text)[:1])


class _TableReader:
    """Reads the tables of an import one after another."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._make_quad = statement_builder(GRAPH_ONET)
        self._occupations: dict[str, ox.NamedNode] = {}
        self._elements: dict[str, ox.NamedNode] = {}
        self._activities: dict[str, ox.NamedNode] = {}
        self._tasks: dict[str, ox.NamedNode] = {}
        self._classes: set[str] = set()
        self._labels: set[tuple[str, str]] = set()
        self._readers: dict[str, Callable[[File], Iterator[ox.Quad]]] = {
            "occupation data": self._occupation_data,
            "alternate titles": self._titles,
            "iwa reference": self._intermediate,
            "dwa reference": self._detailed,
            "content model reference": self._content_model,
            "task statements": self._task_statements,
            "task ratings": self._task_ratings,
            "tasks to dwas": self._task_activities,
        }

    def quads(self, table: _Table) -> Iterator[ox.Quad]:
        """Convert a table to statements."""
        if table.name in _RATING_TABLES:
            return self._ratings(table)
        return self._readers[table.name](table.file)

    # Occupations, activities and elements

    def _occupation_data(self, file: File) -> Iterator[ox.Quad]:
        found = list(rows(file, ("O*NET-SOC Code", "Title"), ("Description",)))
        for code, _, _ in found:
            if self._is_valid_code(_OCCUPATION_CODE, code, "occupations"):
                self._occupations[code] = term(f"onet-occupation:{code}")
        for code, title, description in found:
            if code not in self._occupations:
                continue
            entry = self._occupations[code]
            page = ox.NamedNode(f"https://www.onetonline.org/link/summary/{code}")
            self._labels.add((code, title))
            yield from self._describe_entry(entry, "onet:Occupation", title, code, description)
            yield self._make_quad(entry, term("foaf:page"), page)
            self._tally.counts["occupations"] += 1
            broader = self._occupations.get(code[:-2] + "00")
            if broader not in (entry, None):
                yield from self._broader(entry, broader)

    def _titles(self, file: File) -> Iterator[ox.Quad]:
        for code, title, short in rows(
            file, ("O*NET-SOC Code", "Alternate Title"), ("Short Title",)
        ):
            if not self._is_known(self._occupations, code, "titles of occupations"):
                continue
            for label in (title, short):
                if label and label != "n/a" and (code, label) not in self._labels:
                    self._labels.add((code, label))
                    self._tally.counts["alternate titles"] += 1
                    yield self._make_quad(self._occupations[code], _ALT_LABEL, self._english(label))

    def _intermediate(self, file: File) -> Iterator[ox.Quad]:
        for element, number, title in rows(
            file, ("Element ID", "IWA ID", "IWA Title"), renamed=_NEW_COLUMN_NAMES
        ):
            yield from self._activity(number, title, "Intermediate", element)

    def _detailed(self, file: File) -> Iterator[ox.Quad]:
        for element, above, above_title, number, title in rows(
            file,
            ("Element ID", "IWA ID"), ("IWA Title", "DWA ID", "DWA Title"),
            renamed=_NEW_COLUMN_NAMES,
        ):  # fmt: skip
            if above not in self._activities and above_title:
                yield from self._activity(above, above_title, "Intermediate", element)
            yield from self._activity(number, title, "Detailed", element, above)

    def _activity(
        self, number: str, title: str, kind: str, element: str, above: str = ""
    ) -> Iterator[ox.Quad]:
        if number in self._activities or not self._is_valid_code(
            _ELEMENT, number, "work activities"
        ):
            return
        entry = self._activities[number] = term(f"onet-activity:{number}")
        yield from self._describe_entry(entry, f"onet:{kind}WorkActivity", title, number)
        if above in self._activities:
            yield from self._broader(entry, self._activities[above])
        elif _ELEMENT.fullmatch(element):
            yield from self._broader(entry, term(f"onet-element:{element}"))
        self._tally.counts[f"{kind.lower()} work activities"] += 1

    def _content_model(self, file: File) -> Iterator[ox.Quad]:
        found = list(rows(file, ("Element ID", "Element Name"), ("Description",)))
        for number, _, _ in found:
            if number not in self._activities and self._is_valid_code(_ELEMENT, number, "elements"):
                self._elements[number] = term(f"onet-element:{number}")
        inner = {number.rpartition(".")[0] for number in self._elements}
        for number, name, description in found:
            if number not in self._elements:
                continue
            entry = self._elements[number]
            yield from self._describe_entry(entry, "", name, number, description)
            self._tally.counts["elements of the content model"] += 1
            above = number.rpartition(".")[0]
            if above in self._elements:
                yield from self._broader(entry, self._elements[above])
            elif not above:
                yield self._make_quad(_SCHEME, term("skos:hasTopConcept"), entry)
                yield self._make_quad(entry, term("skos:topConceptOf"), _SCHEME)
            part = _TABLES_BY_ELEMENT.get(".".join(number.split(".")[:2]))
            if part and number not in inner:
                yield from self._classify(number, part)

    def _classify(self, number: str, table: str) -> Iterator[ox.Quad]:
        """The class of an element, and its page."""
        if number not in self._classes:
            self._classes.add(number)
            plural, kind = _RATING_TABLES[table]
            self._tally.counts[plural] += 1
            page = ox.NamedNode(f"https://www.onetonline.org/find/descriptor/result/{number}")
            yield self._make_quad(self._elements[number], TYPE, term(kind))
            yield self._make_quad(self._elements[number], term("foaf:page"), page)

    # Ratings of occupations

    def _ratings(self, table: _Table) -> Iterator[ox.Quad]:
        links = f"ratings by {_RATING_TABLES[table.name][0]}"
        rated: set[str] = set()
        for code, number, name, value in self._rating_values(table):
            if number not in self._elements:
                self._elements[number] = term(f"onet-element:{number}")
                if name:
                    yield from self._describe_entry(self._elements[number], "", name, number)
            yield from self._classify(number, table.name)
            occupation, element = self._occupations[code], self._elements[number]
            rating = ox.NamedNode(f"{ONET}rating/{code}/{number}")
            if rating.value not in rated:
                rated.add(rating.value)
                self._tally.counts[links] += 1
                yield self._make_quad(occupation, term("onet:rating"), rating)
                yield self._make_quad(rating, TYPE, term("onet:Rating"))
                yield self._make_quad(rating, term("onet:element"), element)
            yield self._make_quad(rating, value.property, decimal(value.number))
            if value.property == _IMPORTANCE and value.number >= IMPORTANT:
                self._tally.counts["elements that occupations require"] += 1
                yield self._make_quad(occupation, term("onet:callsFor"), element)

    def _rating_values(self, table: _Table) -> Iterator[tuple[str, str, str, _RatingValue]]:
        """Occupation, element, its name, and the value, for each imported row."""
        for code, number, scale, text, name, suppress, irrelevant in rows(
            table.file,
            ("O*NET-SOC Code", "Element ID", "Scale ID", "Data Value"),
            ("Element Name", "Recommend Suppress", "Not Relevant"),
        ):
            value = self._rating_value(scale, text)
            if value is None or not self._is_known(self._occupations, code, "ratings"):
                continue
            if suppress == "Y":
                self._tally.leave_out("ratings of low precision, as O*NET recommends", code)
            elif irrelevant == "Y":
                self._tally.leave_out("levels of things not relevant to an occupation", code)
            elif self._is_valid_code(_ELEMENT, number, "ratings"):
                yield code, number, name, value

    def _rating_value(self, scale: str, text: str) -> _RatingValue | None:
        if scale not in _SCALES:
            self._tally.leave_out(f"ratings on other scales than {' and '.join(_SCALES)}", scale)
            return None
        least, most = _SCALES[scale]
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            self._tally.leave_out("ratings outside their scale", f"{scale} {text}")
            return None
        return _RatingValue(_IMPORTANCE if scale == "IM" else _LEVEL, number)

    # Tasks

    def _task_statements(self, file: File) -> Iterator[ox.Quad]:
        for code, number, text, kind in rows(
            file, ("O*NET-SOC Code", "Task ID", "Task"), ("Task Type",)
        ):
            if not self._is_known(self._occupations, code, "tasks"):
                continue
            if number in self._tasks or not self._is_valid_code(_TASK, number, "tasks"):
                continue
            task = self._tasks[number] = term(f"onet-task:{number}")
            yield self._make_quad(task, TYPE, term("onet:Task"))
            yield self._make_quad(task, _PREF_LABEL, self._english(text))
            yield self._make_quad(task, term("skos:notation"), ox.Literal(number))
            yield self._make_quad(self._occupations[code], term("onet:hasTask"), task)
            if kind:
                yield self._make_quad(task, term("onet:taskType"), ox.Literal(kind))
            self._tally.counts["tasks"] += 1

    def _task_ratings(self, file: File) -> Iterator[ox.Quad]:
        for number, scale, text, suppress in rows(
            file, ("Task ID", "Scale ID", "Data Value"), ("Recommend Suppress",)
        ):
            value = self._rating_value(scale, text)
            if value is None or not self._is_known(self._tasks, number, "ratings"):
                continue
            if suppress == "Y":
                self._tally.leave_out("ratings of low precision, as O*NET recommends", number)
            else:
                self._tally.counts["ratings of tasks"] += 1
                yield self._make_quad(self._tasks[number], value.property, decimal(value.number))

    def _task_activities(self, file: File) -> Iterator[ox.Quad]:
        for number, activity in rows(file, ("Task ID", "DWA ID"), renamed=_NEW_COLUMN_NAMES):
            what = "links from tasks to work activities"
            if self._is_known(self._tasks, number, what) and self._is_known(
                self._activities, activity, what
            ):
                self._tally.counts[what] += 1
                yield self._make_quad(
                    self._tasks[number], term("onet:involves"), self._activities[activity]
                )

    # Shared helpers

    def _describe_entry(
        self, entry: ox.NamedNode, kind: str, label: str, code: str, description: str = ""
    ) -> Iterator[ox.Quad]:
        yield self._make_quad(entry, TYPE, _CONCEPT)
        if kind:
            yield self._make_quad(entry, TYPE, term(kind))
        yield self._make_quad(entry, _PREF_LABEL, self._english(label))
        yield self._make_quad(entry, term("skos:notation"), ox.Literal(code))
        yield self._make_quad(entry, term("skos:inScheme"), _SCHEME)
        if description:
            yield self._make_quad(entry, _DESCRIPTION, self._english(description))

    def _broader(self, narrower: ox.NamedNode, broader: ox.NamedNode) -> Iterator[ox.Quad]:
        yield self._make_quad(narrower, term("skos:broader"), broader)
        yield self._make_quad(broader, term("skos:narrower"), narrower)

    def _english(self, text: str) -> ox.Literal:
        self._tally.languages.add(_LANGUAGE)
        return ox.Literal(text, language=_LANGUAGE)

    def _is_valid_code(self, pattern: re.Pattern[str], code: str, what: str) -> bool:
        valid = bool(pattern.fullmatch(code))
        if not valid:
            self._tally.leave_out(f"{what} with an invalid code", code)
        return valid

    def _is_known(self, known: dict[str, ox.NamedNode], code: str, what: str) -> bool:
        if code not in known:
            self._tally.leave_out(f"{what} of things that the files do not describe", code)
        return code in known


class _RatingValue(NamedTuple):
    property: ox.NamedNode
    number: float
