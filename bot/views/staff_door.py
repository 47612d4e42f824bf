"""A link into the staff's pages; to others the command is one that the bot doesn't know."""

from bot.links import sign_in_link
from bot.reply import Reply
from state.usecases.sign_in import LinkOffered, NotStaff


def link(offered: LinkOffered | NotStaff, address: str | None) -> Reply:
    if isinstance(offered, NotStaff) or address is None:
        return Reply(template="unknown_command")
    url = sign_in_link(address, offered.token)
    return Reply(template="staff_link", context={"url": url, "expires_at": offered.expires_at})
