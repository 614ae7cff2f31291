"""The language server: the Language Server Protocol 3.17 for the files of a dictionary.

Start with `requests`, which says what answers each request. `documents` has the texts, `checking`
reports what is wrong with them, and the other modules answer requests.
"""
