"""Conversations between freelancers and staff."""
