"""Telegram Login, an OpenID Connect client: authorization code flow with PKCE.

The browser keeps one secret in a cookie during the login; state, nonce and code verifier are
derived from it.
"""

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from bot.storable_text import storable
from state.model.staff import StaffId
from state.ports import Clock

log = logging.getLogger(__name__)

LEEWAY = timedelta(seconds=60)
"""Tolerated difference between Telegram's clock and ours."""
KEYS_ARE_KEPT = timedelta(hours=1)
PATIENCE = 10.0


class LoginRefusedError(Exception):
    """The login failed; the message is for the log, not for the browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInUser:
    """The Telegram user who signed in."""

    id: StaffId
    name: str
    """Display name at Telegram."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """One login attempt: state, nonce and PKCE verifier, derived from the browser's secret."""

    secret: str

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """PKCE code challenge (S256) of the verifier."""
        return _base64(hashlib.sha256(self.verifier.encode()).digest())

    def matches(self, state: str) -> bool:
        """Whether `state` belongs to this attempt; compared in constant time."""
        return hmac.compare_digest(self.state.encode(), state.encode())

    def _derived(self, name: str) -> str:
        return _base64(hmac.digest(self.secret.encode(), name.encode(), "sha256"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Provider:
    """The provider's endpoints and keys, from its discovery document and JWKS."""

    authorization: str
    token: str
    verify: Callable[[str, str, str], Mapping[str, Any]]
    """Claims of a token, for an audience and an issuer; ValueError if it is invalid."""
    read_at: datetime


class TelegramLogin:
    """OpenID Connect client of Telegram Login. Use as an async context manager."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        back_to: str,
        clock: Clock,
        proxy: str | None = None,
    ) -> None:
        """`back_to`: our redirect URI, as registered with @BotFather."""
        self._issuer = issuer
        self._proxy = proxy
        self._client_id = client_id
        credentials = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._back_to = back_to
        self._clock = clock
        self._provider: _Provider | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=PATIENCE), proxy=self._proxy
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def authorization_url(self, handshake: Handshake) -> str:
        """Authorization URL to send the browser to.

        LoginRefusedError if Telegram is unreachable.
        """
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back_to,
            "scope": "openid profile",
            "state": handshake.state,
            "nonce": handshake.nonce,
            "code_challenge": handshake.challenge,
            "code_challenge_method": "S256",
        }
        return f"{(await self._known()).authorization}?{urlencode(asked)}"

    async def user(self, code: str, handshake: Handshake) -> SignedInUser:
        """Exchange the authorization code for the user.

        LoginRefusedError if anything is invalid.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back_to,
            "client_id": self._client_id,
            "code_verifier": handshake.verifier,
        }
        provider = await self._known()
        answer = await self._json("POST", provider.token, data=form, headers=self._headers)
        claims = self._claims(str(answer.get("id_token", "")), provider)
        # The nonce is optional: without one, state and verifier alone tie the response to
        # this browser. If present, it has to match.
        if claims.get("nonce", handshake.nonce) != handshake.nonce:
            raise LoginRefusedError("the nonce is another one")
        return _person(claims)

    def _claims(self, token: str, provider: _Provider) -> Mapping[str, Any]:
        """Verified claims of the id_token; times are checked against the desk's own clock."""
        try:
            claims = provider.verify(token, self._client_id, self._issuer)
        except ValueError as error:
            self._provider = None  # the keys may have been rotated: fetch them again next time
            raise LoginRefusedError(f"the id_token is refused: {error}") from None
        self._check_moments(claims)
        return claims

    def _check_moments(self, claims: Mapping[str, Any]) -> None:
        now, leeway = self._clock.now().timestamp(), LEEWAY.total_seconds()
        try:
            current = float(claims["iat"]) - leeway <= now < float(claims["exp"]) + leeway
        except (TypeError, ValueError):
            current = False
        if not current:
            raise LoginRefusedError("the id_token is of another time")

    async def _known(self) -> _Provider:
        known, now = self._provider, self._clock.now()
        if known is None or now - known.read_at > KEYS_ARE_KEPT:
            known = self._provider = await self._discover(now)
        return known

    async def _discover(self, now: datetime) -> _Provider:
        from bot.gateways.id_token import verifier  # noqa: PLC0415 - only a login needs it

        document = await self._json("GET", f"{self._issuer}/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:
            raise LoginRefusedError("its discovery document is of another issuer")
        try:
            verify = verifier(await self._json("GET", document["jwks_uri"]))
            return _Provider(
                authorization=document["authorization_endpoint"],
                token=document["token_endpoint"],
                verify=verify,
                read_at=now,
            )
        except (KeyError, ValueError) as error:
            raise LoginRefusedError(f"its discovery document can't be used: {error}") from None

    async def _json(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        if self._session is None:
            raise RuntimeError("TelegramLogin is used outside its context")
        try:
            async with self._session.request(method, url, allow_redirects=False, **more) as answer:
                if answer.status != HTTPStatus.OK:
                    raise LoginRefusedError(f"Telegram Login answered {answer.status}")
                found = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise LoginRefusedError(f"no answer: {type(error).__name__}") from None
        if not isinstance(found, dict):
            raise LoginRefusedError("an answer that is no object")
        return found


def _person(claims: Mapping[str, Any]) -> SignedInUser:
    """The user in the claims: `id` is the Bot API's user id, while `sub` differs per client."""
    try:
        return SignedInUser(
            id=StaffId(int(claims["id"])), name=storable(str(claims.get("name") or ""))
        )
    except (KeyError, TypeError, ValueError):
        raise LoginRefusedError("the id_token names no Telegram user") from None


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
