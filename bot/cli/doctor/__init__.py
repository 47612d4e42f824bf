"""`helpdesk doctor`: installation checks, one module per subject."""
