"""`helpdesk staff link`: a way into the staff's pages, for one of the staff."""

from bot.commands.faults import CommandError, ExitCode
from bot.config import Settings, require
from bot.desk import open_desk
from bot.links import sign_in_link
from state.model.staff import StaffId
from state.usecases.sign_in import NotStaff


async def staff_link(settings: Settings, telegram_id: int) -> str:
    if settings.staff_address is None:
        require(settings, "staff_url")
    async with open_desk(settings) as desk:
        offered = await desk.database.transact(
            lambda unit: desk.use_cases(unit).offer_sign_in(StaffId(telegram_id))
        )
    if isinstance(offered, NotStaff):
        how = f"add them to HELPDESK_STAFF, like {telegram_id}:agent"
        raise CommandError(f"{telegram_id} is not staff: {how}.", ExitCode.FAULTS)
    return sign_in_link(settings.staff_address or "", offered.token)
