"""Local Telegram Login: an OpenID provider where one picks the user to sign in as."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.demo.staff import Member
from state.ports import Clock

KEY_ID = "demo"
LASTS = timedelta(minutes=5)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A sign-in in progress: the browser's parameters and the picked user."""

    challenge: str
    nonce: str
    back_to: str
    who: Member


class Login:
    """Routes of the OpenID provider."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        people: tuple[Member, ...],
        clock: Clock,
    ) -> None:
        self._issuer = issuer
        self._client = (client_id, client_secret)
        self._people = {one.telegram_id: one for one in people}
        self._clock = clock
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._codes: dict[str, _Asked] = {}
        environment = Environment(
            loader=PackageLoader("templates", "pages"), autoescape=True, undefined=StrictUndefined
        )
        self._template = environment.get_template("demo_login.html")

    def routes(self, prefix: str) -> list[web.RouteDef]:
        return [
            web.get(f"{prefix}/.well-known/openid-configuration", self._discovery),
            web.get(f"{prefix}/jwks.json", self._keys),
            web.get(f"{prefix}/auth", self._ask),
            web.get(f"{prefix}/as/{{who}}", self._confirm),
            web.get(f"{prefix}/style.css", self._style),
            web.post(f"{prefix}/token", self._token),
        ]

    async def _discovery(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self._issuer,
                "authorization_endpoint": f"{self._issuer}/auth",
                "token_endpoint": f"{self._issuer}/token",
                "jwks_uri": f"{self._issuer}/jwks.json",
                "id_token_signing_alg_values_supported": ["ES256"],
            }
        )

    async def _keys(self, _: web.Request) -> web.Response:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**public, "kid": KEY_ID, "alg": "ES256"}]})

    async def _ask(self, request: web.Request) -> web.Response:
        """Authorization endpoint: the page on which one picks a user."""
        html = self._template.render(people=self._people.values(), asked=request.query_string)
        return web.Response(text=html, content_type="text/html", headers=HEADERS)

    async def _style(self, _: web.Request) -> web.Response:
        style = resources.files("bot.demo").joinpath("static", "page.css").read_text("utf-8")
        return web.Response(text=style, content_type="text/css", headers=HEADERS)

    async def _confirm(self, request: web.Request) -> web.Response:
        asked, who = request.query, self._people.get(int(request.match_info["who"]))
        if who is None or asked.get("client_id") != self._client[0]:
            raise web.HTTPNotFound
        code, back_to = secrets.token_urlsafe(24), asked["redirect_uri"]
        self._codes[code] = _Asked(
            challenge=asked["code_challenge"], nonce=asked["nonce"], back_to=back_to, who=who
        )
        answer = urlencode({"code": code, "state": asked["state"]})
        return web.Response(status=303, headers={"Location": f"{back_to}?{answer}", **HEADERS})

    async def _token(self, request: web.Request) -> web.Response:
        """Token endpoint; a code works once, with client secret and PKCE verifier."""
        form = await request.post()
        client = _client_of(request)
        asked = self._codes.pop(str(form.get("code", "")), None)
        if client != self._client:
            return web.json_response({"error": "invalid_client"}, status=401)
        if asked is None or not _fits(asked, form):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"token_type": "Bearer", "id_token": self._signed(asked)})

    def _signed(self, asked: _Asked) -> str:
        now = self._clock.now()
        claims = {
            "iss": self._issuer,
            "aud": self._client[0],
            "sub": f"demo-{asked.who.telegram_id}",
            "id": asked.who.telegram_id,
            "name": asked.who.name,
            "nonce": asked.nonce,
            "iat": int(now.timestamp()),
            "exp": int((now + LASTS).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": KEY_ID})


def _client_of(request: web.Request) -> tuple[str, str]:
    """Client id and secret from HTTP basic authentication."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ("", "")
    name, _, secret = base64.b64decode(given).decode(errors="replace").partition(":")
    return (name, secret)


def _fits(asked: _Asked, form: Mapping[str, Any]) -> bool:
    digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return challenge == asked.challenge and form.get("redirect_uri") == asked.back_to
