"""Twilio: a call provider."""
