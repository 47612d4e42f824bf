"""SQL implementation of the ports; all code that knows tables, rows and drivers is here."""
