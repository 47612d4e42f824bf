"""What the desk says of itself."""

from datetime import datetime

from bot.reply import Reply


def too_fast(until: datetime) -> Reply:
    return Reply(template="too_fast", context={"until": until})
