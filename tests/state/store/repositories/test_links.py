from datetime import timedelta

import pytest

from state.model.chat import LinkOffer
from state.ports import StaleStateError, UnitOfWork
from tests.state.store.desk import Desk
from tests.support.builders import ADA, BEN
from tests.support.fakes import START

OFFER = LinkOffer(
    freelancer_id=ADA,
    token_hash="a" * 64,
    code_hash="b" * 64,
    expires_at=START + timedelta(minutes=10),
)


@pytest.mark.parametrize("secret_hash", [OFFER.token_hash, OFFER.code_hash])
async def test_an_offer_is_found_by_token_and_by_code(
    desk: Desk, onlooker: Desk, secret_hash: str
) -> None:
    await desk.transact(lambda unit: unit.links.add(OFFER))

    assert await onlooker.transact(lambda unit: unit.links.find(secret_hash)) == OFFER


async def test_a_wrong_secret_finds_nothing(desk: Desk) -> None:
    await desk.transact(lambda unit: unit.links.add(OFFER))

    assert await desk.transact(lambda unit: unit.links.find("c" * 64)) is None


async def test_an_offer_is_used_once(desk: Desk, onlooker: Desk) -> None:
    await desk.transact(lambda unit: unit.links.add(OFFER))
    await desk.transact(lambda unit: unit.links.use(OFFER, START))

    with pytest.raises(StaleStateError):
        await desk.transact(lambda unit: unit.links.use(OFFER, START + timedelta(minutes=1)))

    used = await onlooker.transact(lambda unit: unit.links.find(OFFER.token_hash))
    assert used is not None
    assert used.used_at == START


async def test_it_is_recorded_which_freelancers_were_ever_offered_a_link(
    desk: Desk, onlooker: Desk
) -> None:
    await desk.transact(lambda unit: unit.links.add(OFFER))

    async def offered(unit: UnitOfWork) -> tuple[bool, bool]:
        return await unit.links.offered(ADA), await unit.links.offered(BEN)

    assert await onlooker.transact(offered) == (True, False)
