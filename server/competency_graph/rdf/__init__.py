"""RDF infrastructure: vocabulary, formats, parsing, source positions, layout and file writing.

Apart from the prefix table, nothing here is specific to dictionaries; it imports only `errors`.
Start with `vocabulary` for names, `parsing` for reading files into statements, `rdflib_graphs` for
graphs of rdflib, `formats` for the table of formats, and `atomic_write` for writing files.
"""
