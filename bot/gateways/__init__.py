"""Clients of other systems (Telegram, call and code providers, marketplace), clock, randomness."""
