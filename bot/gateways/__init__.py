"""What talks to the outside: Telegram, the call provider, the clock and the dice."""
