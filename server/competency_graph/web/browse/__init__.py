"""Pages to browse the entries: lists, comparisons, and the surroundings of an entry.

They use the other modules of `web`, and what is compared comes from `sparql.comparison`. Start
reading in `entry_lists`.
"""
