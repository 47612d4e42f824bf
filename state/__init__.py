"""Accounts, phone verification, tickets and queues: the values, rules, use cases and storage."""
