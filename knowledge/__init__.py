"""Answers questions: articles as files, and the engine that finds the matching one."""
