"""Sample readers of articles: the accounts of `CASES`, and some other states of knowledge."""

from datetime import timedelta
from functools import cache
from typing import Any

from bot.articles.reader_facts import anybody_at, facts_of
from knowledge.facts import NOBODY, Facts
from state.model.account import Account, Progress
from state.model.channel import Channel
from state.rules.progress import progress
from state.rules.standing import (
    CanCall,
    Locked,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
)
from state.usecases.progress.read import NotFound
from state.usecases.verification.read import VerificationView
from tests.support.builders import ADA, a_completion, an_account, policy
from tests.support.cases import CASES
from tests.support.fakes import START


def reading(account: Account | None, *done: str, **more: Any) -> Progress:
    completions = [a_completion(step) for step in done]
    return progress(policy(), account, completions, freelancer_id=ADA, now=START, **more)


def view(standing: VerificationStanding, number: str | None = "+44 … 56") -> VerificationView:
    return VerificationView(
        standing=standing, number=number, refused=None, decision=None, attempts=3
    )


@cache
def readers() -> dict[str, Facts]:
    """Label → facts of each sample reader."""
    until = START + timedelta(hours=9)
    accounts = {name: (reading(account, *done), NotStarted()) for name, account, done, *_ in CASES}
    others: dict[str, tuple[Progress | NotFound, VerificationStanding]] = {
        "locked": (reading(an_account(), blocked_until=until), Locked(until)),
        "one attempt left": (reading(an_account()), CanCall(1)),
        "verified": (reading(an_account(phone_verified=True)), VerifiedStanding(START)),
        "verified here, never read": (reading(None, "phone"), VerifiedStanding(START)),
        "never read": (reading(None), NotStarted()),
        "nobody told of": (NotFound(), NotStarted()),
        "a reading that says nothing": (
            reading(an_account(profile={}, completeness=None, phone_verified=None)),
            NotStarted(),
        ),
        "an old reading": (
            reading(an_account(as_of=START - timedelta(days=3), connects_balance=0)),
            NotStarted(),
        ),
        "a meter just below": (reading(an_account(completeness=79.6)), NotStarted()),
    }
    desks = {
        "codes by message": {Channel.GATEWAY},
        "codes by call and message": set(Channel),
        "no codes": set[Channel](),
    }
    known = {
        name: facts_of(found, view(standing), policy())
        for name, (found, standing) in {**accounts, **others}.items()
    }
    of_desks = {name: anybody_at(channels) for name, channels in desks.items()}
    return {"nobody": NOBODY} | known | of_desks
