"""The smallest aiogram bot: no database, its replies go out through the Bot API."""

import sys

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from rivals.words import ANSWER, BUTTONS, PROGRESS, WELCOME, WHY

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=text, callback_data=data) for text, data in row]
        for row in BUTTONS
    ]
)
router = Router()


@router.message(CommandStart())
async def start(message: Message) -> None:
    await message.answer(WELCOME, reply_markup=KEYBOARD)


@router.message(Command("connects"))
async def progress(message: Message) -> None:
    await message.answer(PROGRESS, reply_markup=KEYBOARD)


@router.message(F.text)
async def answer(message: Message) -> None:
    await message.answer(ANSWER, reply_markup=KEYBOARD)


@router.callback_query(F.data == "p:why")
async def why(query: CallbackQuery) -> None:
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.answer(WHY)


def application(api: str) -> tuple[web.Application, Dispatcher]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot("7000000001:test", session=session, default=DefaultBotProperties(parse_mode="HTML"))
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token="secret").register(app, path="/telegram")  # noqa: S106 - loopback
    return app, dispatcher


def main() -> None:
    app, _ = application(sys.argv[2])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
