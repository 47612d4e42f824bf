"""The inbox and the outbox as tables."""
