"""Outgoing work: delivers outbox rows as messages, calls and events.

A lane is the sequence of rows for one chat (or one of another kind of receiver): its rows are
delivered one after another, lanes concurrently.
"""
