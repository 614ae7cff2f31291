"""Every rule has a page, whose wrong example breaks it and whose right example breaks none.

`docs/rules/README.md` tells how the examples are to be read; they are read in that way here.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from sheet_examples import sheet_findings

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.document import RULES as DOCUMENT_RULES
from competency_graph.importing.spreadsheet.findings import SHEET_RULES
from competency_graph.mappings import Mapping, read
from competency_graph.mappings import text as written
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.validation import Source, read_base, read_shapes, validate_sources
from competency_graph.validation.checks.check_result import RULES
from competency_graph.validation.findings import Finding, Rule
from competency_graph.versions import Version, breaking_changes, compare
from competency_graph.versions.checks.rules import RULES as CHANGE_RULES
from conftest import ROOT

PAGES = ROOT / "docs" / "rules"
SHAPES = read_shapes()
OF_CHANGES = {rule.code for rule in CHANGE_RULES}
SHEETS = {rule.code for rule in SHEET_RULES}
RULE_OF = {
    rule.code: rule for rule in (*RULES, *CHANGE_RULES, *SHEET_RULES, *SHAPES.rules.values())
}
CODES = sorted(RULE_OF)
IMPORTING = {rule.code: rule for rule in DOCUMENT_RULES}
"""The rules of imports, whose examples are tested in tests/importing/document."""
PAGE = re.compile(
    r"# (?P<code>CG\d{3}) (?P<name>\S+)\n\n"
    r"Severity: (?P<severity>\w+)\. \[How to read this page\]\(README\.md#how-to-read-a-page\)\.\n\n"
    r"(?P<why>(?:.+\n)+)\n"
    r"## Wrong\n\n```(?P<kind>turtle|tsv|csv)\n(?P<wrong>[^`]*)```\n\n"
    r"## Right\n\n```(?P=kind)\n(?P<right>[^`]*)```\n\n"
    r"## Remedy\n\n(?P<remedy>(?:.+\n)+)\n"
    r"`--fix` (?P<fix>does this|leaves this to you)(?:[,:] .+|)\.\n"
)
ROW = re.compile(r"^\| \[(CG\d{3})\]\((CG\d{3})\.md\) \| (\S+) \| (\w+) \| (.+) \|$", re.MULTILINE)
HEAD = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in {**PREFIXES, "acme": "https://example.org/acme/"}.items()
)
ALSO = {
    "CG092": {"CG102"},
    "CG313": {"CG216", "CG411"},
    "CG315": {"CG411"},
    "CG316": {"CG224"},
}
"""What a wrong example cannot help breaking besides, as its page says."""


@cache
def page(code: str) -> re.Match[str]:
    found = PAGE.fullmatch((PAGES / f"{code}.md").read_text())
    assert found, "it does not have the form of a page"
    return found


def example(code: str, which: str) -> Source:
    """An example as a file, with the prefixes that it leaves out."""
    text = page(code)[which]
    if page(code)["kind"] == "tsv":
        return Source("example.sssom.tsv", rows(code, which).encode(), 1)
    head = "" if text.startswith("PREFIX") else HEAD
    encoding = "latin-1" if (code, which) == ("CG002", "wrong") else "utf-8"
    return Source("example.ttl", (head + text).encode(encoding), 1)


def shown(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What an example of mappings shows: lines of a head by their keys, and rows by their columns."""
    head = {line.split(":")[0]: line for line in text.splitlines() if line.startswith("# ")}
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return head, [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def rows(code: str, which: str) -> str:
    """The file of mappings that an example is a change of."""
    whole = read(PAGES / "acme.sssom.tsv")
    parts = {name: shown(page(code)[name]) for name in ("wrong", "right")}
    head = whole.head
    for key in {key for keys, _ in parts.values() for key in keys}:
        line = parts[which][0].get(key, "")
        head = re.sub(rf"(?m)^{re.escape(key)}:.*\n", line + "\n" if line else "", head)
    meant = {row["subject_id"] for _, some in parts.values() for row in some}
    kept = [each for each in whole.mappings if each.subject_id not in meant]
    for row in parts[which][1]:
        same = [each for each in whole.mappings if each.subject_id == row["subject_id"]]
        other = {"subject_label": "", "subject_category": ""}
        like = same[0].cells if same else whole.mappings[0].cells | other
        kept.append(Mapping.from_cells(like | row))
    return head + written(whole.with_mappings(kept)).removeprefix(whole.head)


def said(source: Source) -> list[ox.Quad]:
    """The statements of a file, as far as it can be read."""
    try:
        return [item for item in source.quads() if isinstance(item, ox.Quad)]
    except UnreadableInputError:
        return []


def rest(code: str) -> Source:
    """What the examples of a page leave out: all of which neither says anything else."""
    shown = {
        (quad.subject, quad.predicate)
        for which in ("wrong", "right")
        for quad in said(example(code, which))
    }
    if page(code)["kind"] == "tsv":
        shown = set()
    if code == "CG005":  # its examples are whole files, as its page says
        return Source("rest.nt", b"")
    kept = [
        quad.triple
        for quad in said(Source("acme.ttl", (PAGES / "acme.ttl").read_bytes()))
        if (quad.subject, quad.predicate) not in shown
    ]
    return Source("rest.nt", ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES) or b"")


