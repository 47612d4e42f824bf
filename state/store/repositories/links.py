"""Link offers, found by a hash and used once, and wrong guesses of link codes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, or_, select, update

from state.model.account import FreelancerId
from state.model.chat import LinkOffer
from state.ports import StaleStateError
from state.store.sql.compiled import Prepared
from state.store.sql.transaction import AnyRow, Transaction
from state.store.tables import link_guess
from state.store.tables import link_offer as t

_OFFERED = Prepared(select(exists().where(t.c.freelancer_id == bindparam("of"))))


class SqlLinks:
    """Implements the port `Links`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, offer: LinkOffer) -> None:
        """Add an offer; StaleStateError if its token or code exists already: generate new ones."""
        await self._transaction.run(
            self._transaction.insert(t).values(
                token_hash=offer.token_hash,
                code_hash=offer.code_hash,
                freelancer_id=offer.freelancer_id,
                expires_at=offer.expires_at,
                used_at=offer.used_at,
            )
        )

    async def find(self, secret_hash: str) -> LinkOffer | None:
        either = or_(t.c.token_hash == secret_hash, t.c.code_hash == secret_hash)
        row = await self._transaction.first(select(t).where(either))
        return None if row is None else _to_offer(row)

    async def use(self, offer: LinkOffer, at: datetime) -> None:
        unused = (t.c.token_hash == offer.token_hash) & t.c.used_at.is_(None)
        if not await self._transaction.changed(update(t).where(unused).values(used_at=at)):
            message = f"the link of {offer.freelancer_id} was used meanwhile"
            raise StaleStateError(message)

    async def offered(self, freelancer_id: FreelancerId) -> bool:
        return bool(await self._transaction.value(_OFFERED, of=freelancer_id))

    async def of(self, freelancer_id: FreelancerId) -> Sequence[LinkOffer]:
        mine = select(t).where(t.c.freelancer_id == freelancer_id).order_by(t.c.expires_at)
        return [_to_offer(row) for row in await self._transaction.all(mine)]

    async def erase(self, freelancer_id: FreelancerId) -> None:
        await self._transaction.run(delete(t).where(t.c.freelancer_id == freelancer_id))


class SqlGuesses:
    """Implements the port `Guesses`."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, guesser: str, at: datetime) -> None:
        insert = self._transaction.insert(link_guess)
        await self._transaction.run(insert.values(guesser=guesser, guessed_at=at))

    async def latest(
        self, count: int, since: datetime, *, guesser: str | None = None
    ) -> datetime | None:
        """Locked until the end of the transaction, so that no other guess is made meanwhile."""
        await self._transaction.lock("guesses")
        made = select(link_guess.c.guessed_at).where(link_guess.c.guessed_at > since)
        if guesser is not None:
            made = made.where(link_guess.c.guesser == guesser)
        newest_first = made.order_by(link_guess.c.guessed_at.desc())
        moment: datetime | None = await self._transaction.value(
            newest_first.offset(count - 1).limit(1)
        )
        return moment


def _to_offer(row: AnyRow) -> LinkOffer:
    return LinkOffer(
        freelancer_id=FreelancerId(row.freelancer_id),
        token_hash=row.token_hash,
        code_hash=row.code_hash,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
