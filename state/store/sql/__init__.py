"""SQL infrastructure: connections, transactions, locks, errors and column types."""
