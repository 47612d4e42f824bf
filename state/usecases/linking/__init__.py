"""A chat linked to an account, and unlinked."""
