"""One module a kind of record: its SQL, and its rows as values."""
