"""An offer is good once, for ten minutes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from state.rules.codes import code_hash, secret_hash
from state.rules.linking import LinkProblem, LinkRefused, make_offer, masked_name, usable_offer
from tests.support.builders import ADA
from tests.support.fakes import START

OFFER = make_offer(ADA, token="deep-link-token", code="kx7m 2p9q", now=START)


def test_an_offer_stores_only_hashes() -> None:
    assert OFFER.token_hash == secret_hash("deep-link-token")
    assert OFFER.code_hash == code_hash("KX7M2P9Q")
    assert "deep-link-token" not in repr(OFFER)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), OFFER),
        (timedelta(minutes=9, seconds=59.999), OFFER),
        (timedelta(minutes=10), LinkRefused(LinkProblem.EXPIRED)),
    ],
)
def test_an_offer_is_valid_for_ten_minutes(age: timedelta, expected: object) -> None:
    assert usable_offer(OFFER, now=START + age) == expected


def test_an_offer_can_be_used_once() -> None:
    used = replace(OFFER, used_at=START)

    assert usable_offer(used, now=START) == LinkRefused(LinkProblem.USED)


def test_a_missing_offer_is_refused_as_unknown() -> None:
    assert usable_offer(None, now=START) == LinkRefused(LinkProblem.UNKNOWN)


@pytest.mark.parametrize(
    ("name", "shown"), [("Ada", "A••"), (" Ørsted", "Ø••"), ("", None), (None, None)]
)
def test_a_name_is_masked_for_strangers(name: str | None, shown: str | None) -> None:
    assert masked_name(name) == shown
