"""Telegram Login: whose word is believed, and whose is not."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization

from bot.gateways.telegram_login import Handshake, LoginRefusedError, TelegramLogin
from tests.support.fakes import START, FakeClock
from tests.support.login import ANOTHER_KEY, CLIENT, KEY, RSA_KEY, SECRET, FakeLogin

HANDSHAKE = Handshake("a secret of the browser")
BACK_TO = "https://desk.example/staff/sign-in/telegram/back"
NOW = int(START.timestamp())
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def part(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[FakeLogin]:
    login = FakeLogin(clock=FakeClock())
    async with TestServer(login.application()) as server:
        login.issuer = f"http://127.0.0.1:{server.port}"
        yield login


@pytest_asyncio.fixture
async def login(telegram: FakeLogin) -> AsyncIterator[TelegramLogin]:
    async with TelegramLogin(
        issuer=telegram.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        back_to=BACK_TO,
        clock=telegram.clock,
    ) as login:
        telegram.sent_to(await login.authorization_url(HANDSHAKE))
        yield login


async def test_the_authorization_url_carries_state_nonce_and_challenge(
    telegram: FakeLogin, login: TelegramLogin
) -> None:
    asked = telegram.sent_to(await login.authorization_url(HANDSHAKE))

    assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, BACK_TO)
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid profile"
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert HANDSHAKE.secret not in str(asked)


async def test_the_user_is_identified_by_the_telegram_id(login: TelegramLogin) -> None:
    person = await login.user("a code", HANDSHAKE)

    assert (person.id, person.name) == (501, "Sam Field")


async def test_the_code_is_exchanged_with_verifier_and_client_secret(
    telegram: FakeLogin, login: TelegramLogin
) -> None:
    challenge = telegram.sent_to(await login.authorization_url(HANDSHAKE))["code_challenge"]

    await login.user("a code", HANDSHAKE)

    digest = hashlib.sha256(telegram.asked["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
    assert telegram.asked["code"] == "a code"
    assert telegram.asked["redirect_uri"] == BACK_TO
    given = base64.b64decode(telegram.authorization.removeprefix("Basic ")).decode()
    assert given == f"{CLIENT}:{SECRET}"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"nonce": "of another sign-in"},
        {"exp": NOW - 60},
        {"exp": None},
        {"exp": "soon"},
        {"iat": NOW + 61},
        {"iat": None},
        {"id": None},
        {"id": "sam"},
        {"id": [501]},
    ],
    ids=str,
)
async def test_an_id_token_with_a_wrong_claim_is_refused(
    telegram: FakeLogin, login: TelegramLogin, claims: dict[str, Any]
) -> None:
    telegram.claims = claims

    with pytest.raises(LoginRefusedError):
        await login.user("a code", HANDSHAKE)


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [
        (ANOTHER_KEY, "ES256", "ec"),
        (KEY, "ES256", "unknown"),
        (None, "none", "ec"),
        ("secret", "HS256", "ec"),
    ],
    ids=["another key", "unknown key", "no signature", "a shared secret"],
)
async def test_an_id_token_not_signed_by_telegram_is_refused(
    telegram: FakeLogin, login: TelegramLogin, key: Any, algorithm: str, kid: str
) -> None:
    telegram.signing_key, telegram.algorithm, telegram.kid = key, algorithm, kid

    with pytest.raises(LoginRefusedError):
        await login.user("a code", HANDSHAKE)


async def test_a_token_signed_with_the_public_key_as_shared_secret_is_refused(
    telegram: FakeLogin, login: TelegramLogin
) -> None:
    """The classic confusion: signed by HMAC with what everybody can read."""
    claims = {"iss": telegram.issuer, "aud": CLIENT, "id": 501, "iat": NOW, "exp": NOW + 300}
    signed = part({"alg": "HS256", "kid": "rsa"}) + b"." + part(claims)
    mac = base64.urlsafe_b64encode(hmac.digest(PUBLIC_PEM, signed, "sha256")).rstrip(b"=")
    telegram.forged = (signed + b"." + mac).decode()

    with pytest.raises(LoginRefusedError):
        await login.user("a code", HANDSHAKE)


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA_KEY, "RS256", "rsa")])
async def test_every_published_key_type_is_accepted(
    telegram: FakeLogin, login: TelegramLogin, key: Any, algorithm: str, kid: str
) -> None:
    telegram.signing_key, telegram.algorithm, telegram.kid = key, algorithm, kid

    assert (await login.user("a code", HANDSHAKE)).id == 501


async def test_a_token_without_a_nonce_is_accepted(
    telegram: FakeLogin, login: TelegramLogin
) -> None:
    telegram.claims = {"nonce": None}

    assert (await login.user("a code", HANDSHAKE)).id == 501


async def test_a_token_older_than_five_minutes_is_refused(
    telegram: FakeLogin, login: TelegramLogin
) -> None:
    telegram.claims = {"iat": NOW, "exp": NOW + 300}
    telegram.clock.forward(minutes=6)

    with pytest.raises(LoginRefusedError, match="another time"):
        await login.user("a code", HANDSHAKE)


async def test_a_refusal_of_the_token_endpoint_is_a_refused_login(
    telegram: FakeLogin, login: TelegramLogin
) -> None:
    telegram.status = 400

    with pytest.raises(LoginRefusedError, match="400"):
        await login.user("a code", HANDSHAKE)


async def test_a_provider_that_names_another_issuer_is_refused(telegram: FakeLogin) -> None:
    reached = telegram.issuer
    telegram.issuer = "https://evil.example"

    async with TelegramLogin(
        issuer=reached,
        client_id=CLIENT,
        client_secret=SECRET,
        back_to=BACK_TO,
        clock=telegram.clock,
    ) as login:
        with pytest.raises(LoginRefusedError, match="another issuer"):
            await login.authorization_url(HANDSHAKE)


async def test_an_unreachable_provider_is_a_refused_login(telegram: FakeLogin) -> None:
    async with TelegramLogin(
        issuer="http://127.0.0.1:9",
        client_id=CLIENT,
        client_secret=SECRET,
        back_to=BACK_TO,
        clock=telegram.clock,
    ) as login:
        with pytest.raises(LoginRefusedError, match="no answer"):
            await login.authorization_url(HANDSHAKE)


def test_only_the_browser_that_started_the_sign_in_can_finish_it() -> None:
    assert HANDSHAKE.matches(HANDSHAKE.state)
    assert not HANDSHAKE.matches(Handshake("another").state)
    assert not HANDSHAKE.matches("")
