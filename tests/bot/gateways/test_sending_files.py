"""A file goes out as a form, as the Bot API wants it."""

from bot.gateways.telegram.client import BotApi, Messenger, Upload
from tests.bot.demo.bench import ADA, TOKEN, telegram_bench

FILE = Upload(name="my-data.json", content=b'{"name": "Ada"}', content_type="application/json")


async def test_a_file_is_sent_with_its_name_and_caption() -> None:
    async with (
        telegram_bench() as bench,
        BotApi(base_url=bench.base, token=TOKEN) as api,
    ):
        await Messenger(api).send_file(ADA, FILE, "<b>All</b> I know")

        [*_, message] = bench.telegram.chats.reachable(ADA).messages.values()
        about = await api.call("getFile", file_id=message["document"]["file_id"])
        url = f"{bench.base}/file/bot{TOKEN}/{about['file_path']}"
        async with bench.http.get(url) as answer:
            content = await answer.read()

    assert message["document"]["file_name"] == "my-data.json"
    assert message["document"]["mime_type"] == "application/json"
    assert message["caption"] == "All I know"
    assert message["caption_entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert content == FILE.content


async def test_structured_parameters_of_a_file_are_sent_as_json() -> None:
    buttons = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}

    async with (
        telegram_bench() as bench,
        BotApi(base_url=bench.base, token=TOKEN) as api,
    ):
        sent = await api.call("sendDocument", chat_id=ADA, document=FILE, reply_markup=buttons)

    assert sent["reply_markup"] == buttons


def test_the_content_of_a_file_is_not_logged() -> None:
    assert "Ada" not in repr(FILE)
