"""Ranking of articles by words."""
