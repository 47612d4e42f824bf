"""How often a chat may ask for a person."""

from datetime import datetime, timedelta

from state.model.chat import ChatId
from state.rules.codes import Peppers, number_key

COUNT_FOR = timedelta(hours=1)


def asker_key(peppers: Peppers, chat_id: ChatId) -> str:
    """Under which a chat's hand-overs are counted; it can't be led back to the chat."""
    return number_key(peppers, f"asker {chat_id}")


def asks_again_at(spent: datetime | None) -> datetime | None:
    """`spent`: the hand-over that used up the limit; None where one is left."""
    return None if spent is None else spent + COUNT_FOR
