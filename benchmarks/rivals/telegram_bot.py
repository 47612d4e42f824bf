"""The smallest bot of python-telegram-bot: no database, its replies go out through the Bot API."""

import sys
from collections.abc import AsyncIterator

from aiohttp import web
from rivals.words import ANSWER, BUTTONS, PROGRESS, WELCOME, WHY
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in BUTTONS]
)


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.effective_chat.send_message(WELCOME, reply_markup=KEYBOARD)


async def progress(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.effective_chat.send_message(PROGRESS, reply_markup=KEYBOARD)


async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.effective_chat.send_message(ANSWER, reply_markup=KEYBOARD)


async def why(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.callback_query.answer()
    await update.effective_chat.send_message(WHY)


def built(api: str) -> Application:
    made = (
        Application.builder()
        .token("7000000001:test")
        .base_url(f"{api}/bot")
        .defaults(Defaults(parse_mode="HTML"))
        .updater(None)
        .build()
    )
    made.add_handler(CommandHandler("start", start))
    made.add_handler(CommandHandler("connects", progress))
    made.add_handler(MessageHandler(filters.TEXT, answer))
    made.add_handler(CallbackQueryHandler(why, pattern="^p:why$"))
    return made


def main() -> None:
    bot = built(sys.argv[2])

    async def running(_: web.Application) -> AsyncIterator[None]:
        async with bot:
            await bot.start()
            yield
            await bot.stop()

    async def receive(request: web.Request) -> web.Response:
        # Past its queue, which hands updates on one after another.
        await bot.process_update(Update.de_json(await request.json(), bot.bot))
        return web.Response()

    app = web.Application()
    app.cleanup_ctx.append(running)
    app.add_routes([web.post("/telegram", receive)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
