"""The staff's pages: sign-in, talks, freelancers, gaps, figures, the audit log."""
