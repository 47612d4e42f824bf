"""Marketplace client: pull accounts, post events."""
