"""Engines for large dictionaries: a store on disk, or another SPARQL server; one without workers.

It uses `sandbox` for requests and `sparql` for query texts. Start with
`backend`, what all of them are to those who ask, and `under_way`, what they are to an event loop;
`remote` queries another server, `publishing` uploads a dictionary to one, and `search_index` keeps
the index of what a backend serves.
"""
