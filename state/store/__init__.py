"""The SQL side of the ports: everything that knows tables, rows and drivers lives in here."""
