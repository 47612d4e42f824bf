"""What is shown of a verification."""

from datetime import timedelta

import pytest

from state.model.ledger import Attempts
from state.model.verification import (
    Dialing,
    Ended,
    Ending,
    NumberKey,
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
from tests.state.rules.call_stories import RULES
from tests.support.builders import KEY, OTHER_KEY, a_session, a_verification, wrong_codes
from tests.support.fakes import START

TOMORROW = START + timedelta(hours=24)
OVER = Ended(Ending.NO_ANSWER, START)


@pytest.mark.parametrize(
    ("verification", "attempts", "expected"),
    [
        (a_verification(), wrong_codes(), NotStarted()),
        (
            a_verification(Dialing()),
            wrong_codes(START),
            CallRunning(session=a_session(Dialing()), tries_left=2),
        ),
        (a_verification(OVER), wrong_codes(), CanCall(3)),
        (a_verification(OVER), wrong_codes(START, START), CanCall(1)),
        (a_verification(OVER), Attempts(at_number=(START, START)), CanCall(1)),
        (a_verification(OVER), wrong_codes(locked_until=TOMORROW), Locked(TOMORROW)),
        (a_verification(), wrong_codes(locked_until=TOMORROW), Locked(TOMORROW)),
        (a_verification(OVER), wrong_codes(locked_until=START), CanCall(3)),
        (
            a_verification(OVER, proved=Verified(START, KEY)),
            wrong_codes(),
            VerifiedStanding(START),
        ),
        (a_verification(Dialing(), expires_at=START), wrong_codes(), CanCall(3)),
    ],
)
def test_a_verification_has_exactly_one_status(
    verification: Verification, attempts: Attempts, expected: VerificationStanding
) -> None:
    assert standing(verification, attempts, now=START, policy=RULES) == expected


@pytest.mark.parametrize(
    ("key", "expected"), [(KEY, VerifiedStanding(START)), (OTHER_KEY, CanCall(3))]
)
def test_the_verified_status_concerns_the_current_number(
    key: NumberKey, expected: VerificationStanding
) -> None:
    verification = a_verification(OVER, proved=Verified(START, KEY))

    assert (
        standing(verification, wrong_codes(), now=START, policy=RULES, number_key=key) == expected
    )
