"""Search over HTTP: `index` holds the search index, `results` is what pages and JSON show of it."""
