"""Released versions: what changed from one to the next, and each version at its own IRI.

It uses `versions` for the archive. Start with `served_history`.
"""
