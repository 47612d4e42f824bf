"""Demo: local stand-ins for Telegram, call provider and marketplace, shown on one web page.

The bot reaches them over HTTP only, by its settings, as it reaches the real services in
production. No code of the bot depends on the demo.
DemoError            the demo can't go on; the message says why and what to do
└── NotNowError      the person can't do that now; the page shows the message
"""
