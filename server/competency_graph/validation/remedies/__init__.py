"""Automatic remedies: `patches` determines them, and `fixes` applies them to files."""
