"""Take in many snapshots at once, for an import."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from state.model.account import Account, FreelancerId
from state.policy import Policy
from state.ports import Clock, Known, NumberInUse, UnitOfWork
from state.rules.codes import Peppers
from state.rules.phone_number import CallableNumbers
from state.rules.progress import newly_done
from state.usecases.snapshots.take import Older, TakeSnapshot, completions_of, number_on_record

NOBODY = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSnapshots:
    """Bulk version of `TakeSnapshot`: a few statements for all snapshots.

    Accounts that have a chat to be updated, or a changed number in use, are taken one by one. An
    import is the marketplace's own data, so no events are sent back.
    """

    unit: UnitOfWork
    policy: Policy
    clock: Clock
    peppers: Peppers | None
    callable_numbers: CallableNumbers

    async def __call__(self, accounts: Sequence[Account]) -> int:
        """Returns how many of the snapshots were newer than the stored ones."""
        return sum([await self._take(some) for some in _each_once(accounts)])

    async def _take(self, accounts: Sequence[Account]) -> int:
        known = await self.unit.bulk_accounts.known([one.id for one in accounts])
        plain: list[Account] = []
        taken = 0
        for one in accounts:
            held = known.get(one.id, NOBODY)
            if held.as_of is not None and held.as_of >= _as_kept(one.as_of):
                continue
            if held.linked or (_changes_number(one, held) and held.numbered):
                taken += await self._take_one(one)
            else:
                plain.append(one)
        await self._take_plain(plain, known)
        return taken + len(plain)

    async def _take_one(self, account: Account) -> bool:
        take_snapshot = TakeSnapshot(
            unit=self.unit,
            policy=self.policy,
            clock=self.clock,
            peppers=self.peppers,
            callable_numbers=self.callable_numbers,
        )
        return not isinstance(await take_snapshot(account, quietly=True), Older)

    async def _take_plain(
        self, accounts: Sequence[Account], known: Mapping[FreelancerId, Known]
    ) -> None:
        done = [
            (one.id, each)
            for one in accounts
            for each in completions_of(one, newly_done(self.policy, one))
        ]
        numbers = [
            self._number(one, one.phone)
            for one in accounts
            if one.phone is not None and _changes_number(one, known.get(one.id, NOBODY))
        ]
        if accounts:
            await self.unit.bulk_accounts.put(accounts)
        if done:
            await self.unit.bulk_accounts.complete(done)
        if numbers:
            await self.unit.bulk_accounts.use_numbers(numbers, self.clock.now())

    def _number(self, account: Account, on_record: str) -> NumberInUse:
        number, key = number_on_record(on_record, self.callable_numbers, self.peppers)
        return NumberInUse(freelancer_id=account.id, number=number, key=key)


def _changes_number(account: Account, held: Known) -> bool:
    return account.phone is not None and account.phone != held.phone


def _as_kept(moment: datetime) -> datetime:
    """Round down to whole milliseconds, as moments are stored."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _each_once(accounts: Sequence[Account]) -> Iterator[Sequence[Account]]:
    """Split into batches without repeated ids, so that a later snapshot meets the earlier one."""
    some: dict[FreelancerId, Account] = {}
    for one in accounts:
        if one.id in some:
            yield list(some.values())
            some = {}
        some[one.id] = one
    yield list(some.values())
