"""Search of a dictionary's texts, by SQLite's full-text search.

`index` searches the texts that `texts` reads, in `tables`; `words` knows word forms and typos,
`excerpts` shortens what was found, and `answers` gives it in the formats of a query's answer.
"""
