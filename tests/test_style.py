"""All that users read is in the usual words: a small style, checked in prose, data and code.

Checked are the documentation, the rule pages, the messages and comments of shapes, the headers of
queries, the strings, docstrings and comments of the code, and the text of templates. What stands
in backquotes or code blocks is not prose.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

STYLE = {
    r"\b(is|are|was|were) told\b": "is reported, is listed, is passed",
    r"(?<!can )\btells?\b(?! (apart|readers|you)\b)": "says, states, reports, describes, lists",
    r"\bjudg(e|es|ed|ing)\b": "validate, check, evaluate",
    r"\bmend(s|ed|ing)?\b": "fix, correct",
    r"\bput(s|ting)? right\b": "fix, correct",
    r"\bslips? of the pen\b": "a typo",
    r"\bfaults? of (syntax|spelling)\b": "a syntax error, a typo",
    r"\bwhat it costs\b|\bcosts? (too|more|less)\b": "takes, needs, exceeds a limit",
    r"\bof (one.s|your) own\b(?!\s+\w+s\b)|\bof yours\b": "your own, before the noun",
    r"\bthat there (is|are)\b(?! no(ne|thing)?\b)|\bwhat there is\b": "existing, available",
    r"\bwalks? (you|a person|them) through\b": "takes you through",
    r"\bis left away\b|\blet go of\b": "is omitted, releases",
    r"\bbeside\b": "next to, as well as, in addition to",
    r"(?<!there )\b(is|are|was|were) no (?!longer|more|less|fewer|better|worse)(?=\w)": "is not a",
    r"\b(that|which) (is|are) none\b|\bis none of\b": "is invalid, is not one of",
    r"\bas (it|they) stands?\b": "unchanged",
    r"\bcall(s|ed)? (\w+ )?otherwise\b": "gives a different name",
    r"\bsaid of\b": "stated about, describes",
    r"\bin force\b": "current",
    r"\bwho(ever)? (asks|takes|meets|reads|comes|lands)\b": "people who, users who",
    r"\b(thereof|whereof|therein|wherein|whence|whilst|betwixt)\b": "a modern word",
    r"\ball that (is|are|it|they|the)\b": "everything, all",
}
"""What is not written, and what is meant instead."""
FIXED = re.compile(r"\bnothing-judged\b|“judged in”|\Abeside\Z")
"""What keeps its words: a rule, a wording that the changelog quotes, and a named graph."""
CODE = re.compile(r"^(`{3,})\w*\n.*?^\1$|^    .*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"``?[^`]*``?")
MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>|<(script|style)\b.*?</\1>", re.DOTALL)
PACKAGE = ROOT / "server" / "competency_graph"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "rules").glob("*.md")),
]


def package_files(pattern: str) -> list[Path]:
    """Files of the package."""
    return sorted(PACKAGE.rglob(pattern))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blanked(text: str, *parts: re.Pattern[str]) -> str:
    """A text with some parts blank, so that the lines keep their numbers."""
    for part in (FIXED, *parts):
        text = part.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def faults(prose: str, line: int = 1) -> list[str]:
    """The phrases of a text that have better ones, with their lines."""
    return [
        f"line {line + prose.count(chr(10), 0, found.start())}: “{found[0]}”, write {better}"
        for phrase, better in STYLE.items()
        for found in re.finditer(phrase, re.sub(r"\s", " ", prose), re.IGNORECASE)
    ]


def of_page(text: str) -> list[str]:
    return faults(blanked(text, CODE))


def of_shapes(text: str) -> list[str]:
    """Those of messages and other texts in English, and of comments."""
    texts = re.finditer(r'"((?:[^"\\\n]|\\.)*)"@en|^\s*#(.*)$', text, re.MULTILINE)
    return [
        fault
        for found in texts
        for fault in faults(found[1] or found[2] or "", text.count("\n", 0, found.start()) + 1)
    ]


def of_query(text: str) -> list[str]:
    """Those of a query's header and other comments on lines of their own."""
    return faults("\n".join(line if line[:1] == "#" else "" for line in text.splitlines()))


def of_code(text: str) -> list[str]:
    """Those of strings, docstrings and comments; names in backquotes are not prose."""
    return [
        fault
        for line, words in sorted(code_texts(text))
        for fault in faults(blanked(words, INLINE), line)
    ]


def code_texts(text: str) -> Iterator[tuple[int, str]]:
    """The strings of a module, f-strings with their fields as {}, and blocks of comments."""
    tree = ast.parse(text)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in node.values}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            values = (getattr(part, "value", "") for part in node.values)
            yield node.lineno, "".join(v if isinstance(v, str) else "{}" for v in values)
        elif isinstance(node, ast.Constant) and id(node) not in parts:
            yield node.lineno, str(node.value)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def of_template(text: str) -> list[str]:
    return faults(blanked(text, MARKUP))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_uses_the_usual_words(page: Path) -> None:
    assert of_page(page.read_text()) == []


@pytest.mark.parametrize("shapes", sorted((ROOT / "shapes").glob("*.ttl")), ids=name)
def test_shapes_use_the_usual_words(shapes: Path) -> None:
    assert of_shapes(shapes.read_text()) == []


@pytest.mark.parametrize("query", sorted((ROOT / "queries").glob("*.rq")), ids=name)
def test_a_query_uses_the_usual_words(query: Path) -> None:
    assert of_query(query.read_text()) == []


@pytest.mark.parametrize("module", package_files("*.py"), ids=name)
def test_a_module_uses_the_usual_words(module: Path) -> None:
    assert of_code(module.read_text()) == []


@pytest.mark.parametrize("template", package_files("*.html"), ids=name)
def test_a_template_uses_the_usual_words(template: Path) -> None:
    assert of_template(template.read_text()) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The finding is told.", 1),
        ("It judges\nby shapes and mends files.", 2),
        ("A value that is\nnone", 1),
        ("This is no list. It is no longer one, and there is no other.", 1),
        ("CG005 nothing-judged", 0),
        ("`competency validate` tells all", 1),
        ("```sh\nit is told\n```\n\nand `tells` nothing else", 0),
        ("    it is told in code\n", 0),
        ("It is reported.", 0),
    ],
)
def test_what_is_not_written_is_seen(text: str, found: int) -> None:
    assert len(of_page(text)) == found


def test_it_is_seen_in_shapes() -> None:
    text = '# It judges.\nshape:tells sh:message "It is told."@en ; sh:select "?tells" .'
    assert [fault.partition(":")[0] for fault in of_shapes(text)] == ["line 1", "line 2"]


def test_it_is_seen_in_queries() -> None:
    assert of_query("# title: What it tells\nSELECT ?tells {}") != []
    assert of_query("# title: What it says\nSELECT ?tells {}") == []


@pytest.mark.parametrize(
    "text",
    [
        '"""It tells."""',
        "def it() -> None:\n    '''It says.\n\n    It tells.\n    '''",
        "x = f'“{y}” is no list'",
        "raise E('it ' 'tells')",
        "x = 1  # it tells",
    ],
)
def test_it_is_seen_in_code(text: str) -> None:
    assert len(of_code(text)) == 1
    assert of_code(text.replace("tells", "states").replace("no list", "not a list")) == []


def test_it_is_seen_in_templates() -> None:
    assert of_template("<p class='x'>It tells</p>") != []
    assert of_template("<p class='tells'>{{ it.tells }}{% if tells %}</p>") == []
