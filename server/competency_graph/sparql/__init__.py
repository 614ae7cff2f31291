"""Asking: the text of a query, the saved queries, their evaluation and the index of words.

It uses `rdf`, `dictionary` and `mappings`, and knows neither processes nor HTTP. Start with
`evaluator`; `query_text` refuses what is not asked here, `syntax_errors` says what is wrong with a
text, and `saved_queries` and `parameters` are the catalogue and the values that people give.
"""
