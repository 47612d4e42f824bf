"""Staff pages: sign-in, conversations, freelancers, content gaps, figures, audit log."""
