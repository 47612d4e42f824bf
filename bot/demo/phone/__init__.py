"""Local call provider with Twilio's API, and the phones that it calls."""
