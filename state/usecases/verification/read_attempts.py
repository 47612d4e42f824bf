"""Read attempts and call history from the ledger."""

from datetime import datetime

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.model.ledger import Attempts, CallHistory
from state.model.verification import NumberKey, PersonKey
from state.policy import VerificationPolicy
from state.ports import ReadUnit, UnitOfWork
from state.rules.codes import Peppers, person_key
from state.rules.limits import WINDOW, call_history, counting_period
from state.rules.rounds import attempts


async def attempts_at(
    unit: ReadUnit,
    person: PersonKey,
    number: NumberKey | None,
    *,
    now: datetime,
    policy: VerificationPolicy,
) -> Attempts:
    """Attempts of a person at a number, from the ledger."""
    entries = await unit.ledger.about(person, number, since=now - counting_period(policy))
    return attempts(entries, person, number, now=now, policy=policy)


async def attempts_of(
    unit: ReadUnit,
    freelancer_id: FreelancerId,
    *,
    peppers: Peppers | None,
    now: datetime,
    policy: VerificationPolicy,
) -> Attempts:
    """Attempts of the person, at any number."""
    person = person_key_or_none(peppers, freelancer_id)
    return await attempts_at(unit, person, None, now=now, policy=policy)


def person_key_or_none(peppers: Peppers | None, freelancer_id: FreelancerId) -> PersonKey:
    """The freelancer's key in the ledger; empty without a pepper, so that no entry matches."""
    return PersonKey("") if peppers is None else person_key(peppers, freelancer_id)


async def history_of(
    unit: ReadUnit,
    freelancer_id: FreelancerId,
    to: Destination,
    *,
    peppers: Peppers,
    now: datetime,
    policy: VerificationPolicy,
) -> CallHistory:
    """Call history for a decision; it takes a lock: other calls wait until this one is decided."""
    tally = await unit.ledger.tally(to, since=now - WINDOW)
    person = person_key(peppers, freelancer_id)
    entries = await unit.ledger.about(person, to.key, since=now - counting_period(policy))
    return call_history(
        entries,
        tally,
        person,
        to.key,
        number_busy_until=await unit.verifications.busy_until(freelancer_id, to.key),
        now=now,
        policy=policy,
    )


async def taken_by_another(
    unit: UnitOfWork,
    freelancer_id: FreelancerId,
    person: PersonKey,
    number: NumberKey,
    *,
    now: datetime,
) -> bool:
    """Whether the number is verified on another account, or bound to one that was erased."""
    owner = await unit.numbers.verified_by(number)
    bound = await unit.ledger.bound_to(number, now=now)
    return owner not in {None, freelancer_id} or bound not in {None, person}
