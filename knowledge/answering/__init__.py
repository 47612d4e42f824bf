"""Answering: from a message to an answer, a choice, small talk or "no answer"."""
