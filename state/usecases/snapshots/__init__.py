"""Readings of accounts taken from the marketplace."""
