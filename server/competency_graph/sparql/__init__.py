"""SPARQL: query texts, saved queries, evaluation, the search index, and readings of entries.

It uses `rdf`, `dictionary` and `mappings`, and is independent of processes and HTTP. Start with
`evaluator`; `query_text` refuses queries that are not allowed, `syntax_errors` explains syntax
errors, `saved_queries` is the catalogue and `parameters` its users' values. `search_index` searches
the texts that `search_texts` reads, in `search_tables`; `search_words` knows word forms and typos.
`entry_view`, `comparison` and `surroundings` read what pages show about one entry, about several,
or around one.
"""
