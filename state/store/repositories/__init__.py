"""Repositories, one module per kind of record: its SQL and the mapping of rows to values."""
