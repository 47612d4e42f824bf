"""Lexical search: ranks articles by the words of a question."""
