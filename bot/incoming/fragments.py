"""Several short messages in a row, read as one question.

"hi", "about the phone thing", "it doesn't ring": updates stay in the inbox until the person
pauses, so a restart in between loses none. Commands, codes and buttons are never held up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from aiogram.types import Message
from pydantic import ValidationError

from bot.gateways.telegram.parsing import read_update
from bot.incoming.handlers.conditions import is_plain_question
from bot.incoming.turn import Turn
from knowledge.answering.small_talk import small_talk
from state.model.work import Incoming

LONG: Final = 80
"""Characters; a longer message is a whole question."""
LONGEST_WAIT: Final = timedelta(seconds=10)
"""From the first message on, also for a person who never pauses."""
_QUESTION_MARKS: Final = ("?", "\N{FULLWIDTH QUESTION MARK}", "\N{ARABIC QUESTION MARK}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedTurn:
    """A turn, and the inbox rows that it handles; its message holds the text of all of them."""

    turn: Turn
    rows: Sequence[Incoming]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponing:
    """How to have a lane run again later."""

    is_ranked: Callable[[Incoming, str, str], bool] = lambda *_: True
    """Whether the articles are ranked for a text in a language; if not, the lane is woken then."""
    wake_later: Callable[[str, float], None] = lambda *_: None
    """Wakes a lane after so many seconds."""


async def joined(
    turn: Turn, rows: Sequence[Incoming], postponing: Postponing
) -> JoinedTurn | None:
    """The turn of the first of these rows, with the messages after it that belong to its question.

    None if the person may not have finished: the rows stay, and their lane is run again later.
    """
    delay = turn.config.reply_delay
    if not delay or not is_plain_question(turn) or await _is_whole(turn):
        return JoinedTurn(turn=turn, rows=rows[:1])
    question, is_complete = await _collected(turn, rows)
    parts = question.rows
    if not is_complete:
        now = turn.config.clock.now()
        until = min(parts[-1].received_at + delay, parts[0].received_at + LONGEST_WAIT)
        if now < until <= now + delay:  # not after the clock was set back
            postponing.wake_later(parts[0].lane, (until - now).total_seconds())
            return None
    if len(parts) > 1 and not postponing.is_ranked(
        parts[-1], question.turn.text, question.turn.language
    ):
        return None
    return question


async def _collected(turn: Turn, rows: Sequence[Incoming]) -> tuple[JoinedTurn, bool]:
    """The messages of one question, and whether no more of them can follow.

    It ends with a whole question, or before an update of another kind.
    """
    taken, texts = [rows[0]], {turn.message_id: turn.text}
    is_complete = False
    for row in rows[1:]:
        message = _message_of(row)
        following = None if message is None else _turn_with(turn, message)
        if following is None or not _belongs(turn, following, texts):
            return JoinedTurn(turn=_with_text(turn, texts), rows=taken), True
        texts[following.message_id] = following.text
        taken.append(row)
        is_complete = await _is_whole(following)
        if is_complete:
            break
    return JoinedTurn(turn=_with_text(turn, texts), rows=taken), is_complete


def _belongs(turn: Turn, following: Turn, texts: Mapping[int, str]) -> bool:
    """Whether a message belongs to a question: an edit of it, or more text in the same topic."""
    if following.is_edited:
        return following.message_id in texts
    return is_plain_question(following) and following.thread_id == turn.thread_id


def _turn_with(turn: Turn, message: Message) -> Turn:
    return replace(turn, event=message)


def _with_text(turn: Turn, texts: Mapping[int, str]) -> Turn:
    """The turn of the newest message, with all texts but greetings before a question."""
    if turn.message is None or texts == {turn.message_id: turn.text}:
        return turn
    told = [text for text in texts.values() if small_talk(text) is None]
    text = " ".join(told or texts.values())
    said = {"message_id": max(texts), "text": text, "entities": None}
    return _turn_with(turn, turn.message.model_copy(update=said))


async def _is_whole(turn: Turn) -> bool:
    """Whether a message can be answered by itself."""
    text = turn.text.rstrip()
    if len(text) > LONG or text.endswith(_QUESTION_MARKS) or not any(map(str.isalpha, text)):
        return True
    return await turn.answering.understands(turn.chat, turn.language, turn.message_id, text)


def _message_of(row: Incoming) -> Message | None:
    try:
        update = read_update(row.payload)
    except ValidationError:
        return None
    return update.message or update.edited_message
