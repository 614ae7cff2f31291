"""The tools that assistants call: a module for each, and what they share.

Each is a `tool.Tool`: its description, its `schemas` and the function that runs it. They call the
rooms below for everything, and keep results small: what is left out is said in ``more``.
"""

from __future__ import annotations

from collections.abc import Mapping

from competency_graph.mcp.served import Served
from competency_graph.mcp.tools.comparing import COMPARE_ENTRIES
from competency_graph.mcp.tools.entries import GET_ENTRY
from competency_graph.mcp.tools.explaining import EXPLAIN_STATEMENT
from competency_graph.mcp.tools.finding import FIND_ENTRIES
from competency_graph.mcp.tools.linking import SUGGEST_LINKS
from competency_graph.mcp.tools.querying import QUERY
from competency_graph.mcp.tools.questions import question_tools
from competency_graph.mcp.tools.tool import Tool
from competency_graph.mcp.tools.validating import VALIDATE

__all__ = ["Tool", "tools_of"]


def tools_of(served: Served) -> Mapping[str, Tool]:
    """The tools by name, in the order of their list."""
    tools = (
        FIND_ENTRIES,
        GET_ENTRY,
        COMPARE_ENTRIES,
        EXPLAIN_STATEMENT,
        *question_tools(served.catalogue),
        QUERY,
        VALIDATE,
        SUGGEST_LINKS,
    )
    return {tool.name: tool for tool in tools}
