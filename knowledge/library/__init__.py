"""Articles as files: read, checked, written."""
