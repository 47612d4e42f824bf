"""A local call provider on the Twilio wire, and the phones that it rings."""
