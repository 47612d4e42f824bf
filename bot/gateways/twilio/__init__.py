"""Twilio: calls placed, ended and spoken."""
