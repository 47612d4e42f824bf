"""Puts the parts of the bot together, once; who runs them is `bot.app`."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiogram import Dispatcher
from aiogram.types import Update

from bot import handlers
from bot.config import Settings
from bot.content import answer_engine, load_library, load_templating
from bot.deliveries import Deliveries, Line
from bot.desk import Desk
from bot.doors import Doors
from bot.gateways.courtesy import Courtesy
from bot.gateways.own_name import NamedBot
from bot.gateways.telegram import Calls, Messenger
from bot.gateways.twilio import TwilioCalls
from bot.inbox import Intake, Lanes, RunNext
from bot.middlewares.reader import ReaderMiddleware
from bot.outbox import OutboxWorker
from bot.presenter import Presenter
from bot.templating import Templating
from bot.turn import Turns
from bot.web.twiml import Dialogue
from knowledge.model import Library
from state.ports import UnitOfWork


def build_dispatcher(desk: Desk, library: Library) -> Dispatcher:
    """Fresh each time; what handlers may ask for is here, in the turn and in the middleware."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(ReaderMiddleware())
    dispatcher.include_routers(*handlers.routers())
    dispatcher.workflow_data.update(
        policy=desk.policy,
        library=library,
        engine=answer_engine(library),
        clock=desk.clock,
        calls_are_on=desk.settings.calls_are_on,
    )
    return dispatcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that run side by side."""

    desk: Desk
    run_next: RunNext
    api: Calls
    templating: Templating
    lanes: Lanes
    intake: Intake
    outbox: OutboxWorker
    courtesy: Courtesy
    doors: Doors


def assemble(desk: Desk, api: Calls, username: str, calls: TwilioCalls | None) -> Parts:
    templating = load_templating(desk.settings)
    present = Presenter(templating)
    dialogue = Dialogue(templating, desk.settings.public_url or "")
    courtesy = Courtesy(api)
    line = Line(calls=calls, dialogue=dialogue) if calls else None
    outbox = _outbox(desk, api, present, line)
    turns = Turns(
        dispatcher=build_dispatcher(desk, load_library(desk.settings)),
        bot=NamedBot(token_of(desk.settings), username),
        transact=desk.database.transact,
        provide=lambda unit: _provided(desk, unit),
        present=present,
        clock=desk.clock,
        courtesy=lambda update: _answer_press(courtesy, update),
        committed=outbox.wake,
    )
    lanes = Lanes(turns.run_next, width=desk.database.width)
    intake = Intake(desk.database.inbox_door, lanes, desk.clock)
    return Parts(
        desk=desk,
        run_next=turns.run_next,
        api=api,
        templating=templating,
        lanes=lanes,
        intake=intake,
        outbox=outbox,
        courtesy=courtesy,
        doors=Doors(
            desk=desk,
            username=username,
            take=intake.take,
            dialogue=dialogue,
            committed=outbox.wake,
        ),
    )


def _outbox(desk: Desk, api: Calls, present: Presenter, line: Line | None) -> OutboxWorker:
    deliveries = Deliveries(
        messenger=Messenger(api),
        present=present,
        transact=desk.database.transact,
        look=desk.database.look,
        provide=desk.use_cases,
        policy=desk.policy,
        clock=desk.clock,
        line=line,
    )
    return OutboxWorker(
        door=desk.database.outbox_door,
        transact=desk.database.transact,
        deliver=deliveries,
        clock=desk.clock,
    )


def token_of(settings: Settings) -> str:
    return settings.token.get_secret_value() if settings.token else ""


def _provided(desk: Desk, unit: UnitOfWork) -> Mapping[str, object]:
    return desk.use_cases(unit).by_name()


def _answer_press(courtesy: Courtesy, update: Update) -> None:
    if update.callback_query is not None:
        courtesy.answer_press(update.callback_query.id)
