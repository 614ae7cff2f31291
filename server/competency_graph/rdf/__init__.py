"""RDF, whatever it says: vocabulary, formats, parsing, source positions, layout and writing.

It knows nothing of dictionaries beyond the prefix table, and uses `errors` alone. Start with
`vocabulary` for names, `parsing` for how a file becomes statements, `formats` for the one table of
formats, and `atomic_write` for how anything reaches a disk.
"""
