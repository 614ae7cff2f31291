"""The tool that explains why a statement holds."""

from __future__ import annotations

from typing import Final

from competency_graph.dictionary.explanations.sentences import lines, statement
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.tool import Arguments, Json, Tool
from competency_graph.sparql import term_names


def _explain(client: Client, arguments: Arguments) -> Json:
    triple = (
        term_names.entry(arguments["subject"], client.rows),
        term_names.property_(arguments["property"], client.rows),
        term_names.entry(arguments["object"], client.rows),
    )
    explainer = client.explainer(arguments["language"])
    explainer.prepare(triple[0])
    found = explainer.why(triple)
    return {
        "statement": " ".join(f"<{term.value}>" for term in triple) + " .",
        "inferred": not found.is_stated,
        "steps": ["  " * line.depth + line.text for line in lines(found, explainer.label)],
        "facts": [
            {
                "text": "".join(part.text for part in statement(fact, explainer.label)),
                "statement": " ".join(map(str, fact)) + " .",
            }
            for fact in found.facts
        ],
        "query": f"ASK {{ {' '.join(map(str, triple))} }}",
    }


EXPLAIN_STATEMENT: Final = Tool(
    "explain_statement",
    "Explain why a statement holds",
    "Why a statement about an entry holds: whether it is stated or inferred, the steps of the "
    "inference in words, and the stated facts that it rests on. A statement that does not hold is "
    "an error that names what holds instead.",
    schemas.record(
        "subject property object",
        subject=schemas.given("Label, code, prefixed name or IRI of an entry", "Analyst"),
        property=schemas.given("Label, prefixed name or IRI", "requires", "cg:coversArea"),
        object=schemas.given("Label, code, prefixed name or IRI of an entry or class", "C05"),
        language=schemas.LANGUAGE,
    ),
    schemas.record(
        "statement inferred steps facts query",
        statement=schemas.text("The statement in N-Triples"),
        inferred=schemas.boolean("Whether the reasoner infers it; else it is stated"),
        steps=schemas.items(
            schemas.text(), "The explanation in words; the premises of a step are indented"
        ),
        facts=schemas.items(
            schemas.record(
                "text statement",
                text=schemas.text(),
                statement=schemas.text("The fact in N-Triples"),
            ),
            "The stated facts that it rests on",
        ),
        query=schemas.QUERY,
    ),
    _explain,
)
