"""Recorded answers, opened articles and ratings."""
