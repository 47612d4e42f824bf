"""Views of welcome, help, linking and unlinking."""

from datetime import datetime
from typing import assert_never

from bot.presentation.buttons import ConfirmLink, OpenProgress, Verify
from bot.presentation.links import sign_in_link
from bot.presentation.reply import Button, Replies, Reply
from bot.presentation.views.answers import TOPICS
from bot.presentation.views.handover_button import PERSON, person
from state.model.ticket import HandOver
from state.rules.linking import GuessingLocked, LinkRefused, normalised_secret
from state.usecases.linking.link_chat import Linked, LinkPreview
from state.usecases.linking.offer_link import NotTheirs, OfferedByContact
from state.usecases.staff.sign_in import LinkOffered, NotStaff

CONNECTS = Button(label="my_connects", press=OpenProgress())
VERIFY = Button(label="verify_phone", press=Verify("start"))
OTHER = person(HandOver.OTHER)


def welcome(notice: str, *, linked: bool, by_contact: bool) -> Replies:
    """Welcome message; if allowed and useful, also an offer to link by sharing a contact."""
    known = {"linked": linked, "notice": notice}
    hello = Reply(template="welcome", context=known, buttons=((TOPICS, PERSON),))
    if linked or not by_contact:
        return [hello]
    return [hello, Reply(template="contact_offered", contact_button=True)]


def contact_found(found: OfferedByContact | NotTheirs) -> Reply:
    """Ask to confirm the account found by contact, or say that none was found."""
    match found:
        case OfferedByContact(preview=preview, secret=secret):
            return link_preview(preview, secret)
        case NotTheirs():
            return Reply(template="contact_unknown", buttons=((OTHER,),))
        case _:
            assert_never(found)


def link_preview(found: LinkPreview | LinkRefused | GuessingLocked, secret: str) -> Reply:
    """Ask to confirm the link; the account's name is masked, so that only its owner knows it."""
    match found:
        case LinkPreview():
            return Reply(
                template="link_confirm",
                context={"name": found.display_name, "phone": found.phone, "leaves": found.leaves},
                buttons=(
                    (
                        Button(
                            label="link_yes", press=ConfirmLink("yes", normalised_secret(secret))
                        ),
                    ),
                    (Button(label="link_no", press=ConfirmLink("no")),),
                ),
            )
        case LinkRefused(why):
            return Reply(template="link_refused", context={"why": why.value}, buttons=((OTHER,),))
        case GuessingLocked(until):
            return Reply(template="link_locked", context={"until": until}, buttons=((OTHER,),))
        case _:
            assert_never(found)


def linked(outcome: Linked | LinkRefused | GuessingLocked, secret: str) -> Replies:
    """Confirm the link; a chat that lost the account is told too."""
    if not isinstance(outcome, Linked):
        return [link_preview(outcome, secret)]
    replies = [Reply(template="linked", buttons=((CONNECTS,), (VERIFY,)))]
    if outcome.moved_from is not None:
        replies.append(Reply(template="moved", to=outcome.moved_from, buttons=((PERSON,),)))
    return replies


def not_linked() -> Reply:
    """Says that an account must be linked first, and how."""
    return Reply(template="not_linked", buttons=((TOPICS, PERSON),))


def how_to_link(*, linked: bool, by_contact: bool) -> Replies:
    """How an account is linked; for a chat with a linked account, how that is undone."""
    if linked:
        return [Reply(template="already_linked", buttons=((CONNECTS,), (VERIFY,)))]
    offer = [Reply(template="contact_offered", contact_button=True)] if by_contact else []
    return [not_linked(), *offer]


def plain(template: str) -> Reply:
    """A message of a template without context."""
    return Reply(template=template)


def with_help_buttons(template: str) -> Reply:
    """A message of a template without context, with buttons to topics and a person."""
    return Reply(template=template, buttons=((TOPICS, PERSON),))


def internal_error() -> Reply:
    """Apology for an internal error."""
    return Reply(template="trouble", buttons=((person(HandOver.TOOL_FAILURE),),))


def link(offered: LinkOffered | NotStaff, address: str | None) -> Reply:
    """Sign-in link for staff; anybody else gets "unknown command"."""
    if isinstance(offered, NotStaff) or address is None:
        return Reply(template="unknown_command")
    url = sign_in_link(address, offered.token)
    return Reply(template="staff_link", context={"url": url, "expires_at": offered.expires_at})


def too_fast(until: datetime) -> Reply:
    """Notice of the flood guard: messages are ignored until then."""
    return Reply(template="too_fast", context={"until": until})
