"""What is kept of a person: exported and erased."""
