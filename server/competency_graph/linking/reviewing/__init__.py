"""Reviewing candidates and links: who reviews, how decisions are recorded, and what comes next.

Start reading in `review`, which a terminal and a browser use alike.
"""
