"""Revisions, numbered from the oldest."""
