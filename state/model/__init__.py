"""Domain values as frozen dataclasses: accounts, verification, chats, tickets, outbox tasks."""
