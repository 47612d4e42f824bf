"""Ranking of articles by meaning: sentence embeddings."""
