"""Released versions: their files, where they are, and what each of them changed.

`snapshots` has the files of one version with their checksums, `archive` those of all versions,
`by_iri` finds one by its version IRI, and `history` compares each with the one before.
"""
