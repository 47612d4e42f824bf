"""The commands of `helpdesk`; only those that run the bot import its Telegram parts."""
