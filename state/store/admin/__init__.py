"""Database administration: migrations, backups, health checks."""
