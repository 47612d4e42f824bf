"""Incoming updates: inbox, turns, routing, flood guard, handlers."""
