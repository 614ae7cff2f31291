"""Documents in all habits: every label, code, link and page is the one of the model."""

from __future__ import annotations

import pytest
from document_models import OWN, TRADES, Style, Writer, found, model, statements
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from competency_graph.importing.document import Settings, import_text
from competency_graph.importing.document.reading.plain_text import text_of

ABOUT = {"licence": "https://example.org/licence", "creator": "The guild"}
STYLES = st.builds(
    Style,
    bullet=st.sampled_from(["•", "-", "*", "1"]),
    width=st.sampled_from([0, 44, 60, 72, 79, 100]),
    hanging=st.sampled_from([0, 2, 4]),
    gap=st.booleans(),
    contents=st.booleans(),
    leader=st.sampled_from([" ", "\t", " ...... ", "..........", " . . . . "]),
    table=st.sampled_from(["no-break", "tabs", "bars", "columns"]),
    dash=st.sampled_from(["—", " — ", " – ", " - ", " -- ", ": "]),
    lists=st.booleans(),
    full_stops=st.booleans(),
    numbered_headings=st.booleans(),
    page_numbers=st.booleans(),
)


def imported(text: str):
    return import_text(
        text_of(text.encode(), "dictionary.txt"), "dictionary.txt", Settings(OWN, about=ABOUT)
    )


@given(st.integers(0, 10**6), STYLES)
@settings(max_examples=150, deadline=None)
def test_an_import_gives_what_the_document_says(seed: int, style: Style) -> None:
    # a dash at the beginning of a line looks like the bullet above it
    assume(not (style.bullet == "-" and style.dash == " - " and style.width))
    document = model(seed)
    text = Writer(document, style).text()
    result = imported(text)
    assert found(result) == statements(document, style)
    assert [str(f.place) + f.message for f in result.report.findings if f.severity != "info"] == []
    assert sum(result.lines.values()) == len(text.splitlines())


@pytest.mark.parametrize("trade", sorted(TRADES))
def test_each_trade_is_imported(trade: str) -> None:
    document = model(7, trade)
    result = imported(Writer(document, Style()).text())
    assert result.content.about["title"] == f"{trade.capitalize()} Dictionary"
    assert result.content.about["description"] == document.description
    assert found(result) == statements(document, Style())
