"""What every attack needs: the way to the code, and what a database holds afterwards."""

from urllib.parse import urlsplit

from sqlalchemy import Table, func, select

from state.model.account import FreelancerId
from state.model.verification import CallSession, Round
from state.store import tables
from tests.support.chat import ADA, Conversation, Scene
from tests.support.gateway import Gateway
from tests.support.phone import Phone
from tests.support.stored_rounds import stored_round

FREELANCER = FreelancerId(f"f-{ADA}")


async def audited(scene: Scene, kind: str) -> int:
    line = tables.audit_event
    counted = select(func.count()).select_from(line).where(line.c.kind == kind)
    async with scene.parts.desk.database.connections.reading() as transaction:
        return int(await transaction.value(counted))


async def kept(scene: Scene, table: Table) -> list[tuple[object, ...]]:
    async with scene.parts.desk.database.connections.reading() as transaction:
        return [tuple(row) for row in await transaction.all(select(table))]


async def dump(scene: Scene) -> dict[str, str]:
    """Each table as text, by its name."""
    return {table.name: repr(await kept(scene, table)) for table in tables.metadata.sorted_tables}


async def round_of(scene: Scene, freelancer: FreelancerId = FREELANCER) -> Round:
    desk = scene.parts.desk
    assert desk.peppers is not None
    peppers, now = desk.peppers, scene.clock.now()
    return await desk.database.read(
        lambda unit: stored_round(unit, freelancer, peppers=peppers, now=now)
    )


async def session_of(scene: Scene, freelancer: FreelancerId = FREELANCER) -> CallSession:
    look = scene.parts.desk.database.read
    found = (await look(lambda unit: unit.verifications.load(freelancer))).session
    assert found is not None
    return found


async def at_the_code(ada: Conversation) -> Phone:
    """A call of theirs that waits for the code."""
    await ada.link()
    phone = await ada.be_called()
    await phone.to_code_step()
    return phone


async def sent(ada: Conversation, gateway: Gateway) -> str:
    """A code is on its way; where reports on it are to go."""
    await ada.link()
    await ada.say("/verify")
    await ada.press("Send a code to its Telegram")
    return urlsplit(gateway.sent[gateway.request_id]["callback_url"]).path


async def lock_out(phone: Phone, wrong: str) -> None:
    await phone.key(wrong)
    await phone.key(wrong)
    await phone.key(wrong)


def written(code: str) -> list[str]:
    """All ways in which a code might be kept or said."""
    return [code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"]
