"""Article catalogue, answer service, drafts, and the report of unanswered questions."""
