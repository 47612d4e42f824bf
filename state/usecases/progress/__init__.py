"""Progress of an account through its steps."""
