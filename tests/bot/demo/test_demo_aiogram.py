import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from tests.bot.demo.bench import ADA, TOKEN, telegram_bench


async def test_aiogram_works_against_the_demo_telegram() -> None:
    async with telegram_bench() as bench:
        session = AiohttpSession(api=TelegramAPIServer.from_base(bench.base))
        async with Bot(TOKEN, session, DefaultBotProperties(parse_mode="HTML")) as bot:
            button = InlineKeyboardButton(text="Yes", callback_data="yes")
            markup = InlineKeyboardMarkup(inline_keyboard=[[button]])

            me = await bot.get_me()
            await bot.set_my_commands([BotCommand(command="help", description="Help")])
            commands = await bot.get_my_commands()
            sent = await bot.send_message(ADA, "<b>Hello</b>", reply_markup=markup)
            edited = await bot.edit_message_text(
                "<i>Bye</i>", chat_id=ADA, message_id=sent.message_id
            )
            document = await bot.send_document(ADA, BufferedInputFile(b"{}", "export.json"))
            updates = await bot.get_updates()
            with pytest.raises(TelegramBadRequest, match="message to edit not found"):
                await bot.edit_message_text("x", chat_id=ADA, message_id=999)

        assert me.username == "connects_desk_bot"
        assert [each.command for each in commands] == ["help"]
        assert sent.html_text == "<b>Hello</b>"
        assert isinstance(edited, Message)
        assert edited.html_text == "<i>Bye</i>"
        assert document.document is not None
        assert document.document.file_name == "export.json"
        assert [each.event_type for each in updates] == ["message"]
