"""The tool that suggests links to other frameworks."""

from __future__ import annotations

import json
from typing import Final

from competency_graph.errors import UnavailableError
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import schemas
from competency_graph.mcp.tools.sizes import fitting
from competency_graph.mcp.tools.tool import Arguments, Json, Tool, without_empty
from competency_graph.rdf.short_names import expand, local_name
from competency_graph.rdf.vocabulary import KINDS, PREFIXES
from competency_graph.sandbox.link_request import LinkRequest


def _suggest(client: Client, arguments: Arguments) -> Json:
    framework = FRAMEWORKS[arguments["framework"]]
    if framework.graph not in client.served.graphs:
        raise UnavailableError(
            f"{framework.title} is not loaded",
            f"Start the server with --with {framework.name}.nq, which “competency import "
            f"{framework.name}” makes from the official download",
        )
    texts = tuple(
        expand(each).value if each.partition(":")[0] in PREFIXES and ": " not in each else each
        for each in arguments["texts"]
    )
    request = LinkRequest(
        texts,
        f"cg:{local_name(KINDS[arguments['kind']])}",
        framework.graph,
        arguments["language"],
        arguments["limit"],
    )
    with client.ask(request) as reply:
        found = json.loads(b"".join(reply.chunks))
    asked = arguments["limit"]

    def result(limit: int) -> Json:
        more = (
            f"{limit} instead of {asked} candidates of each text are listed: ask for fewer texts"
            if limit < asked
            else ""
        )
        return {
            "framework": framework.title,
            "suggestions": [
                {"text": given, "candidates": candidates[:limit]}
                for given, candidates in zip(arguments["texts"], found, strict=True)
            ],
        } | without_empty({"more": more})

    return fitting(result, asked)


SUGGEST_LINKS: Final = Tool(
    "suggest_links",
    "Suggest links to ESCO or O*NET",
    "Suggest concepts of ESCO or O*NET for entries of the dictionary or for any skills, knowledge "
    "or job titles, best first, with reasons. A confidence is the chance that a curator would make "
    "the link: have a person decide. The framework must be loaded.",
    schemas.record(
        "texts",
        texts=schemas.items(
            schemas.given(
                "Label or IRI of an entry, or any other name", "Cold calling", "Negotiation"
            ),
            "What to link",
            minItems=1,
            maxItems=20,
        ),
        kind=schemas.given(
            "What the texts are, if they are not entries", enum=list(KINDS), default="ability"
        ),
        framework=schemas.given("The framework", enum=list(FRAMEWORKS), default="esco"),
        limit=schemas.number("How many candidates for each text", minimum=1, maximum=10, default=3),
        language=schemas.LANGUAGE,
    ),
    schemas.record(
        "framework suggestions",
        framework=schemas.text(),
        suggestions=schemas.items(
            schemas.record(
                "text candidates",
                text=schemas.text(),
                candidates=schemas.items(
                    schemas.record(
                        "iri label kind match confidence reason",
                        iri=schemas.text(),
                        label=schemas.text(),
                        kind=schemas.text(),
                        match=schemas.text("The apparent relation, going by the labels alone"),
                        confidence=schemas.text("From 0 to 1"),
                        reason=schemas.text(),
                    )
                ),
            )
        ),
        more=schemas.MORE,
    ),
    _suggest,
    "Ask for fewer texts",
)
