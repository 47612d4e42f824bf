"""State of a person's verification round, as stored."""

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
    """The round, from the stored proof and the ledger."""
    rules = policy().verification
    verification = await unit.verifications.load(freelancer_id)
    found = await attempts_of(unit, freelancer_id, peppers=peppers, now=now, policy=rules)
    return round_of(verification.proved, found, now=now, policy=rules)
