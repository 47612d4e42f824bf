"""Verification of a phone: rounds, calls, codes."""
