"""Changes as text, Markdown, HTML and JSON; the RDF Patch is tested with the blank nodes."""

from __future__ import annotations

import json
import re

import html5rdf
import pytest
from markdown_it import MarkdownIt

from competency_graph.errors import UnknownNameError
from competency_graph.versions import FORMATS, Changes, write
from competency_graph.versions.formats.html import passages
from versions.bakery import BAKER, DOUGH, FLOUR, KNEADING, OVEN, changes

TEXT = 'bakery:baker skos:definition "{}"@en .\n'
OLD = BAKER + DOUGH + OVEN + KNEADING + TEXT.format("Bakes bread and cake.")
OLD += "bakery:dough cg:hasCompetency bakery:kneading .\n"
NEW = BAKER.replace("Baker", "Artisan") + DOUGH + OVEN + KNEADING + FLOUR
NEW += TEXT.format("Bakes bread.") + "bakery:oven cg:hasCompetency bakery:kneading .\n"


@pytest.fixture(scope="module")
def found() -> Changes:
    return changes(OLD, NEW)


def test_text_is_grouped_by_kind(found: Changes) -> None:
    assert (
        write(found, "text")
        == """\
Added (1)
  Flour (knowledge, https://example.org/bakery/flour)

Renamed (1)
  Artisan (role R1, https://example.org/bakery/baker)
    label (en)
      - Baker
      + Artisan

Reworded (1)
  Artisan (role R1, https://example.org/bakery/baker)
    definition (en)
      - Bakes bread and cake.
      + Bakes bread.

Moved (1)
  Kneading (competency, https://example.org/bakery/kneading)
    cluster
      - Dough (https://example.org/bakery/dough)
      + Oven (https://example.org/bakery/oven)

4 changes from old to new: 1 added, 1 renamed, 1 reworded, 1 moved.
"""
    )


def test_colour_marks_what_changed_and_nothing_else(found: Changes) -> None:
    coloured = write(found, "text", colour=True)
    assert "\x1b[31m- Baker\x1b[0m" in coloured
    assert "\x1b[32m+ Artisan\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == write(found, "text")


def test_markdown_is_a_list_under_headings(found: Changes) -> None:
    text = write(found, "markdown")
    assert text.startswith("4 changes from old to new: 1 added, 1 renamed, 1 reworded, 1 moved.\n")
    assert (
        "## Reworded (1)\n\n"
        "- **Artisan** (role R1, https://example.org/bakery/baker)\n"
        "  - definition (en): ~~Bakes bread and cake.~~ → Bakes bread.\n"
    ) in text


def test_html_marks_the_words_that_differ(found: Changes) -> None:
    page = write(found, "html")
    assert "Bakes bread<del> and cake</del>." in page
    assert "<dd><del>Baker</del></dd>\n<dd><ins>Artisan</ins></dd>" in page
    assert '<a href="#moved">Moved</a> (1)' in page
    html5rdf.HTMLParser(strict=True).parse(page)


def test_json_has_every_field(found: Changes) -> None:
    content = json.loads(write(found, "json"))
    assert content["counts"] == {"added": 1, "renamed": 1, "reworded": 1, "moved": 1}
    assert content["statements"] == {"removed": 3, "added": 5}
    assert (content["version"], content["old"], content["new"]) == (1, "old", "new")
    moved = content["changes"][-1]
    assert moved == {
        "kind": "moved",
        "entry": "https://example.org/bakery/kneading",
        "label": "Kneading",
        "class": "https://w3id.org/competency-graph/ontology#Competency",
        "code": "",
        "details": [
            {
                "what": "cluster",
                "about": "",
                "removed": ["<https://example.org/bakery/dough>"],
                "added": ["<https://example.org/bakery/oven>"],
            }
        ],
        "removed": [
            "<https://example.org/bakery/dough> "
            "<https://w3id.org/competency-graph/ontology#hasCompetency> "
            "<https://example.org/bakery/kneading> ."
        ],
        "added": [
            "<https://example.org/bakery/oven> "
            "<https://w3id.org/competency-graph/ontology#hasCompetency> "
            "<https://example.org/bakery/kneading> ."
        ],
    }


@pytest.mark.parametrize("form", [form.name for form in FORMATS])
def test_no_change_is_said_in_each_format(form: str) -> None:
    text = write(changes(OLD, OLD), form)
    if form == "json":
        assert json.loads(text)["changes"] == []
    elif form == "rdf-patch":
        assert text == "TX .\nTC .\n"
    else:
        assert "No changes from old to new." in text


def test_texts_are_never_markup_nor_control_characters() -> None:
    nasty = "<b>&amp;</b> *x* [a](b) `c` | \\u001b[31m ~~d~~ # e"
    found = changes(BAKER, BAKER + TEXT.format(nasty))
    assert "<b>" not in write(found, "html").partition("</style>")[2]
    assert "\x1b" not in write(found, "text") + write(found, "markdown") + write(found, "html")
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(write(found, "markdown"))
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt; *x* [a](b) `c` | ␛[31m ~~d~~ # e" in rendered


def test_long_texts_are_not_compared_word_by_word() -> None:
    old, new = "a b " * 600, "b a " * 600
    assert passages(old, new) == [("removed", old), ("added", new)]
    assert passages("a b c", "a c") == [("equal", "a "), ("removed", "b "), ("equal", "c")]


def test_an_unknown_format_is_an_error(found: Changes) -> None:
    with pytest.raises(UnknownNameError, match="rdf-patch"):
        write(found, "docx")
