"""Where somebody stands with their verification, as the tests look at it."""

from datetime import datetime

from state.model.account import FreelancerId
from state.model.verification import Round
from state.ports import ReadUnit
from state.rules.codes import Peppers
from state.rules.rounds import round_of
from state.usecases.verification.read_attempts import attempts_of
from tests.support.builders import policy


async def stored_round(
    unit: ReadUnit, freelancer_id: FreelancerId, *, peppers: Peppers, now: datetime
) -> Round:
    """From what they proved, and what the ledger counts of them."""
    rules = policy().verification
    verification = await unit.verifications.load(freelancer_id)
    found = await attempts_of(unit, freelancer_id, peppers=peppers, now=now, policy=rules)
    return round_of(verification.proved, found, now=now, policy=rules)
