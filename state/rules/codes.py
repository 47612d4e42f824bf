"""Secrets: call codes derived and never stored, keys of phone numbers, hashes of link tokens."""

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
    """A session was opened with a pepper that is no longer in the settings."""


@dataclass(frozen=True, slots=True)
class Peppers:
    """Secret keys by id, newest first: the first makes new codes, the others still check theirs.

    The last one listed also keys phone numbers. Locks and uniqueness hang on those keys, so it
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
        """What numbers and people are keyed with, over all rotations."""
        return self.keys[-1][1]

    def key(self, pepper_id: str) -> bytes:
        for name, key in self.keys:
            if name == pepper_id:
                return key
        raise UnknownPepperError(f"There is no pepper “{pepper_id}” in the settings.")


def derive(peppers: Peppers, pepper_id: str, seed: bytes, number: str, *, digits: int = 6) -> str:
    """Make the code of a session: RFC 4226's truncation, over HMAC-SHA-256 of seed and number."""
    message = seed + b"\x00" + number.encode()
    digest = hmac.digest(peppers.key(pepper_id), message, "sha256")
    offset = digest[-1] & 0x0F
    binary = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(binary % 10**digits).zfill(digits)


def code_of(peppers: Peppers, session: CallSession, *, digits: int) -> str:
    return derive(peppers, session.pepper_id, session.seed, session.number, digits=digits)


def number_key(peppers: Peppers, number: str) -> NumberKey:
    """Key a number so that it is recognised without being kept; the same over rotation.

    The key comes from the oldest pepper through a label, so it is never a code's key too.
    """
    return NumberKey(_keyed(peppers, NUMBER_KEY_LABEL, number))


def person_key(peppers: Peppers, freelancer_id: FreelancerId) -> PersonKey:
    """Key a freelancer's id in the same way, for the ledger that outlives the account."""
    return PersonKey(_keyed(peppers, PERSON_KEY_LABEL, freelancer_id))


def block_key(peppers: Peppers, number: str) -> BlockKey:
    """Key the block of numbers that an E.164 number belongs to."""
    return BlockKey(_keyed(peppers, BLOCK_KEY_LABEL, number[:-BLOCK_DIGITS]))


def _keyed(peppers: Peppers, label: bytes, text: str) -> str:
    key = hmac.digest(peppers.oldest, label, "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def grouped(code: str) -> str:
    """Show a code in groups of three: "482 913"."""
    return " ".join(code[at : at + 3] for at in range(0, len(code), 3))


def secret_hash(secret: str) -> str:
    """Hash a link's token for keeping; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_hash(code: str) -> str:
    """Hash a short link code for keeping, in milliseconds.

    There are few enough of them to try them all with a fast hash while one is good.
    """
    return hashlib.scrypt(code.encode(), salt=b"link code", n=2**9, r=8, p=1, dklen=32).hex()


def typed_code(text: str) -> str:
    """Undo what typing does to a short link code: case, spaces and dashes."""
    return "".join(letter for letter in text.upper() if letter.isalnum())
