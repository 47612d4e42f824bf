"""A world outside the bot: a local Telegram, a local phone and a marketplace, behind one page.

The bot meets it on wires only, as it meets the real ones. Nothing in the bot knows of it.

    DemoError            the demo cannot go on; the message says why and what to do
    └── RefusedError     the person cannot do that now (the page shows the sentence)
"""
