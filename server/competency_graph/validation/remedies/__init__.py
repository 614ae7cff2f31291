"""Remedies that can be worked out: `patches` finds them, and `fixes` applies them to files."""
