import pytest

from bot.demo.phone.twiml import (
    Gather,
    Hangup,
    Pause,
    Redirect,
    Say,
    TwimlError,
    Verb,
    parse_twiml,
)


def parse(inner: str) -> tuple[Verb, ...]:
    return parse_twiml(f"<Response>{inner}</Response>", "text/xml")


def test_every_document_of_the_dialogue_is_parsed() -> None:
    verbs = parse(
        '<Gather input="dtmf speech" numDigits="6" finishOnKey="#" timeout="10" '
        'speechTimeout="auto" language="en-GB" hints="zero, oh" profanityFilter="false" '
        'actionOnEmptyResult="true" method="POST" action="https://bot.example/code">'
        '<Say language="en-GB">Six   numbers,\n please.</Say><Pause length="2"/></Gather>'
        '<Redirect method="GET">https://bot.example/again?a=1&amp;b=2</Redirect><Hangup/>'
    )

    assert verbs == (
        Gather(
            prompts=(Say(text="Six numbers, please.", language="en-GB"), Pause(seconds=2)),
            keys=True,
            speech=True,
            digits=6,
            finish_on="#",
            timeout=10,
            action="https://bot.example/code",
            method="POST",
            report_silence=True,
        ),
        Redirect(url="https://bot.example/again?a=1&b=2", method="GET"),
        Hangup(),
    )


def test_omitted_attributes_of_gather_have_the_providers_defaults() -> None:
    assert parse("<Gather/>") == (
        Gather(
            prompts=(), keys=True, speech=False, digits=None, finish_on="#", timeout=5,
            action="", method="POST", report_silence=False,
        ),
    )  # fmt: skip


def test_an_empty_finish_key_makes_every_key_a_digit() -> None:
    assert parse('<Gather finishOnKey=""/>') == (Gather(finish_on=""),)


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<Dial>+12025550123</Dial>", 12200),
        ("<say>x</say>", 12200),
        ('<Say volume="loud">x</Say>', 12200),
        ("<Say></Say>", 12200),
        ("<Say><break/>x</Say>", 12200),
        ('<Say language="English!">x</Say>', 13512),
        ("stray words", 12200),
        ("<Gather>words</Gather>", 12200),
        ("<Gather><Hangup/></Gather>", 12200),
        ('<Gather input="telepathy"/>', 13335),
        ('<Gather finishOnKey="##"/>', 13310),
        ('<Gather numDigits="0"/>', 12200),
        ('<Gather timeout="soon"/>', 12200),
        ('<Gather actionOnEmptyResult="yes"/>', 12200),
        ('<Gather method="PUT"/>', 12200),
        ("<Redirect/>", 12200),
    ],
)
def test_verbs_that_the_provider_cannot_play_are_refused(inner: str, code: int) -> None:
    with pytest.raises(TwimlError) as refused:
        parse(inner)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        ("<Response/>", "text/html", 12300),
        ("<Response/>", "application/json", 12300),
        ("<Response>", "text/xml", 12100),
        ("<!DOCTYPE a><Response/>", "text/xml", 12100),
        ("<Answer/>", "text/xml", 12102),
    ],
)
def test_bodies_that_are_no_twiml_are_refused(body: str, content_type: str, code: int) -> None:
    with pytest.raises(TwimlError) as refused:
        parse_twiml(body, content_type)

    assert refused.value.code == code
