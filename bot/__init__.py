"""The help desk application.

Telegram, the call provider, the marketplace API, the web, the CLI.
"""

__version__ = "0.1.0"
