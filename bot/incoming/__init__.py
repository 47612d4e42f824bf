"""Incoming updates: inbox, turns, routing, flood guard, handlers.

A turn is the handling of one update in one transaction. A lane is the sequence of one chat's
updates: turns of a lane run one after another, lanes run concurrently.
"""
