import pytest

from state.rules.redaction import LONGEST, redact


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("why no call to +44 7911 123456?", "why no call to (number)?"),
        ("my code is 482-913", "my code is (number)"),
        ("code:482913 or 48 29 13", "code:(number) or (number)"),
        ("4,8,2,9,1,3 or 482_913 or 482/913", "(number) or (number) or (number)"),
        ("48\u201329\u201313 it said", "(number) it said"),
        ("call 202-555-0123 or 202.555.0123", "call (number) or (number)"),
        ("call (202) 555-0123 please", "call (number) please"),
        ("I am ada.l+work@example.co.uk, help", "I am (address) help"),
        ("see https://elance.com/q/123?x=1 now", "see (link) now"),
        ("write to t.me/ada_l or www.ada.example", "write to (link) or (link)"),
        ("@ada_l told me so", "(name) told me so"),
        ("Hi, my name is Ada Lovelace, help", "Hi, my name is (name), help"),
        ("my name is ada and I wait", "my name is (name) and I wait"),
        ("how do I get 40 connects", "how do I get 40 connects"),
        ("profile at 79.6 % and 3 tries", "profile at 79.6 % and 3 tries"),
        ("two\nlines  and   gaps", "two lines and gaps"),
    ],
)
def test_identifying_details_are_redacted(said: str, kept: str) -> None:
    assert redact(said) == kept


def test_a_long_text_is_cut() -> None:
    assert len(redact("word " * 1000)) == LONGEST


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a@@b.c", "(address)"),
        ("@a@b.c", "(address)"),
        ("@@b.c", "(address)"),
        ("a@b.", "a@b."),
        ("a@.b", "a@.b"),
        ("see (a@b.c), and a@b.c/d@e", "see (address) and (address)"),
        ("((+1 202) 555-0123", "(number)"),
        ("1234((((5678", "(number)(number)"),
    ],
)
def test_addresses_and_numbers_are_found_at_any_position(said: str, kept: str) -> None:
    assert redact(said) == kept


def test_an_address_cut_off_at_the_end_is_dropped() -> None:
    before = "https://example.com/" + "x" * 560

    kept = redact(f"{before} ada.lovelace@example.com has waited")

    assert kept == "(link)"
