"""Telemetry: logs, redaction, metrics and traces."""
