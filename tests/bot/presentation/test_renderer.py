"""A reply as the message that the Bot API takes."""

import pytest

from bot.presentation.buttons import Verify
from bot.presentation.renderer import Presenter
from bot.presentation.reply import Button, Reply
from bot.presentation.templates import Templating

PRESENT = Presenter(Templating(brand="Test Desk", code_digits=6))


def test_buttons_carry_a_payload_or_a_url() -> None:
    page = Button(label="open_page", values={"step": "Profile"}, url="https://example.com")
    reply = Reply(
        template="gone", buttons=((Button(label="call_me", press=Verify("call")), page),)
    )

    shown = PRESENT(reply, 1001, "en")

    assert shown.keyboard == {
        "inline_keyboard": [
            [
                {"text": "Yes, call me now", "callback_data": "v:call"},
                {"text": "Open: Profile", "url": "https://example.com"},
            ]
        ]
    }


def test_a_button_without_payload_and_url_is_refused() -> None:
    reply = Reply(template="gone", buttons=((Button(label="call_me"),),))

    with pytest.raises(ValueError, match="call_me leads nowhere"):
        PRESENT(reply, 1001, "en")


def test_a_reply_without_buttons_has_no_keyboard() -> None:
    assert PRESENT(Reply(template="gone"), 1001, None).keyboard is None


def test_matter_and_edit_flag_are_passed_on() -> None:
    shown = PRESENT(Reply(template="gone", matter="progress", edit=True), 1001, "en")

    assert (shown.chat_id, shown.matter, shown.edit) == (1001, "progress", True)
    assert shown.text.startswith("That button is from an older message")
