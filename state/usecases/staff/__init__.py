"""Staff: members, sign-in, statistics."""
