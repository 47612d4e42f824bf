"""`helpdesk doctor`: what is wrong with an installation, one check a module."""
