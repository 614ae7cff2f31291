"""What the SDK serves to a client: tools, resources, prompts and completions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread
import mcp.types as protocol
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from competency_graph.errors import CompetencyError
from competency_graph.mcp import prompts, resources
from competency_graph.mcp.served import Client
from competency_graph.mcp.tools import Tool, tools_of
from competency_graph.mcp.tools.sizes import MAX_CHARACTERS, as_text
from competency_graph.rdf.short_names import abridged

_log = logging.getLogger(__name__)
Value = TypeVar("Value")
_MAX_COMPLETIONS: Final = 100
"""The maximum number of completions in one result (MCP, server/utilities/completion)."""
_FAULT: Final = "The server failed on this call. Report it to its operators; its log says more."
_INSTRUCTIONS: Final = f"""\
A competency dictionary as linked data: roles, job titles, areas of expertise, clusters, \
competencies, key actions, knowledge, abilities and outputs, with links to ESCO and O*NET. Name \
entries by label, code (such as A03) or IRI. Find names with find_entries, look entries up with \
get_entry, prefer ask_question to query. A result has at most {MAX_CHARACTERS:,} characters; \
“more” says what is left out and how to get it."""


def server_for(client: Client, at_once: int) -> Server[Any]:
    """What the SDK serves to a client.

    Args:
        client: the client, within whose limits everything runs.
        at_once: how many calls may run at once; further ones wait.
    """
    tools = tools_of(client.served)
    places = anyio.CapacityLimiter(at_once)

    async def in_thread(function: Callable[[], Value]) -> Value:
        return await anyio.to_thread.run_sync(function, limiter=places, abandon_on_cancel=True)

    async def list_tools(context: object, _: object) -> protocol.ListToolsResult:
        return protocol.ListToolsResult(tools=[_tool(tool) for tool in tools.values()])

    async def call_tool(
        context: object, params: protocol.CallToolRequestParams
    ) -> protocol.CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            raise _invalid(f"there is no tool “{params.name[:80]}”. Use one of {', '.join(tools)}.")
        return await in_thread(lambda: _result(tool, client, params.arguments or {}))

    async def list_resources(context: object, _: object) -> protocol.ListResourcesResult:
        found = [
            protocol.Resource(
                uri=each.address, name=each.title, title=each.title, description=each.description,
                mime_type=each.media_type,
            )
            for each in resources.RESOURCES
            if not each.is_template
        ]  # fmt: skip
        return protocol.ListResourcesResult(resources=found)

    async def list_templates(context: object, _: object) -> protocol.ListResourceTemplatesResult:
        found = [
            protocol.ResourceTemplate(
                uri_template=each.address, name=each.title, title=each.title,
                description=each.description, mime_type=each.media_type,
            )
            for each in resources.RESOURCES
            if each.is_template
        ]  # fmt: skip
        return protocol.ListResourceTemplatesResult(resource_templates=found)

    async def read_resource(
        context: object, params: protocol.ReadResourceRequestParams
    ) -> protocol.ReadResourceResult:
        with _as_protocol_error():
            content = await in_thread(lambda: resources.read(client, str(params.uri)))
        text = protocol.TextResourceContents(
            uri=params.uri, mime_type=content.media_type, text=content.text
        )
        return protocol.ReadResourceResult(contents=[text])

    async def list_prompts(context: object, _: object) -> protocol.ListPromptsResult:
        return protocol.ListPromptsResult(prompts=[_prompt(p) for p in prompts.PROMPTS.values()])

    async def get_prompt(
        context: object, params: protocol.GetPromptRequestParams
    ) -> protocol.GetPromptResult:
        with _as_protocol_error():
            found = prompts.prompt(params.name)
            text = found.text(params.arguments or {})
        content = protocol.TextContent(type="text", text=text)
        return protocol.GetPromptResult(
            description=found.description,
            messages=[protocol.PromptMessage(role="user", content=content)],
        )

    async def complete(
        context: object, params: protocol.CompleteRequestParams
    ) -> protocol.CompleteResult:
        with _as_protocol_error():
            values = await in_thread(lambda: _completions(client, params))
        completion = protocol.Completion(
            values=values[:_MAX_COMPLETIONS],
            total=len(values),
            has_more=len(values) > _MAX_COMPLETIONS,
        )
        return protocol.CompleteResult(completion=completion)

    return Server(
        "competency-graph",
        version=version("competency-graph"),
        title="Competency dictionary",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
        on_completion=complete,
    )


def _result(tool: Tool, client: Client, arguments: dict[str, Any]) -> protocol.CallToolResult:
    """The result of a call: as data, and the same as text for clients that read only that.

    An error is a result as well, so that the assistant reads it and corrects the call (MCP,
    server/tools, error handling).
    """
    try:
        found = tool.call(client, arguments)
    except CompetencyError as error:
        return _failure(abridged(str(error)))
    except Exception:  # noqa: BLE001  (the log has it; the client gets no traceback)
        _log.exception("the tool %s failed", tool.name)
        return _failure(_FAULT)
    return protocol.CallToolResult(
        content=[protocol.TextContent(type="text", text=as_text(found))], structured_content=found
    )


def _failure(text: str) -> protocol.CallToolResult:
    return protocol.CallToolResult(
        content=[protocol.TextContent(type="text", text=text)], is_error=True
    )


def _completions(client: Client, params: protocol.CompleteRequestParams) -> list[str]:
    beginning = params.argument.value[:200]
    if isinstance(params.ref, protocol.PromptReference):
        return prompts.complete(client, params.ref.name, params.argument.name, beginning)
    for resource in resources.RESOURCES:
        if resource.address == params.ref.uri and resource.complete is not None:
            return list(resource.complete(client, beginning))
    raise _invalid("this resource has no variable. Complete one of resources/templates/list.")


@contextmanager
def _as_protocol_error() -> Iterator[None]:
    """Report an error of what is not a tool, which has no other place for it (JSON-RPC 2.0)."""
    try:
        yield
    except CompetencyError as error:
        raise _invalid(abridged(str(error))) from None


def _invalid(message: str) -> MCPError:
    return MCPError(protocol.INVALID_PARAMS, message)


def _tool(tool: Tool) -> protocol.Tool:
    return protocol.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=protocol.ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )


def _prompt(prompt: prompts.Prompt) -> protocol.Prompt:
    arguments = [
        protocol.PromptArgument(name=a.name, description=a.description, required=a.required)
        for a in prompt.arguments
    ]
    return protocol.Prompt(
        name=prompt.name, title=prompt.title, description=prompt.description, arguments=arguments
    )
