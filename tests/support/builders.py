"""Builders of test values, complete by default: a test names only the fields it is about."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from state.model.account import Account, Completion, FreelancerId, ItemId, PlanId, StepId
from state.model.chat import ChatId
from state.model.destination import Destination
from state.model.ledger import Attempts, BlockKey, LedgerEntry, LedgerKind
from state.model.staff import Role, Staff, StaffId
from state.model.ticket import Author, HandOver, TalkId, TalkMessage, Ticket, TicketId
from state.model.verification import (
    CallSession,
    NumberKey,
    PersonKey,
    Phase,
    Queued,
    SessionId,
    Verification,
    Verified,
)
from state.policy import Policy, shipped
from tests.support.fakes import START

ADA = FreelancerId("f-1001")
BEN = FreelancerId("f-1002")
NUMBER = "+447911123456"
KEY = NumberKey("key-of-ada's-number")
OTHER_KEY = NumberKey("key-of-another-number")
PERSON = PersonKey("key-of-ada")
OTHER_PERSON = PersonKey("key-of-ben")

PROFILE = (
    "photo",
    "tagline",
    "overview",
    "hourly_rate",
    "skills",
    "contact_information",
    "email_verified",
)


@cache
def policy() -> Policy:
    return shipped()


def a_profile(*missing: str, **readings: bool | None) -> dict[ItemId, bool | None]:
    """A profile with every item done, except the `missing` ones and those given otherwise."""
    items: dict[str, bool | None] = {item: item not in missing for item in PROFILE}
    return {ItemId(item): there for item, there in (items | readings).items()}


def an_account(**changes: Any) -> Account:
    """An account with nothing done: empty profile, meter at 35 %, number not verified."""
    fresh = Account(
        id=ADA,
        as_of=START,
        plan=PlanId("basic"),
        display_name="Ada",
        language="en",
        profile=a_profile(*PROFILE),
        completeness=35.0,
        quick_actions={ItemId("portfolio"): False, ItemId("pledge"): False},
        phone=NUMBER,
        phone_verified=False,
    )
    return replace(fresh, **changes)


def a_completion(step: str, *, days_ago: int = 30) -> Completion:
    at = START - timedelta(days=days_ago)
    return Completion(step=StepId(step), done_at=at, proof=f"snapshot:{at.isoformat()}")


def a_destination(number: str = NUMBER, key: NumberKey = KEY, region: str = "GG") -> Destination:
    block = BlockKey(f"block of {number[:-4]}")
    return Destination(number=number, key=key, block=block, region=region)


def an_entry(kind: LedgerKind = LedgerKind.WRONG_CODE, **changes: Any) -> LedgerEntry:
    """A ledger entry of Ada at her number, at START."""
    entry = LedgerEntry(
        at=START, kind=kind, person=PERSON, number=KEY, session_id=SessionId("5" * 32)
    )
    return replace(entry, **changes)


def wrong_codes(*moments: datetime, locked_until: datetime | None = None) -> Attempts:
    """Wrong codes of one person, all at one number."""
    return Attempts(
        of_person=moments,
        at_number=moments,
        person_locked_until=locked_until,
        number_locked_until=locked_until,
    )


def a_session(phase: Phase | None = None, **changes: Any) -> CallSession:
    """A call session opened at START, whose code expires after ten minutes."""
    queued = CallSession(
        id=SessionId("5" * 32),
        freelancer_id=ADA,
        person_key=PERSON,
        number=NUMBER,
        number_key=KEY,
        seed=bytes(range(16)),
        pepper_id="p1",
        opened_at=START,
        expires_at=START + timedelta(minutes=10),
        phase=Queued() if phase is None else phase,
    )
    return replace(queued, **changes)


def a_verification(
    phase: Phase | None = None,
    *,
    proved: Verified | None = None,
    version: int = 1,
    **changes: Any,
) -> Verification:
    """A verification with a call session in `phase`, or without a session."""
    session = None if phase is None else a_session(phase, **changes)
    return Verification(
        freelancer_id=ADA,
        proved=proved,
        session=session,
        version=version,
    )


def a_snapshot(person: int, as_of: datetime = START, **changes: Any) -> dict[str, Any]:
    """A snapshot in the marketplace's JSON: profile done, meter at 72 %, number not verified."""
    return {
        "id": f"f-{person}",
        "as_of": as_of.isoformat(),
        "display_name": "Ada",
        "plan": "basic",
        "profile": dict.fromkeys(PROFILE, True),
        "completeness": 72,
        "quick_actions": {"skills": True, "email_verified": True},
        "phone": "+12025550123",
        "phone_verified": False,
    } | changes


def staff_member(number: int, *, role: Role = Role.AGENT) -> Staff:
    return Staff(id=StaffId(number), role=role, name=f"Person {number}")


def a_ticket(**changes: Any) -> Ticket:
    """A waiting ticket of chat 700, opened at START."""
    waiting = Ticket(
        id=TicketId(1),
        chat_id=ChatId(700),
        freelancer_id=ADA,
        caller="Ada Lovelace",
        language="en",
        reason=HandOver.ASKED,
        asked=(),
        opened_at=START,
        waiting_since=START,
    )
    return replace(waiting, **changes)


def a_talk_message(**changes: Any) -> TalkMessage:
    """A message of the freelancer in ticket 1."""
    said = TalkMessage(
        id=TalkId(0),
        ticket_id=TicketId(1),
        chat_id=ChatId(700),
        author=Author.FREELANCER,
        text="Hello?",
        in_chat=9000,
        at=START,
    )
    return replace(said, **changes)
