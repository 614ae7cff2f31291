"""Pages to browse the entries: lists, comparisons, and the surroundings of an entry.

They use the other modules of `web`, and the rooms below find what they show: `sparql.entry_view`,
`sparql.comparison` and `sparql.surroundings`. Start reading in `entry_lists`.
"""
