"""Two people who reviewed the same links: how far they agree, and the set that results.

Start reading in `comparison`.
"""
