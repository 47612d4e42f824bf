"""From an outbox row to what it asks for: messages, calls, events."""
