"""`helpdesk export`, `forget` and `correct`: a person's rights to their data."""

from bot.cli.accounts import unknown
from bot.cli.errors import CommandError
from bot.context import open_desk
from bot.presentation.record_export import record_text
from bot.settings import Settings
from state.model.account import FreelancerId, StepId
from state.ports import UnitOfWork
from state.usecases.progress.correct_step import Corrected, NoSuchStep, NotByItself


async def export_record(settings: Settings, freelancer_id: str) -> str:
    """Everything stored about a freelancer, as JSON; CommandError if nothing is."""
    wanted = FreelancerId(freelancer_id)
    async with open_desk(settings) as desk:
        found = await desk.records.ask(lambda use: use.read_record.of_freelancer(wanted))
    if not found.knows_anything:
        raise unknown(freelancer_id)
    return record_text(found)


async def forget_freelancer(settings: Settings, freelancer_id: str) -> str:
    """Erase a freelancer's data, from free database pages too.

    CommandError if nothing was known of them.
    """
    wanted = FreelancerId(freelancer_id)
    async with open_desk(settings) as desk:
        known = await desk.database.transact(
            lambda unit: desk.use_cases(unit).forget_freelancer(wanted)
        )
        await desk.database.truncate_wal()
    if not known:
        raise unknown(freelancer_id)
    return f"Erased: {freelancer_id}. A chat that was linked is told by `helpdesk run`."


async def correct_step(
    settings: Settings, freelancer_id: str, step: str, *, done: bool, reason: str, by: str
) -> str:
    """Override whether a step is done; `reason` and `by` go to the audit trail.

    CommandError for an unknown freelancer or step, or one that can't be set by hand.
    """
    if not reason.strip():
        raise CommandError("give the --reason in words: the audit trail keeps it.")
    wanted = FreelancerId(freelancer_id)
    async with open_desk(settings) as desk:

        async def work(unit: UnitOfWork) -> Corrected | NoSuchStep | NotByItself:
            if await unit.accounts.get(wanted) is None:
                raise unknown(freelancer_id)
            correct = desk.use_cases(unit).correct_step
            return await correct(
                wanted, StepId(step), done=done, reason=reason, actor=f"staff:{by}"
            )

        outcome = await desk.database.transact(work)
    if isinstance(outcome, NoSuchStep):
        raise CommandError(f"“{step}” is not a step; the steps are {', '.join(outcome.known)}.")
    if isinstance(outcome, NotByItself):
        raise CommandError(f"take {step} back with `helpdesk verification clear {freelancer_id}`.")
    now = "done" if done else "not done"
    said = "is now" if outcome.changed else "was already"
    return f"{freelancer_id}: {step} {said} recorded as {now}."
