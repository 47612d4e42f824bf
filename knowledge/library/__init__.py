"""Articles as files: parsed, checked and written."""
