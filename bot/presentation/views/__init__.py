"""A domain value in, a Reply out: which words and buttons, never how they are sent."""
