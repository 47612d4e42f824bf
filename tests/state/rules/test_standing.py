"""What is shown of a verification."""

from datetime import timedelta

import pytest

from state.model.verification import (
    Dialing,
    Ended,
    Ending,
    LockedOut,
    NumberKey,
    Open,
    Verification,
    Verified,
)
from state.rules.standing import (
    CallRunning,
    CanCall,
    Locked,
    NotStarted,
    VerificationStanding,
    VerifiedStanding,
    standing,
)
from tests.builders import KEY, OTHER_KEY, a_session, a_verification
from tests.fakes import START
from tests.state.rules.call_stories import RULES

TOMORROW = START + timedelta(hours=24)
OVER = Ended(Ending.NO_ANSWER, START)


@pytest.mark.parametrize(
    ("verification", "expected"),
    [
        (a_verification(), NotStarted()),
        (
            a_verification(Dialing(), round_=Open((START,))),
            CallRunning(session=a_session(Dialing()), tries_left=2),
        ),
        (a_verification(OVER), CanCall(3)),
        (a_verification(OVER, round_=Open((START, START))), CanCall(1)),
        (a_verification(OVER, round_=LockedOut(TOMORROW)), Locked(TOMORROW)),
        (a_verification(OVER, round_=LockedOut(START)), CanCall(3)),
        (a_verification(OVER, round_=Verified(START, KEY)), VerifiedStanding(START)),
        (a_verification(Dialing(), expires_at=START), CanCall(3)),
    ],
)
def test_a_verification_stands_in_one_place(
    verification: Verification, expected: VerificationStanding
) -> None:
    assert standing(verification, now=START, policy=RULES) == expected


@pytest.mark.parametrize(
    ("key", "expected"), [(KEY, VerifiedStanding(START)), (OTHER_KEY, CanCall(3))]
)
def test_being_verified_is_about_the_number_in_use(
    key: NumberKey, expected: VerificationStanding
) -> None:
    verification = a_verification(OVER, round_=Verified(START, KEY))

    assert standing(verification, now=START, policy=RULES, number_key=key) == expected