BASE = read_base()
UNLINKED = replace(BASE, links=())
"""The published dictionary without its links, which no example needs."""


@cache
def findings(code: str, which: str) -> tuple[Finding, ...]:
    if code in SHEETS:
        return sheet_findings(code, page(code)[which], which)
    if code == "CG061":  # its examples are shapes, as its page says
        with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
            Path(file.name).write_text(example(code, which).text)
            return validate_sources([rest(code)], UNLINKED, read_shapes([Path(file.name)])).findings
    files = [rest(code), example(code, which)]
    broken = breaking(files) if code in OF_CHANGES else ()
    if code in OF_CHANGES and which == "wrong":  # it need not break a rule for a single version
        return broken
    return broken + validate_sources(files, UNLINKED, SHAPES).findings


def breaking(files: list[Source]) -> tuple[Finding, ...]:
    """What breaks a rule in a version of Acme's dictionary that follows the one of the examples."""
    acme = Version("older", {"acme.ttl": (PAGES / "acme.ttl").read_bytes()})
    newer = Version("newer", {file.name: file.content for file in files})
    return breaking_changes(compare(acme, newer)).findings


@pytest.fixture(params=CODES)
def rule(request: pytest.FixtureRequest) -> Rule:
    return RULE_OF[request.param]


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(path.stem for path in PAGES.glob("CG*")) == sorted({*CODES, *IMPORTING})


def test_what_the_examples_leave_out_is_valid() -> None:
    acme = [
        Source(name, (PAGES / name).read_bytes(), number)
        for number, name in enumerate(("acme.ttl", "acme.sssom.tsv"))
    ]
    assert validate_sources(acme, BASE, SHAPES).findings == ()


def test_the_page_names_the_rule(rule: Rule) -> None:
    found = page(rule.code)
    assert (found["code"], found["name"], found["severity"]) == (
        rule.code, rule.name, rule.severity,
    )  # fmt: skip


def test_no_name_has_the_capital_of_a_class(rule: Rule) -> None:
    """A property keeps its own name, as in ``coversArea-from``."""
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*(-[a-z]+)*", rule.name)


def test_the_wrong_example_breaks_it(rule: Rule) -> None:
    broken = {finding.rule.code for finding in findings(rule.code, "wrong")}
    also = ALSO.get(rule.code, set())
    assert broken == {rule.code} | also
    for code in also:
        assert f"[{code}]({code}.md)" in page(rule.code)["why"]


def test_the_right_example_breaks_no_rule(rule: Rule) -> None:
    assert findings(rule.code, "right") == ()


def test_the_page_says_whether_it_is_fixed(rule: Rule) -> None:
    """And what is fixed no longer breaks the rule."""
    edits = [edit for f in findings(rule.code, "wrong") if f.rule == rule for edit in f.edits]
    assert bool(edits) == (page(rule.code)["fix"] == "does this")
    if not edits:
        return  # so are all of sheets
    text, name = example(rule.code, "wrong").text, example(rule.code, "wrong").name
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        assert edit.file == name
        text = text[: edit.start] + edit.text + text[edit.end :]
    fixed = [rest(rule.code), Source(name, text.encode(), 1)]
    assert rule not in {
        finding.rule for finding in validate_sources(fixed, UNLINKED, SHAPES).findings
    }


def test_no_two_pages_say_the_same() -> None:
    for parts in (["why"], ["wrong", "right"], ["remedy"]):
        assert len({page(code).group(*parts) for code in CODES}) == len(CODES), parts


def test_the_index_lists_exactly_the_rules() -> None:
    rows = ROW.findall((PAGES / "README.md").read_text())
    assert [row[:4] for row in rows] == [
        (code, code, rule.name, rule.severity)
        for code, rule in sorted((RULE_OF | IMPORTING).items())
    ]
