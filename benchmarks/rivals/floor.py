"""No framework at all: aiohttp takes the update's JSON and posts a reply's."""

import sys
from collections.abc import AsyncIterator

from aiohttp import ClientSession, web
from rivals.words import ANSWER, BUTTONS, PROGRESS, WELCOME, WHY

KEYBOARD = {
    "inline_keyboard": [
        [{"text": text, "callback_data": data} for text, data in row] for row in BUTTONS
    ]
}
REPLIES = {"/start": WELCOME, "/connects": PROGRESS}


def main() -> None:
    app = web.Application()
    base = f"{sys.argv[2]}/bot7000000001:test"
    http: list[ClientSession] = []

    async def running(_: web.Application) -> AsyncIterator[None]:
        async with ClientSession() as session:
            http.append(session)
            yield

    async def call(method: str, body: dict[str, object]) -> None:
        async with http[0].post(f"{base}/{method}", json=body) as answer:
            await answer.json()

    async def receive(request: web.Request) -> web.Response:
        update = await request.json()
        if "callback_query" in update:
            query = update["callback_query"]
            await call("answerCallbackQuery", {"callback_query_id": query["id"]})
            chat, text = query["message"]["chat"]["id"], WHY
        else:
            chat = update["message"]["chat"]["id"]
            text = REPLIES.get(update["message"]["text"], ANSWER)
        reply = {"chat_id": chat, "text": text, "parse_mode": "HTML", "reply_markup": KEYBOARD}
        await call("sendMessage", reply)
        return web.Response()

    app.cleanup_ctx.append(running)
    app.add_routes([web.post("/telegram", receive)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
