"""The current number of a freelancer, validated anew each time it is needed."""

from dataclasses import dataclass
from datetime import datetime

from state.model.account import FreelancerId
from state.model.destination import Destination
from state.policy import Policy
from state.ports import ReadUnit
from state.rules.codes import Peppers, block_key, number_key
from state.rules.phone_number import CallableNumbers, Dialable, NumberRefused, check_number
from state.rules.progress import phone_steps


@dataclass(frozen=True, slots=True)
class NoNumber:
    """There is no number, neither on record nor given by the person."""


async def number_in_use(
    unit: ReadUnit,
    freelancer_id: FreelancerId,
    *,
    peppers: Peppers,
    callable_numbers: CallableNumbers,
) -> Destination | NumberRefused | NoNumber:
    """The freelancer's current number, validated, with the keys that limits count by."""
    current = await unit.numbers.current(freelancer_id)
    if current is None:
        return NoNumber()
    checked = check_number(current, callable_numbers)
    if isinstance(checked, NumberRefused):
        return checked
    return destination(checked, peppers)


def destination(checked: Dialable, peppers: Peppers) -> Destination:
    key = number_key(peppers, checked.number)
    block = block_key(peppers, checked.number)
    return Destination(number=checked.number, key=key, block=block, region=checked.region)


async def verified_on_record(
    unit: ReadUnit,
    freelancer_id: FreelancerId,
    number: str,
    *,
    policy: Policy,
    callable_numbers: CallableNumbers,
) -> datetime | None:
    """Since when the marketplace itself lists this number as verified; None if it does not."""
    account = await unit.accounts.get(freelancer_id)
    if account is None or not account.phone or not account.phone_verified:
        return None
    if check_number(account.phone, callable_numbers) != Dialable(number):
        return None
    steps = phone_steps(policy)
    revoked = await unit.accounts.revoked(freelancer_id)
    if any(account.as_of <= revoked[step] for step in steps if step in revoked):
        return None
    done = await unit.accounts.completions(freelancer_id)
    return min((each.done_at for each in done if each.step in steps), default=account.as_of)
