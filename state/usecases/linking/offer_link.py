"""Offer a link: a single-use token and short code that tie a chat to a freelancer."""

from dataclasses import dataclass, field
from datetime import datetime

from state.model.account import FreelancerId
from state.model.chat import ChatId
from state.ports import AuditEvent, Clock, Dice, UnitOfWork
from state.rules.linking import make_offer
from state.rules.phone_number import CallableNumbers, Dialable, check_number
from state.usecases.linking.link_chat import LinkPreview, preview


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The secrets of a link offer, in plain text here only; their hashes are stored."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLink:
    """Offer a link to an account, for the marketplace."""

    unit: UnitOfWork
    clock: Clock
    dice: Dice

    async def __call__(self, freelancer_id: FreelancerId) -> Offered:
        now = self.clock.now()
        token, code = self.dice.link_token(), self.dice.link_code()
        made = make_offer(freelancer_id, token=token, code=code, now=now)
        await self.unit.links.add(made)
        await self.unit.audit.add(
            AuditEvent(at=now, kind="link.offered", subject=freelancer_id, actor="marketplace")
        )
        return Offered(token=token, code=code, expires_at=made.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedByContact:
    preview: LinkPreview
    secret: str = field(repr=False)
    """Token for the button that confirms the link."""


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """No account has the number on record, or several have; the person is not told which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferByContact:
    """Offer a link to a person who proved the account's number by sharing their contact."""

    unit: UnitOfWork
    clock: Clock
    dice: Dice
    callable_numbers: CallableNumbers

    async def __call__(self, chat_id: ChatId, number: str) -> OfferedByContact | NotTheirs:
        found = check_number(number, self.callable_numbers)
        if not isinstance(found, Dialable):
            return NotTheirs()
        on_record = [
            account
            for account in await self.unit.accounts.with_number(found.number)
            if check_number(account.phone or "", self.callable_numbers) == found
        ]
        if len(on_record) != 1:
            return NotTheirs()
        account, now = on_record[0], self.clock.now()
        secret = self.dice.link_token()
        code = self.dice.link_code()
        await self.unit.links.add(make_offer(account.id, token=secret, code=code, now=now))
        await self.unit.audit.add(
            AuditEvent(at=now, kind="link.offered", subject=account.id, actor="contact")
        )
        shown = await preview(self.unit, chat_id, account.id)
        return OfferedByContact(preview=shown, secret=secret)
