"""The dictionary for assistants, by the Model Context Protocol (MCP, revision 2026-07-28).

The official SDK speaks the protocol, also in its earlier revisions; this room says what assistants
can do: `tools`, `resources` and `prompts`. Start with `served`, through which all of them query,
within the limits of a client; `server` hands them to the SDK, and `stdio` and `http` are the two
ways in which messages arrive.

It uses the rooms below, and is independent of `web`, which serves it at ``/mcp``.
"""
