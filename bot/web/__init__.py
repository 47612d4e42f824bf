"""The aiohttp application: webhooks of Telegram and providers, marketplace API, staff pages."""
