"""Staff: members, sign-in, figures."""
