"""The marketplace: reads accounts from it and posts events to it."""
