"""What people and machines can ask for, one verb a file: load, decide, save."""
