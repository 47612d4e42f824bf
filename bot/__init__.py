"""The help desk at its edges: Telegram, the call provider, the marketplace, the terminal."""

__version__ = "0.1.0"
