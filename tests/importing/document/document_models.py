"""Documents made from a model, in many habits, and the statements that their import must give.

The expectation is worked out from the model alone: nothing here uses the code under test.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

CG = "https://w3id.org/competency-graph/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWN = "https://example.org/trade/"
TRADES = {
    "bakery": [
        "dough",
        "oven",
        "flour",
        "yeast",
        "crust",
        "loaf",
        "batch",
        "glaze",
        "recipe",
        "crumb",
        "pastry",
        "tray",
        "mixer",
        "proof",
    ],
    "nursing": [
        "patient",
        "ward",
        "dose",
        "chart",
        "wound",
        "shift",
        "pulse",
        "bed",
        "triage",
        "fever",
        "bandage",
        "clinic",
        "nurse",
    ],
    "warehouse": [
        "pallet",
        "shelf",
        "forklift",
        "parcel",
        "dock",
        "label",
        "crate",
        "route",
        "stock",
        "scanner",
        "bay",
        "cargo",
    ],
}
VERBS = [
    "Checks",
    "Plans",
    "Shapes",
    "Guides",
    "Measures",
    "Records",
    "Prepares",
    "Cleans",
    "Compares",
    "Orders",
]
GERUNDS = [
    "Planning",
    "Shaping",
    "Checking",
    "Guiding",
    "Preparing",
    "Cleaning",
    "Ordering",
    "Recording",
    "Comparing",
]
QUALITIES = [
    "daily",
    "careful",
    "seasonal",
    "local",
    "shared",
    "simple",
    "reliable",
    "gentle",
    "regional",
    "early",
]


@dataclass
class Action:
    title: str
    description: str


@dataclass
class Listed:
    label: str
    examples: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        if not self.examples:
            return self.label
        *first, last = self.examples
        joined = (
            f"{', '.join(first)}, and {last}" if len(first) > 1 else " and ".join(self.examples)
        )
        return f"{self.label} (for example, {joined})"


@dataclass
class Entry:
    name: str
    definition: str
    actions: list[Action]
    knowledge: list[Listed] = field(default_factory=list)
    abilities: list[Listed] = field(default_factory=list)
    outputs: list[Listed] = field(default_factory=list)
    open_ended: bool = False
    page: int = 0


@dataclass
class Cluster:
    name: str
    intro: str
    entries: list[Entry]
    page: int = 0


@dataclass
class Role:
    name: str
    definition: str
    titles: list[str]


@dataclass
class Model:
    trade: str
    description: str
    roles: list[Role]
    clusters: list[Cluster]
    areas: list[Entry]
    marks: list[list[bool]]
    roles_page: int = 3

    @property
    def title(self) -> str:
        return f"{self.trade.capitalize()} Dictionary"


def model(seed: int, trade: str = "") -> Model:
    """A dictionary of a trade, of random size and in random words."""
    chance = random.Random(seed)
    trade = trade or chance.choice(sorted(TRADES))
    nouns, used = TRADES[trade], set[str]()

    def unique(words: int, first: list[str]) -> str:
        while True:
            text = " ".join(
                [chance.choice(first), *(chance.choice(QUALITIES + nouns) for _ in range(words))]
            )
            if text.lower() not in used:
                used.add(text.lower())
                return text

    def sentence(least: int = 4, most: int = 30) -> str:
        words = [chance.choice(nouns + QUALITIES) for _ in range(chance.randint(least, most))]
        for at in range(5, len(words), 7):
            words[at] += ","
        return f"{chance.choice(VERBS)} {' '.join(words).rstrip(',')}."

    def listed(words: int) -> Listed:
        label = unique(words, [noun.capitalize() for noun in nouns])
        return Listed(label, chance.sample(nouns, chance.choice([0, 0, 2, 3])))

    def actions() -> list[Action]:
        return [
            Action(unique(chance.randint(2, 5), VERBS), sentence())
            for _ in range(chance.randint(1, 4))
        ]

    page = 4

    def entry(is_area: bool) -> Entry:
        nonlocal page
        page += chance.randint(0, 2)
        made = Entry(unique(2, GERUNDS).title(), sentence(), actions(), page=page)
        if is_area:
            made.knowledge = [listed(2) for _ in range(chance.randint(1, 5))]
            made.abilities = [
                Listed(unique(3, ["Mix", "Lift", "Weigh", "Read"]))
                for _ in range(chance.randint(1, 4))
            ]
            made.outputs = [listed(1) for _ in range(chance.randint(1, 5))]
            made.open_ended = chance.random() < 0.5
        return made

    names = chance.sample(
        ["Baker", "Planner", "Head Keeper", "Auditor", "Mentor", "Runner"], chance.randint(2, 5)
    )
    roles = [
        Role(
            name,
            sentence(),
            [unique(2, ["Senior", "Junior", "Deputy"]) for _ in range(chance.randint(1, 4))],
        )
        for name in names
    ]
    clusters = [
        Cluster(
            name,
            sentence(6, 20).replace(".", ":"),
            [entry(False) for _ in range(chance.randint(1, 4))],
            page,
        )
        for name in chance.sample(["Teamwork", "Craft", "Safety", "Insight"], chance.randint(1, 4))
    ]
    areas = [entry(True) for _ in range(chance.randint(1, 5))]
    if len(areas) > 1 and chance.random() < 0.5:  # knowledge that two areas share
        areas[1].knowledge.append(
            Listed(areas[0].knowledge[0].label, areas[0].knowledge[0].examples)
        )
    marks = [[chance.random() < 0.5 for _ in roles] for _ in areas]
    for at in range(len(roles)):
        marks[at % len(areas)][at] = True
    for at, row in enumerate(marks):
        row[at % len(roles)] = True
    return Model(trade, sentence(8, 30), roles, clusters, areas, marks)


@dataclass(frozen=True)
class Style:
    """The habits of a document."""

    bullet: str = "•"
    width: int = 0
    hanging: int = 4
    gap: bool = True
    """Whether a blank line precedes each heading, and the first item of a list."""
    contents: bool = True
    leader: str = " "
    table: str = "no-break"
    dash: str = "—"
    lists: bool = True
    """Whether lists of names precede the entries."""
    full_stops: bool = True
    numbered_headings: bool = False
    page_numbers: bool = False


class Writer:
    """Writes a model as plain text, and knows what each line is."""

    def __init__(self, model: Model, style: Style) -> None:
        self._model, self._style = model, style
        self.lines: list[str] = []
        self._number = 0

    def text(self) -> str:
        model, style = self._model, self._style
        self._add(model.title, "")
        if style.contents:
            self._contents()
        self._add(model.description, "")
        self._heading(f"{model.trade.capitalize()} Roles")
        self._add("These are the roles:", "")
        self._items([f"{role.name}. {role.definition}" for role in model.roles], stop=False)
        for role in model.roles:
            self._heading(f"{role.name} titles")
            self._items(role.titles)
        self._table()
        self._heading("Foundational Competencies")
        if style.lists:
            self._items([f"{cluster.name} competencies" for cluster in model.clusters])
        for cluster in model.clusters:
            self._heading(f"{cluster.name} Competencies")
            self._add(cluster.intro, "")
            if style.lists:
                self._items([entry.name.capitalize() for entry in cluster.entries])
            for entry in cluster.entries:
                self._entry(entry)
        self._heading(f"{model.trade.capitalize()} Areas of Expertise")
        if style.lists:
            self._items([area.name.capitalize() for area in model.areas])
        for area in model.areas:
            self._entry(area)
        return "\n".join(self.lines) + "\n"

    def _add(self, text: str, *more: str) -> None:
        for line in (text, *more):
            if self._style.width and line:
                self.lines += textwrap.wrap(line, self._style.width, break_long_words=False)
            else:
                self.lines.append(line)

    def _heading(self, text: str) -> None:
        if self._style.gap and self.lines[-1]:
            self.lines.append("")
        if self._style.page_numbers and text.endswith("Competencies"):
            self.lines += [str(len(self.lines)), ""]
        self._number += 1
        self._add(
            f"{self._number}. {text}"
            if self._style.numbered_headings and self._is_section(text)
            else text,
            "",
        )

    def _is_section(self, text: str) -> bool:
        return text.endswith(("Roles", "Foundational Competencies", "Areas of Expertise"))

    def _items(self, texts: list[str], stop: bool = True) -> None:
        style = self._style
        for number, text in enumerate(texts, 1):
            mark = f"{number}." if style.bullet == "1" else style.bullet
            if number == len(texts) and stop and style.full_stops:
                text += "."
            if style.width:
                self.lines += textwrap.wrap(
                    text, style.width, initial_indent=f"  {mark} ",
                    subsequent_indent=" " * style.hanging, break_long_words=False,
                )  # fmt: skip
            else:
                self.lines.append(f"  {mark} {text}")

    def _entry(self, entry: Entry) -> None:
        self._heading(entry.name)
        self._add(f"Definition: {entry.definition}", "")
        parts = [("Knowledge of", entry.knowledge), ("Ability to", entry.abilities)]
        if entry.knowledge:
            self._add("Key Skills and Knowledge:", "")
        for label, listed in parts:
            if listed:
                self._add(label, "")
                self._items([each.text for each in listed])
                self._add("")
        self._add("Key Actions:", "")
        self._items(
            [f"{each.title}{self._style.dash}{each.description}" for each in entry.actions],
            stop=False,
        )
        if entry.outputs:
            self._add("", "Sample Outputs:", "")
            last = ["Other outputs as appropriate"] if entry.open_ended else []
            self._items([each.text for each in entry.outputs] + last)

    def _contents(self) -> None:
        model, leader = self._model, self._style.leader
        self._add("Contents", "")
        lines = [
            (0, f"{model.trade.capitalize()} Roles", model.roles_page),
            (0, "Foundational Competencies", 4),
        ]
        for cluster in model.clusters:
            lines.append((0, f"{cluster.name} Competencies", cluster.page))
            lines += [(1, entry.name, entry.page) for entry in cluster.entries]
        lines.append((0, f"{model.trade.capitalize()} Areas of Expertise", 9))
        lines += [(1, area.name, area.page) for area in model.areas]
        self.lines += [f"{'    ' * depth}{name}{leader}{page}" for depth, name, page in lines]
        self.lines.append("")

    def _table(self) -> None:
        model, kind = self._model, self._style.table
        self._add("", "Table 1. Roles and areas")
        names = [role.name for role in model.roles]
        rows = [["Areas of Expertise", *names]]
        rows += [
            [area.name, *("X" if mark else "" for mark in marks)]
            for area, marks in zip(model.areas, model.marks, strict=True)
        ]
        if kind == "columns":
            widths = [max(len(row[at]) for row in rows) + 2 for at in range(len(rows[0]))]
            for row in rows:
                cells = [row[0].ljust(widths[0])]
                cells += [
                    cell.center(width) if cell == "X" else cell.ljust(width)
                    for cell, width in zip(row[1:], widths[1:], strict=True)
                ]
                self.lines.append("".join(cells).rstrip())
        elif kind == "bars":
            self.lines += ["| " + " | ".join(row) + " |" for row in rows]
            self.lines.insert(len(self.lines) - len(rows) + 1, "|" + "---|" * len(rows[0]))
        elif kind == "tabs":
            self.lines += ["\t".join(row) for row in rows]
        else:
            self.lines += [" ".join(rows[0])] + [
                " ".join(cell or "\u00a0" for cell in row) for row in rows[1:]
            ]
        self.lines.append("")


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def statements(model: Model, style: Style) -> set[tuple[str, str, object]]:
    """The statements that the import of a document must give, with IRIs shortened: kind/slug."""
    return set(_statements(model, style))


def _statements(model: Model, style: Style) -> Iterator[tuple[str, str, object]]:
    def page(subject: str, number: int) -> Iterator[tuple[str, str, object]]:
        if style.contents:
            yield subject, "sourcePage", number

    def basic(kind: str, cls: str, label: str, code: str) -> Iterator[tuple[str, str, object]]:
        subject = f"{kind}/{slug(label)}"
        yield subject, "type", cls
        yield subject, "prefLabel", label
        yield subject, "notation", code
        yield subject, "inScheme", ""

    titles = 0
    for number, role in enumerate(model.roles, 1):
        subject = f"role/{slug(role.name)}"
        yield from basic("role", "Role", role.name, f"R{number}")
        yield subject, "definition", role.definition
        yield from page(subject, model.roles_page)
        for title in role.titles:
            titles += 1
            yield from basic("title", "JobTitle", title, f"T{titles:02}")
            yield from page(f"title/{slug(title)}", model.roles_page)
            yield subject, "exampleTitle", f"title/{slug(title)}"
    competencies = 0
    for number, cluster in enumerate(model.clusters, 1):
        subject = f"cluster/{slug(cluster.name)}"
        yield from basic("cluster", "CompetencyCluster", cluster.name, f"CL{number}")
        yield subject, "definition", cluster.intro
        yield from page(subject, cluster.page)
        if style.lists:
            yield subject, "altLabel", f"{cluster.name} competencies"
        elif style.contents:
            yield subject, "altLabel", f"{cluster.name} Competencies"
        for entry in cluster.entries:
            competencies += 1
            yield subject, "hasCompetency", f"competency/{slug(entry.name)}"
            yield "", "foundationalCompetency", f"competency/{slug(entry.name)}"
            yield from _entry(entry, "competency", "Competency", f"C{competencies:02}", basic, page)
    counts = {"knowledge": 0, "ability": 0, "output": 0}
    seen: set[str] = set()
    kinds = (
        ("knowledge", "Knowledge", "requiresKnowledge", "K"), ("ability", "Ability", "requiresAbility", "B"),
        ("output", "Output", "producesOutput", "O"),
    )  # fmt: skip
    for number, (area, marks) in enumerate(zip(model.areas, model.marks, strict=True), 1):
        subject = f"area/{slug(area.name)}"
        yield from _entry(area, "area", "AreaOfExpertise", f"A{number:02}", basic, page)
        yield subject, "areaOf", ""
        if area.open_ended:
            yield subject, "outputsOpenEnded", True
        for (kind, cls, link, letter), listed in zip(
            kinds, (area.knowledge, area.abilities, area.outputs), strict=True
        ):
            for each in listed:
                item = f"{kind}/{slug(each.label)}"
                if item not in seen:
                    seen.add(item)
                    counts[kind] += 1
                    yield from basic(kind, cls, each.label, f"{letter}{counts[kind]:03}")
                for example in each.examples:
                    yield item, "example", example
                yield from page(item, area.page)
                yield subject, link, item
        for role, mark in zip(model.roles, marks, strict=True):
            if mark:
                yield f"role/{slug(role.name)}", "coversArea", subject


def _entry(entry, kind, cls, code, basic, page) -> Iterator[tuple[str, str, object]]:
    subject = f"{kind}/{slug(entry.name)}"
    yield from basic(kind, cls, entry.name, code)
    yield subject, "definition", entry.definition
    yield from page(subject, entry.page)
    for number, action in enumerate(entry.actions, 1):
        item = f"action/{slug(action.title)}"
        yield from basic("action", "KeyAction", action.title, f"{code}.A{number}")
        yield item, "definition", action.description
        yield from page(item, entry.page)
        yield subject, "hasKeyAction", item


def found(imported) -> set[tuple[str, str, object]]:
    """The statements of an import in the form of `statements`, but for those about the dictionary."""
    made = set()
    for file in imported.files.values():
        for subject, predicate, value in file.graph:
            if str(subject) == OWN.rstrip("/") and not str(predicate).startswith(CG):
                continue
            made.add((_short(str(subject)), re.split("[#/]", str(predicate))[-1], _value(value)))
    return made


def _short(iri: str) -> str:
    return iri.removeprefix(OWN.rstrip("/")).lstrip("/")


def _value(value) -> object:
    text = str(value)
    if text.startswith(CG):
        return text.removeprefix(CG)
    if text.startswith(OWN.rstrip("/")):
        return _short(text)
    python = value.toPython() if hasattr(value, "toPython") else text
    return python if isinstance(python, bool | int) else text
