"""Leftovers of environments: found by tag, name and belonging, and deleted in order."""
