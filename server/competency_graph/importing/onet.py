"""O*NET, from the Excel or text files of its database, whichever of them there are.

The files' structure is told at https://www.onetcenter.org/dictionary.html. What the terms of the
result mean is said in ``onet.ttl``, which goes into the graph.
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
from competency_graph.importing.terms import TYPE, decimal, saying, term
from competency_graph.rdf.vocabulary import GRAPH_ONET, ONET

IMPORTANT: Final = 3.0
"""The importance from which an occupation is said to call for an element."""
_CODE = re.compile(r"\d\d-\d{4}\.\d\d")
_ELEMENT = re.compile(r"[1-9](\.[A-Za-z0-9]{1,4})*")
_TASK = re.compile(r"\d{1,9}")
_SCALES = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
"""The scales that are taken over, and what they reach from and to."""
_RATED = {
    "abilities": ("abilities", "onet:Ability"),
    "knowledge": ("knowledge", "onet:Knowledge"),
    "skills": ("skills", "onet:Skill"),
    "work activities": ("work activities", "onet:WorkActivity"),
    "work styles": ("work styles", "onet:WorkStyle"),
}
"""The tables of ratings: the plural of what they rate occupations by, and its class."""
_PARTS = {
    "1.A": "abilities", "1.C": "work styles", "1.D": "work styles", "2.A": "skills",
    "2.B": "skills", "2.C": "knowledge", "4.A": "work activities",
}  # fmt: skip
"""What the elements under these are, where no table of ratings says it."""
_RENAMED = {
    "gwas to iwas": "iwa reference",
    "gwas to iwas to dwas": "dwa reference",
}
"""Tables by the names that they have since O*NET 30.3."""
_COLUMNS = {
    "GWA Element ID": "Element ID",
    "IWA Element ID": "IWA ID",
    "IWA Element Name": "IWA Title",
    "DWA Element ID": "DWA ID",
    "DWA Element Name": "DWA Title",
}
"""Columns by the names that they have since O*NET 30.3."""
_ORDER: Final = (
    "occupation data", "alternate titles", "iwa reference", "dwa reference",
    "content model reference", *_RATED, "task statements", "task ratings", "tasks to dwas",
)  # fmt: skip
"""The tables, those that describe things before those that relate them."""
_LANGUAGE = "en"
_SCHEME = ox.NamedNode(ONET)
_CONCEPT = term("skos:Concept")
_LABEL, _ALSO = term("skos:prefLabel"), term("skos:altLabel")
_DESCRIPTION = term("dcterms:description")
_IMPORTANCE, _LEVEL = term("onet:importance"), term("onet:level")


class _Table(NamedTuple):
    name: str
    file: File


def from_tables(files: Sequence[File], tally: Tally) -> Iterator[ox.Quad]:
    """The statements of O*NET's files.

    Args:
        files: the files; of a table that comes twice, as in Excel and as text, the first counts.
        tally: the account of it.

    Raises:
        UnreadableInputError: a file is damaged, or is not what its name says; or none is O*NET's.
    """
    tables: dict[str, _Table] = {}
    for file in files:
        name = re.sub(r"[ _]+", " ", re.sub(r" ?\(\d+\)$", "", PurePath(file.name).stem)).lower()
        name = _RENAMED.get(name, name)
        if name in ("read me", "readme"):
            tally.versions |= _versions(file)
            continue
        if name not in _ORDER:
            tally.leave_out("files of which nothing is taken over", file.name)
        elif name in tables:
            tally.leave_out("files of tables that were read from another", file.where)
        else:
            tables[name] = _Table(name, file)
    if "occupation data" not in tables and "content model reference" not in tables:
        raise UnreadableInputError(
            "there is no file here that describes occupations or elements of O*NET",
            "Name the folder or the zip archive of its database, which holds Occupation Data and "
            "Content Model Reference, as .xlsx or .txt",
            ", ".join(dict.fromkeys(str(file.path) for file in files)),
        )
    reading = _Reading(tally)
    for name in _ORDER:
        if name in tables:
            tally.doing = tables[name].file.name
            yield from reading.quads(tables[name])


def _versions(file: File) -> set[str]:
    """The version of the database that its read-me tells, if it tells one."""
    with file.open() as opened:
        text = opened.read(10_000).decode(errors="replace")
    return set(re.findall(r"O\*NET (\d+\.\d+) Database", text)[:1])


class _Reading:
    """The tables of one import, read one after another."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._say = saying(GRAPH_ONET)
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
        """What a table says."""
        if table.name in _RATED:
            return self._ratings(table)
        return self._readers[table.name](table.file)

    # What there is

    def _occupation_data(self, file: File) -> Iterator[ox.Quad]:
        found = list(rows(file, ("O*NET-SOC Code", "Title"), ("Description",)))
        for code, _, _ in found:
            if self._fits(_CODE, code, "occupations"):
                self._occupations[code] = term(f"onet-occupation:{code}")
        for code, title, description in found:
            if code not in self._occupations:
                continue
            entry = self._occupations[code]
            page = ox.NamedNode(f"https://www.onetonline.org/link/summary/{code}")
            self._labels.add((code, title))
            yield from self._entry(entry, "onet:Occupation", title, code, description)
            yield self._say(entry, term("foaf:page"), page)
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
                    yield self._say(self._occupations[code], _ALSO, self._text(label))

    def _intermediate(self, file: File) -> Iterator[ox.Quad]:
        for element, number, title in rows(
            file, ("Element ID", "IWA ID", "IWA Title"), also=_COLUMNS
        ):
            yield from self._activity(number, title, "Intermediate", element)

    def _detailed(self, file: File) -> Iterator[ox.Quad]:
        for element, above, above_title, number, title in rows(
            file,
            ("Element ID", "IWA ID"), ("IWA Title", "DWA ID", "DWA Title"),
            also=_COLUMNS,
        ):  # fmt: skip
            if above not in self._activities and above_title:
                yield from self._activity(above, above_title, "Intermediate", element)
            yield from self._activity(number, title, "Detailed", element, above)

    def _activity(
        self, number: str, title: str, kind: str, element: str, above: str = ""
    ) -> Iterator[ox.Quad]:
        if number in self._activities or not self._fits(_ELEMENT, number, "work activities"):
            return
        entry = self._activities[number] = term(f"onet-activity:{number}")
        yield from self._entry(entry, f"onet:{kind}WorkActivity", title, number)
        if above in self._activities:
            yield from self._broader(entry, self._activities[above])
        elif _ELEMENT.fullmatch(element):
            yield from self._broader(entry, term(f"onet-element:{element}"))
        self._tally.counts[f"{kind.lower()} work activities"] += 1

    def _content_model(self, file: File) -> Iterator[ox.Quad]:
        found = list(rows(file, ("Element ID", "Element Name"), ("Description",)))
        for number, _, _ in found:
            if number not in self._activities and self._fits(_ELEMENT, number, "elements"):
                self._elements[number] = term(f"onet-element:{number}")
        inner = {number.rpartition(".")[0] for number in self._elements}
        for number, name, description in found:
            if number not in self._elements:
                continue
            entry = self._elements[number]
            yield from self._entry(entry, "", name, number, description)
            self._tally.counts["elements of the content model"] += 1
            above = number.rpartition(".")[0]
            if above in self._elements:
                yield from self._broader(entry, self._elements[above])
            elif not above:
                yield self._say(_SCHEME, term("skos:hasTopConcept"), entry)
                yield self._say(entry, term("skos:topConceptOf"), _SCHEME)
            part = _PARTS.get(".".join(number.split(".")[:2]))
            if part and number not in inner:
                yield from self._classified(number, part)

    def _classified(self, number: str, table: str) -> Iterator[ox.Quad]:
        """What kind of thing an element is, and its page."""
        if number not in self._classes:
            self._classes.add(number)
            plural, kind = _RATED[table]
            self._tally.counts[plural] += 1
            page = ox.NamedNode(f"https://www.onetonline.org/find/descriptor/result/{number}")
            yield self._say(self._elements[number], TYPE, term(kind))
            yield self._say(self._elements[number], term("foaf:page"), page)

    # How occupations are rated

    def _ratings(self, table: _Table) -> Iterator[ox.Quad]:
        links = f"ratings by {_RATED[table.name][0]}"
        rated: set[str] = set()
        for code, number, name, value in self._values(table):
            if number not in self._elements:
                self._elements[number] = term(f"onet-element:{number}")
                if name:
                    yield from self._entry(self._elements[number], "", name, number)
            yield from self._classified(number, table.name)
            occupation, element = self._occupations[code], self._elements[number]
            rating = ox.NamedNode(f"{ONET}rating/{code}/{number}")
            if rating.value not in rated:
                rated.add(rating.value)
                self._tally.counts[links] += 1
                yield self._say(occupation, term("onet:rating"), rating)
                yield self._say(rating, TYPE, term("onet:Rating"))
                yield self._say(rating, term("onet:element"), element)
            yield self._say(rating, value.property, decimal(value.number))
            if value.property == _IMPORTANCE and value.number >= IMPORTANT:
                self._tally.counts["elements that occupations call for"] += 1
                yield self._say(occupation, term("onet:callsFor"), element)

    def _values(self, table: _Table) -> Iterator[tuple[str, str, str, _Value]]:
        """Occupation, element, its name, and the value, of each row that is taken over."""
        for code, number, scale, text, name, suppress, irrelevant in rows(
            table.file,
            ("O*NET-SOC Code", "Element ID", "Scale ID", "Data Value"),
            ("Element Name", "Recommend Suppress", "Not Relevant"),
        ):
            value = self._value(scale, text)
            if value is None or not self._is_known(self._occupations, code, "ratings"):
                continue
            if suppress == "Y":
                self._tally.leave_out("ratings of low precision, as O*NET recommends", code)
            elif irrelevant == "Y":
                self._tally.leave_out("levels of what is not relevant to an occupation", code)
            elif self._fits(_ELEMENT, number, "ratings"):
                yield code, number, name, value

    def _value(self, scale: str, text: str) -> _Value | None:
        if scale not in _SCALES:
            self._tally.leave_out(f"ratings on other scales than {' and '.join(_SCALES)}", scale)
            return None
        least, most = _SCALES[scale]
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            self._tally.leave_out("ratings that are off their scale", f"{scale} {text}")
            return None
        return _Value(_IMPORTANCE if scale == "IM" else _LEVEL, number)

    # What people do

    def _task_statements(self, file: File) -> Iterator[ox.Quad]:
        for code, number, text, kind in rows(
            file, ("O*NET-SOC Code", "Task ID", "Task"), ("Task Type",)
        ):
            if not self._is_known(self._occupations, code, "tasks"):
                continue
            if number in self._tasks or not self._fits(_TASK, number, "tasks"):
                continue
            task = self._tasks[number] = term(f"onet-task:{number}")
            yield self._say(task, TYPE, term("onet:Task"))
            yield self._say(task, _LABEL, self._text(text))
            yield self._say(task, term("skos:notation"), ox.Literal(number))
            yield self._say(self._occupations[code], term("onet:hasTask"), task)
            if kind:
                yield self._say(task, term("onet:taskType"), ox.Literal(kind))
            self._tally.counts["tasks"] += 1

    def _task_ratings(self, file: File) -> Iterator[ox.Quad]:
        for number, scale, text, suppress in rows(
            file, ("Task ID", "Scale ID", "Data Value"), ("Recommend Suppress",)
        ):
            value = self._value(scale, text)
            if value is None or not self._is_known(self._tasks, number, "ratings"):
                continue
            if suppress == "Y":
                self._tally.leave_out("ratings of low precision, as O*NET recommends", number)
            else:
                self._tally.counts["ratings of tasks"] += 1
                yield self._say(self._tasks[number], value.property, decimal(value.number))

    def _task_activities(self, file: File) -> Iterator[ox.Quad]:
        for number, activity in rows(file, ("Task ID", "DWA ID"), also=_COLUMNS):
            what = "links from tasks to work activities"
            if self._is_known(self._tasks, number, what) and self._is_known(
                self._activities, activity, what
            ):
                self._tally.counts[what] += 1
                yield self._say(
                    self._tasks[number], term("onet:involves"), self._activities[activity]
                )

    # What all have in common

    def _entry(
        self, entry: ox.NamedNode, kind: str, label: str, code: str, description: str = ""
    ) -> Iterator[ox.Quad]:
        yield self._say(entry, TYPE, _CONCEPT)
        if kind:
            yield self._say(entry, TYPE, term(kind))
        yield self._say(entry, _LABEL, self._text(label))
        yield self._say(entry, term("skos:notation"), ox.Literal(code))
        yield self._say(entry, term("skos:inScheme"), _SCHEME)
        if description:
            yield self._say(entry, _DESCRIPTION, self._text(description))

    def _broader(self, narrower: ox.NamedNode, broader: ox.NamedNode) -> Iterator[ox.Quad]:
        yield self._say(narrower, term("skos:broader"), broader)
        yield self._say(broader, term("skos:narrower"), narrower)

    def _text(self, text: str) -> ox.Literal:
        self._tally.languages.add(_LANGUAGE)
        return ox.Literal(text, language=_LANGUAGE)

    def _fits(self, pattern: re.Pattern[str], code: str, what: str) -> bool:
        fits = bool(pattern.fullmatch(code))
        if not fits:
            self._tally.leave_out(f"{what} whose code is none", code)
        return fits

    def _is_known(self, known: dict[str, ox.NamedNode], code: str, what: str) -> bool:
        if code not in known:
            self._tally.leave_out(f"{what} of things that are in none of the files", code)
        return code in known


class _Value(NamedTuple):
    property: ox.NamedNode
    number: float
