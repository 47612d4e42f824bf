"""Connections, transactions, locks, errors and types under the repositories."""
