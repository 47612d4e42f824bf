"""Presentation: pure conversion of domain values to replies, texts, buttons and JSON."""
