"""Fake of Telegram Login (OpenID Connect), answering correctly or as a test prepares it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.support.fakes import FakeClock

CLIENT, SECRET = "4242", "login-secret"
KEY = ec.generate_private_key(ec.SECP256R1())
ANOTHER_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _jwk(key: Any, kid: str) -> dict[str, Any]:
    kind = jwt.algorithms.ECAlgorithm if kid == "ec" else jwt.algorithms.RSAAlgorithm
    return {**kind.to_jwk(key.public_key(), as_dict=True), "kid": kid}


@dataclass(slots=True, kw_only=True)
class FakeLogin:
    clock: FakeClock
    issuer: str = ""
    """Set once its server runs."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Replacements for correct claims; None removes a claim."""
    signing_key: Any = KEY
    algorithm: str = "ES256"
    kid: str = "ec"
    status: int = 200
    nonce: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    """Form fields of the token request."""
    authorization: str = ""
    forged: str = ""
    """A complete token to return instead of a signed one."""

    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", self._discovery),
                web.get("/jwks", self._keys),
                web.post("/token", self._token),
            ]
        )
        return app

    def sent_to(self, address: str) -> dict[str, str]:
        """Parameters of the browser's redirect; the nonce is stored, as the real service does."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = given["nonce"]
        return given

    async def _discovery(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
            }
        )

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [_jwk(KEY, "ec"), _jwk(RSA_KEY, "rsa")]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.asked = {name: str(value) for name, value in form.items()}
        self.authorization = request.headers.get("Authorization", "")
        return web.json_response({"id_token": self.forged or self._signed()}, status=self.status)

    def _signed(self) -> str:
        now = self.clock.now()
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "opaque",
            "id": 501,
            "name": "Sam Field",
            "nonce": self.nonce,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            **self.claims,
        }
        given = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(
            given, self.signing_key, algorithm=self.algorithm, headers={"kid": self.kid}
        )
