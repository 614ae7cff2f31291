"""Search of a dictionary's texts, by SQLite's full-text search.

`databases` builds the index of the texts that `texts` reads, and `index` searches in what `tables`
looks up. `words` knows word forms and typos, `normalization` what makes words equal; `excerpts`
shortens what was found, and `answers` gives it in the formats of a query's answer.
"""
