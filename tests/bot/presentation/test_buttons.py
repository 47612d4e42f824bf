"""Button payloads travel in 64 bytes, and come back as what they were."""

import pytest

from bot.presentation.buttons import (
    LIMIT,
    AskForPerson,
    ConfirmLink,
    OpenProgress,
    Payload,
    ShowArticle,
    ShowTopic,
    Verify,
)
from tests.support.libraries import shipped_library


@pytest.mark.parametrize(
    ("payload", "packed"),
    [
        (ShowArticle("green-tea"), "a:green-tea"),
        (ShowTopic(), "t:"),
        (ShowTopic("3"), "t:3"),
        (OpenProgress("why"), "p:why"),
        (ConfirmLink("yes", "token"), "l:yes:token"),
        (Verify("call"), "v:call"),
        (AskForPerson("policy"), "h:policy"),
    ],
)
def test_a_payload_is_packed_and_unpacked_unchanged(payload: Payload, packed: str) -> None:
    assert payload.pack() == packed
    assert type(payload).unpack(packed) == payload


@pytest.mark.parametrize("data", ["", "b:x", "a", "a:one:two"])
def test_a_payload_of_another_family_or_version_is_not_unpacked(data: str) -> None:
    assert ShowArticle.unpack(data) is None


def test_a_payload_longer_than_telegram_allows_is_refused() -> None:
    with pytest.raises(ValueError, match="over 64 bytes"):
        ShowArticle("ä" * 32).pack()


def test_every_shipped_article_fits_into_a_button_payload() -> None:
    shelves = shipped_library().categories("en")
    longest = max(
        len(ShowArticle(one.slug).pack().encode()) for shelf in shelves for one in shelf.articles
    )

    assert longest <= LIMIT
