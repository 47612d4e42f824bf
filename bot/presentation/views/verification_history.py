"""Verification history in words: the policy rule behind each audit event."""

from typing import assert_never

from bot.presentation.templates import utc_text
from state.model.verification import LockedOut, Open, Verified
from state.policy import Policy
from state.ports import AuditEvent
from state.usecases.verification.read import VerificationHistory

RULES = {
    "call.requested": "no lock, no limit reached, no other call: a session with a code of its own",
    "call.ringing": "the provider took the order, or a signed callback showed that it has it",
    "call.answered": "picked up, by whomever: not an attempt",
    "call.acknowledged": "the hash key: the call was expected",
    "call.misheard": "not {code_digits} digits: no attempt; asked {misheard_limit} times more",
    "call.sent": "the Gateway took the message with the code",
    "call.delivered": "reported by the Gateway: not an attempt",
    "call.read": "reported by the Gateway: not an attempt",
    "call.hung_up": "a code on its way still counts for {grace} s",
    "call.wrong_code": "{code_digits} digits, compared, not the code: one of {attempts} attempts",
    "call.verified": "{code_digits} digits, compared, the code: the round is closed",
    "call.locked": "{attempts} wrong codes in {hours} h: a lock for the person and for the number",
    "call.declined": "key 9: no call of this person to this number for 24 h",
    "call.abandoned": "it ended without the right code: that alone is not an attempt",
    "call.busy": "nobody reached: not an attempt",
    "call.no_answer": "nobody reached: not an attempt",
    "call.provider_failed": "refused, or unconfirmed for {placing} s: no attempt, but an ask",
    "call.misconfigured": "the provider refuses us: nobody is called for {pause} min",
    "call.number_rejected": "the network does not take the number: no attempt, but an ask",
    "call.not_served": "the provider may not call there: no attempt, but an ask",
    "call.not_delivered": "no Telegram account was reached: no attempt, but an ask",
    "call.number_in_use": "the code was right, but the number is verified on another account",
    "call.expired": "the code's {lifetime} min were over: not an attempt",
    "call.cancelled": "by the person, by another number, or by staff: not an attempt",
    "call.late_event": "the call was over: nothing changed",
    "call.webhook_mismatch": "signed, but about another call, number or account: ignored",
    "number.edited": "attempts and locks stay with the person",
    "verification.set": "by hand, with a reason",
    "verification.cleared": "by hand, with a reason: wrong codes still count",
    "verification.contact": "one's own Telegram contact, where the policy lets it count",
    "chat.linked": "attempts and locks go with the account",
    "chat.unlinked": "a call in course ends; attempts and locks stay with the account",
}
"""By kind of audit event; placeholders take the policy's numbers."""


def rule_of(event: AuditEvent, policy: Policy) -> str:
    """The rule behind the event, with the policy's numbers filled in."""
    rules = policy.verification
    return RULES.get(event.kind, "no rule of verification").format(
        attempts=rules.attempts,
        code_digits=rules.code_digits,
        hours=int(rules.lock.total_seconds() // 3600),
        misheard_limit=rules.misheard_limit,
        grace=int(rules.hang_up_grace.total_seconds()),
        placing=int(rules.place_timeout.total_seconds()),
        pause=int(rules.provider_pause.total_seconds() // 60),
        lifetime=int(rules.code_lifetime.total_seconds() // 60),
    )


def standing_of(story: VerificationHistory) -> str:
    """Current verification status, one sentence."""
    match story.round:
        case Verified(at):
            return f"verified since {utc_text(at)}."
        case LockedOut() if story.locked_until is not None:
            return f"locked until {utc_text(story.locked_until)}; no attempt left."
        case LockedOut() | Open():
            return f"open, attempts left: {story.tries_left}."
        case _:
            assert_never(story.round)
