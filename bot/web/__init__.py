"""The one aiohttp application: Telegram's, the call provider's and the marketplace's doors."""
