"""Which handler answers what; the first route that doesn't pass a turn on is the one."""

from dataclasses import replace
from typing import Any

import pytest

from bot.incoming.handlers import ROUTES
from bot.incoming.routing import Dispatcher, MaybeHandler, Route, message
from bot.incoming.turn import Turn
from bot.presentation.reply import Replies, Reply
from tests.support.scripted import ADA, CHAT, USER, a_membership, a_message, a_press
from tests.support.turns import STAFF_CHAT, a_turn

GROUP = {"id": STAFF_CHAT, "type": "supergroup", "title": "Staff"}
SAID = {
    "/start": "account.start",
    "/start ask": "account.start",
    "/start@test_desk_bot": "account.start",
    "/start@another_bot": "ask.refuse_command",
    "/START": "account.start",
    "/connects": "progress.show",
    "/connects now": "progress.show",
    "/connectsx": "ask.refuse_command",
    "/connects@test_desk_bot please": "progress.show",
    " /connects": "progress.show",
    "/verify": "verification.begin",
    "/cancel": "verification.cancel",
    "/topics": "articles.show_topics",
    "/privacy": "privacy.show_privacy",
    "/export": "privacy.export",
    "/forget": "privacy.ask_to_erase",
    "/nudges": "nudges.ask",
    "/stop": "nudges.stop",
    "/human": "talk.ask_for_person",
    "/bot": "talk.go_back",
    "/staff": "staff_link.give_link",
    "/take": "ask.refuse_command",
    "/a verify-phone-number": "ask.refuse_command",
    "/help": "account.show_help",
    "/nonsense": "ask.refuse_command",
    "/": "ask.refuse_command",
    "": "ask.ask_for_words",
    "stop": "ask.answer_question",
    "123 456": "ask.answer_question",
    "12345": "verification.warn_of_login_code",
    "ABCD-2345": "ask.take_link_code",
    "+1 202 555 0123": "ask.answer_question",
    "can I talk to a person": "ask.answer_question",
    "how do I get 40 connects?": "ask.answer_question",
}
PRESSED = {
    "x": "articles.refuse_old_button",
    "a:a": "articles.show_article",
    "t:": "articles.show_topic",
    "p:why": "progress.show_why",
    "v:call": "verification.ask_for_call",
    "f:1:yes": "articles.take_yes",
    "f:1:no": "articles.take_no",
    "h:asked": "talk.press_for_person",
    "d:export:": "privacy.export",
    "p": "articles.refuse_old_button",
    "p:why:more": "articles.refuse_old_button",
    "unknown:x": "articles.refuse_old_button",
    "": "articles.refuse_old_button",
}


def in_group(text: str) -> dict[str, Any]:
    return {"message": {**a_message(text)["message"], "chat": GROUP}}


def edited(text: str) -> dict[str, Any]:
    return {"message": {**a_message(text)["message"], "edit_date": 5}}


def pressed(data: str) -> dict[str, Any]:
    shown = {"message_id": 7, "date": 0, "chat": CHAT}
    return {"callback_query": {**a_press()["callback_query"], "data": data, "message": shown}}


def contact(user_id: int) -> dict[str, Any]:
    shared = {"phone_number": "12025550123", "first_name": "Ada", "user_id": user_id}
    return {"message": {"message_id": 1, "date": 0, "chat": CHAT, "from": USER, "contact": shared}}


NOTHING = {"message": {"message_id": 1, "date": 0, "chat": CHAT, "from": USER}}
CAPTION = {"message": {**NOTHING["message"], "caption": "/connects", "photo": []}}
CASES: list[tuple[dict[str, Any], str]] = [
    *((a_message(text), name) for text, name in SAID.items()),
    *((edited(text), name) for text, name in list(SAID.items())[:12]),
    *((in_group(text), "staff_group.stay_silent") for text in list(SAID)[:12]),
    *((pressed(data), name) for data, name in PRESSED.items()),
    (a_membership(), "presence.note_presence"),
    (a_press(), "articles.refuse_old_button"),
    (contact(ADA), "account.offer_by_contact"),
    (contact(5), "number.refuse_contact"),
    (NOTHING, "ask.ask_for_words"),
    (CAPTION, "progress.show"),
]


class Noted:
    """Routes that note which handler was asked, and say nothing else."""

    def __init__(self) -> None:
        self.answered: list[str] = []

    def routes(self) -> list[Route]:
        return [replace(one, handle=self._noting(one)) for one in ROUTES]

    def _noting(self, route: Route) -> MaybeHandler:
        async def handle(turn: Turn) -> Replies | None:
            replies = await route.handle(turn)
            if replies is not None:
                self.answered.append(route.name)
            return replies

        return handle


@pytest.mark.parametrize(("content", "name"), CASES, ids=lambda value: str(value)[-60:])
async def test_each_update_reaches_its_handler(content: dict[str, Any], name: str) -> None:
    noted = Noted()

    await Dispatcher(noted.routes())(await a_turn(content))

    assert noted.answered == [name]


async def pass_on(turn: Turn) -> Replies | None:
    return None


async def answer(turn: Turn) -> Replies:
    return [Reply(template="hello")]


async def test_a_handler_may_pass_the_turn_to_the_next_route() -> None:
    replies = await Dispatcher([message(pass_on), message(answer)])(await a_turn(a_message()))

    assert [one.template for one in replies] == ["hello"]


async def test_a_route_whose_condition_is_false_is_skipped() -> None:
    never = message(answer, lambda turn: False)

    replies = await Dispatcher([never])(await a_turn(a_message()))

    assert replies == []


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("/start", ""),
        ("/start  abc ", "abc"),
        ("/start@Test_Desk_Bot abc", "abc"),
        ("/start@other_bot abc", None),
        ("/start!", None),
        ("say /start", None),
    ],
)
async def test_a_command_is_parsed_with_its_arguments(text: str, arguments: str | None) -> None:
    command = (await a_turn(a_message(text))).command

    assert (command.arguments if command else None) == arguments
