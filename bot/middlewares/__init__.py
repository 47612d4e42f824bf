"""What is known before a handler runs: who is writing, where, in which language."""
