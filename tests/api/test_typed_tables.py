"""Answers as rows and data frames: each column has the type of its values."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from competency_graph import Dictionary
from competency_graph.api.table import Table
from competency_graph.errors import BadValueError, UnavailableError, UnknownNameError
from conftest import ROOT

CG = "https://w3id.org/competency-graph/ontology#"
VALUES = """\
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}"""


def columns(sales: Dictionary, *cells: str) -> Table:
    """A table whose column a has these values, and whose column b makes no row empty."""
    rows = " ".join(f"({cell} {number})" for number, cell in enumerate(cells))
    return sales.query(VALUES.format(rows=rows))


@pytest.mark.parametrize(
    ("cells", "values", "arrow", "polars", "pandas"),
    [
        (["1", '"2"^^xsd:byte', "UNDEF"], [1, 2, None], pa.int64(), pl.Int64, "Int64"),
        (["true", "UNDEF"], [True, None], pa.bool_(), pl.Boolean, "boolean"),
        (["1.5", "UNDEF", "20.25"], [Decimal("1.50"), None, Decimal("20.25")],
         pa.decimal128(38, 2), pl.Decimal(38, 2), "Float64"),
        (["1.5", "2"], [Decimal("1.5"), Decimal("2.0")],
         pa.decimal128(38, 1), pl.Decimal(38, 1), "Float64"),
        (["1.5", "2e0", "3"], [1.5, 2.0, 3.0], pa.float64(), pl.Float64, "Float64"),
        (['"2026-11-29"^^xsd:date', "UNDEF"], [date(2026, 11, 29), None],
         pa.date32(), pl.Date, "datetime64[s]"),
        (['"2026-11-29T08:00:00+02:00"^^xsd:dateTime', "UNDEF"],
         [datetime(2026, 11, 29, 6, tzinfo=UTC), None],
         pa.timestamp("us", "UTC"), pl.Datetime("us", "UTC"), "datetime64[us, UTC]"),
        (['"2026-11-29T08:00:00"^^xsd:dateTime'], [datetime(2026, 11, 29, 8)],
         pa.timestamp("us"), pl.Datetime("us"), "datetime64[us]"),
        (["<https://a.example/>", '"x"@de', "UNDEF"], ["https://a.example/", "x", None],
         pa.string(), pl.String, "string"),
        (["1", '"one"'], ["1", "one"], pa.string(), pl.String, "string"),
        (["1", "true"], ["1", "true"], pa.string(), pl.String, "string"),
        (['"many"^^xsd:integer', "2"], ["many", "2"], pa.string(), pl.String, "string"),
        (["9223372036854775808", "1"], [Decimal(2**63), Decimal(1)],
         pa.decimal128(38, 0), pl.Decimal(38, 0), "object"),
        (["12345678901234567890123456789012345678.5", "1"],
         ["12345678901234567890123456789012345678.5", "1"], pa.string(), pl.String, "string"),
        (["UNDEF"], [None], pa.string(), pl.String, "string"),
    ],
)  # fmt: skip
def test_a_column_has_the_type_that_holds_its_values(
    sales: Dictionary, cells: list[str], values: list, arrow: object, polars: object, pandas: str
) -> None:
    table = columns(sales, *cells)
    assert table.to_arrow().schema.field("a").type == arrow
    assert table.to_arrow()["a"].to_pylist() == values
    assert table.to_polars().schema["a"] == polars
    assert table.to_polars()["a"].to_list() == values
    assert str(table.to_pandas()["a"].dtype) == pandas
    found = [None if pd.isna(value) else value for value in table.to_pandas()["a"]]
    assert found == [pd.Timestamp(v) if isinstance(v, date) else v for v in values]


@pytest.mark.filterwarnings("ignore:there is no term")
@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("SELECT ?c (COUNT(?x) AS ?n) { ?c cg:inCluster cg:none , ?x } GROUP BY ?c",
         {"c": "string", "n": "Int64"}),
        ("SELECT ?s ?page { ?s a cg:None ; cg:sourcePage ?page }", {"s": "string", "page": "Int64"}),
        ("SELECT (MAX(?p) AS ?last) { ?s a cg:None ; cg:sourcePage ?p } GROUP BY ?s",
         {"last": "Int64"}),
        ("SELECT ?s (?p > 9 AS ?late) ?p { ?s a cg:Role OPTIONAL { ?s a cg:None ; cg:sourcePage ?p }}",
         {"s": "string", "late": "boolean", "p": "Int64"}),
        ("SELECT ?confidence { ?m a cg:None ; sssom:confidence ?confidence }",
         {"confidence": "Float64"}),
        ("SELECT ?s { ?s cg:inCluster+/(^cg:none|cg:nothing) ?o }", {"s": "string"}),
    ],
)  # fmt: skip
def test_a_column_without_values_has_the_type_that_they_would_have(
    sales: Dictionary, query: str, types: dict[str, str]
) -> None:
    text = f"PREFIX cg: <{CG}> PREFIX sssom: <https://w3id.org/sssom/> {query}"
    assert sales.query(text).to_pandas().dtypes.astype(str).to_dict() == types


def test_search_and_findings_have_the_same_types_when_they_are_empty(sales: Dictionary) -> None:
    found, none = sales.search("strategy").to_pandas(), sales.search("qqqqqq").to_pandas()
    assert len(none) == 0
    assert found.dtypes.to_dict() == none.dtypes.to_dict()
    complete = Dictionary(ROOT / "tests/dictionaries/pass/everything.ttl").validate().to_frame()
    assert (len(complete), str(complete["line"].dtype)) == (0, "Int64")
    changes = sales.diff(sales).to_table().to_polars()
    assert (changes.height, set(changes.dtypes)) == (0, {pl.String})


def test_equal_tables_are_equal(sales: Dictionary) -> None:
    assert columns(sales, "1", "2") == columns(sales, "1", "2")
    assert columns(sales, "1") != columns(sales, "1.0")
    assert columns(sales, "1") != [{"a": 1, "b": 0}]


def test_rows_are_python_values(sales: Dictionary) -> None:
    row = columns(sales, '"2026-11-29"^^xsd:date', "1.5")[0]
    assert row == {"a": date(2026, 11, 29), "b": 0}
    assert [each["b"] for each in columns(sales, "1", "2")] == [0, 1]
    assert columns(sales, "1", "2")[1:].column("a") == [2]


def test_no_rows_still_have_columns(sales: Dictionary) -> None:
    table = sales.query("SELECT ?a ?b { ?a <https://a.example/none> ?b }")
    assert not table
    for frame in (table.to_pandas(), table.to_polars()):
        assert list(frame.columns) == ["a", "b"]
        assert len(frame) == 0
    assert table.to_arrow().column_names == ["a", "b"]


def test_an_unknown_column_is_named(sales: Dictionary) -> None:
    with pytest.raises(UnknownNameError, match="Use one of a, b"):
        columns(sales, "1").column("c")


@pytest.mark.parametrize(
    ("module", "method"),
    [("pandas", "to_pandas"), ("polars", "to_polars"), ("pyarrow", "to_arrow")],
)
def test_a_missing_library_names_its_extra(
    sales: Dictionary, module: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnavailableError, match=rf"competency-graph\[{method[3:]}\]"):
        getattr(columns(sales, "1"), method)()


# Queries


def test_a_saved_query_takes_entries_labels_and_codes(sales: Dictionary) -> None:
    analyst = sales.role("analyst")
    for given in (analyst, "Analyst", analyst.notation, "role:analyst"):
        assert len(sales.query("role-titles", role=given)) == 6


def test_values_are_bound_to_variables_of_a_text(sales: Dictionary) -> None:
    text = "SELECT ?role ?area { ?role <%scoversArea> ?area }" % CG  # noqa: UP031
    found = sales.query(text, role=sales.role("analyst"))
    assert found.columns == ["area"]
    assert len(found) == 5
    with pytest.raises(BadValueError, match=r"Add \?role to its SELECT"):
        sales.query(text.replace("?role ?area {", "?area {"), role=sales.role("analyst"))


@pytest.mark.parametrize(
    ("text", "holds"), [("ASK {}", True), ("ASK { <x:a> <x:b> <x:c> }", False)]
)
def test_ask_is_true_or_false(sales: Dictionary, text: str, holds: bool) -> None:
    assert bool(sales.query(text)) is holds


def test_a_misspelt_name_suggests_the_query(sales: Dictionary) -> None:
    with pytest.raises(UnknownNameError, match="role-titles"):
        sales.query("role-title")


def test_a_query_of_your_own_file(sales: Dictionary, tmp_path) -> None:
    file = tmp_path / "mine.rq"
    with pytest.raises(BadValueError, match=r"query\(Path\("):
        sales.query(str(file))
    file.write_text(
        "# parameter: role | cg:Role | role:analyst | the role\n"
        f"SELECT ?title ?role {{ ?role <{CG}exampleTitle> ?title }}"
    )
    assert len(sales.query(file)) == 6
    assert len(sales.query(file, role="Consultant")) == 7


def test_what_empties_an_answer_is_a_warning(sales: Dictionary) -> None:
    with pytest.warns(UserWarning, match="no label is in “xx”"):
        sales.query("role-titles", language="xx")


def test_an_update_is_refused(sales: Dictionary) -> None:
    from competency_graph.errors import CompetencyError

    before = len(sales.store)
    with pytest.raises(CompetencyError):
        sales.query("DELETE WHERE { ?s ?p ?o }")
    assert len(sales.store) == before


# Display


def test_a_table_shows_labels_and_escapes_them(sales: Dictionary) -> None:
    shown = sales.query(
        'SELECT ?x ?xLabel { VALUES (?x ?xLabel) { (<https://a.example/"> "<b>&") } }'
        .replace('"> "<b>', '> "<b>')
    )._repr_mimebundle_()["text/html"]  # fmt: skip
    assert '<a href="https://a.example/">&lt;b&gt;&amp;</a>' in shown
    assert "<b>" not in shown


def test_long_tables_say_how_much_is_not_shown(sales: Dictionary) -> None:
    table = sales.query(f"SELECT ?k {{ ?k a <{CG}Knowledge> }}")
    assert "and 139 more" in table._repr_html_()  # of 189, 50 are shown
    assert table._repr_html_().count("<tr>") == 51


def test_the_matrix_has_the_published_links(sales: Dictionary) -> None:
    matrix = sales.matrix()
    assert matrix.columns[2:] == [
        "Consultant",
        "Strategist",
        "Developer",
        "Manager",
        "Analyst",
        "Administrator",
    ]
    frame = matrix.to_pandas()
    assert frame.shape == (13, 8)
    assert int(frame.iloc[:, 2:].sum().sum()) == 31
    assert matrix._repr_html_().count("✓") == 31


IN_THREADS = """
import sys, threading
import pyoxigraph as ox
from competency_graph.api.column_types import column_types
sys.setswitchinterval(1e-6)  # so that each thread meets the others at the parser's first use
query = "SELECT ?a (COUNT(*) AS ?n) { ?a ?p ?b . OPTIONAL { ?b ?q ?x FILTER(?x > 1) } } GROUP BY ?a"
threads = [threading.Thread(target=column_types, args=(query, ox.Store())) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(column_types(query, ox.Store()).get("n"))
"""


def test_types_are_told_in_threads_from_the_first_query_on() -> None:
    done = subprocess.run([sys.executable, "-c", IN_THREADS], capture_output=True, text=True)
    assert done.stdout == "http://www.w3.org/2001/XMLSchema#integer\n", done.stderr
