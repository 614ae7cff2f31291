"""SPARQL: query texts, saved queries, evaluation, search, and readings of entries.

It uses `rdf`, `dictionary` and `mappings`, and is independent of processes and HTTP. Start with
`evaluator`; `query_text` refuses queries that are not allowed, and `extensions` those that only
some engines know; `syntax_errors` explains syntax errors, `saved_queries` is the catalogue and
`parameters` its users' values. `search` finds words in texts. `entry_view`, `comparison` and
`surroundings` read what pages show about one entry, about several, or around one.
"""
