"""Outgoing work: delivers outbox rows as messages, calls and events."""
