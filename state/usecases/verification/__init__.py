"""Phone verification: numbers, calls, codes, and corrections by staff."""
