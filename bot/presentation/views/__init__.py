"""Views: pure functions from a domain value to a Reply."""
