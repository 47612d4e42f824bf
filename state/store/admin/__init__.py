"""What operators do to a database: migrate, back up, look after."""
