"""How far an account has come."""
