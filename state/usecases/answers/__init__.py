"""Answers given, articles opened, ratings."""
