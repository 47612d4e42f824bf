"""The bot as aiogram wants it for reading updates: it knows its own name, and calls nobody."""

from aiogram import Bot
from aiogram.types import User


class NamedBot(Bot):
    """A command like `/connects@name` is compared with this name, without asking Telegram."""

    def __init__(self, token: str, username: str) -> None:
        super().__init__(token)
        self._username = username

    async def me(self) -> User:
        return User(id=self.id, is_bot=True, first_name=self._username, username=self._username)
