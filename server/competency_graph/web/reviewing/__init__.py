"""Reviewing links in a browser: a small application of its own, for one person on this machine.

`app` has its pages, `protection` keeps other pages and machines away, `desk` is the work in hand,
and `server` runs it. Start reading in `app`.
"""
