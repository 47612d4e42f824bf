"""Semantic ranking of articles by sentence embeddings."""
