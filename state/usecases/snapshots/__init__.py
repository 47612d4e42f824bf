"""Snapshots of accounts, taken from the marketplace."""
