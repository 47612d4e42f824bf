"""Business rules as pure functions of values; the time and random values are arguments."""
