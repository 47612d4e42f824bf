"""Secrets: derivation of call codes, keyed hashes of phone numbers, hashes of link tokens."""

import hashlib
import hmac
from dataclasses import dataclass, field

from state.model.account import FreelancerId
from state.model.destination import BLOCK_DIGITS
from state.model.ledger import BlockKey
from state.model.verification import CallSession, NumberKey, PersonKey

NUMBER_KEY_LABEL = b"number key"
PERSON_KEY_LABEL = b"person key"
BLOCK_KEY_LABEL = b"block key"
LEAST_PEPPER_BYTES = 16


class UnknownPepperError(LookupError):
    """A session refers to a pepper that is no longer in the settings."""


@dataclass(frozen=True, slots=True)
class Peppers:
    """HMAC peppers by id, newest first: the first derives new codes, the others check old ones.

    The last one listed also keys phone numbers. Locks and uniqueness depend on those keys, so it
    stays last for as long as the database lives; rotation puts a new one in front.
    """

    keys: tuple[tuple[str, bytes], ...] = field(repr=False)

    def __post_init__(self) -> None:
        ids = [name for name, _ in self.keys]
        if not ids or len(set(ids)) < len(ids) or not all(ids):
            raise ValueError("There must be at least one pepper, and each needs an id of its own.")
        if any(len(key) < LEAST_PEPPER_BYTES for _, key in self.keys):
            raise ValueError(f"A pepper must have at least {LEAST_PEPPER_BYTES} bytes.")

    @property
    def current_id(self) -> str:
        return self.keys[0][0]

    @property
    def oldest(self) -> bytes:
        """The key for numbers and people, unchanged by rotation."""
        return self.keys[-1][1]

    def key(self, pepper_id: str) -> bytes:
        for name, key in self.keys:
            if name == pepper_id:
                return key
        raise UnknownPepperError(f"There is no pepper “{pepper_id}” in the settings.")


def derive_code(
    peppers: Peppers, pepper_id: str, seed: bytes, number: str, *, digits: int = 6
) -> str:
    """Derive a session's code: RFC 4226 truncation of HMAC-SHA-256 over seed and number."""
    message = seed + b"\x00" + number.encode()
    digest = hmac.digest(peppers.key(pepper_id), message, "sha256")
    offset = digest[-1] & 0x0F
    binary = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(binary % 10**digits).zfill(digits)


def code_of(peppers: Peppers, session: CallSession, *, digits: int) -> str:
    """Derive the code of a session."""
    return derive_code(peppers, session.pepper_id, session.seed, session.number, digits=digits)


def number_key(peppers: Peppers, number: str) -> NumberKey:
    """HMAC of a phone number, to recognise it without storing it; unchanged by pepper rotation.

    Keyed with the oldest pepper under a label of its own, so it never equals a code's key.
    """
    return NumberKey(_keyed(peppers, NUMBER_KEY_LABEL, number))


def person_key(peppers: Peppers, freelancer_id: FreelancerId) -> PersonKey:
    """HMAC of a freelancer's id, for the ledger, which outlives the account."""
    return PersonKey(_keyed(peppers, PERSON_KEY_LABEL, freelancer_id))


def block_key(peppers: Peppers, number: str) -> BlockKey:
    """HMAC of the block of numbers (all but the last digits) that an E.164 number belongs to."""
    return BlockKey(_keyed(peppers, BLOCK_KEY_LABEL, number[:-BLOCK_DIGITS]))


def _keyed(peppers: Peppers, label: bytes, text: str) -> str:
    key = hmac.digest(peppers.oldest, label, "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def equal_secrets(first: str, second: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())


def in_groups(code: str) -> str:
    """Format a code in groups that are easy to read: "4829", "482 913", "4829 1304"."""
    size = 4 if len(code) % 4 == 0 else 3
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def secret_hash(secret: str) -> str:
    """SHA-256 of a link's token, for storage; the token is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_hash(code: str) -> str:
    """Scrypt hash of a short link code, for storage; takes milliseconds.

    A fast hash would let all of the few possible codes be tried while one is valid.
    """
    return hashlib.scrypt(code.encode(), salt=b"link code", n=2**9, r=8, p=1, dklen=32).hex()


def typed_code(text: str) -> str:
    """Normalise a typed link code: upper case, without spaces and dashes."""
    return "".join(letter for letter in text.upper() if letter.isalnum())
